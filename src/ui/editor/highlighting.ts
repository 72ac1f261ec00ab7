// Colours of TypeScript beyond Monaco's own: functions where they are called or written, members that share a keyword's name,
// and `true`, `null` and their like as the values they are.

import { language } from 'monaco-editor/languages/definitions/typescript/typescript'
import { monaco } from './monaco-setup.ts'

const constants = ['true', 'false', 'null', 'undefined']
const plainTypes = ['number', 'string', 'boolean', 'any', 'unknown', 'never', 'void', 'object', 'symbol', 'bigint']
// Words that are keywords only in some places and are common names in programs.
const names = ['from', 'get', 'set', 'of', 'out', 'is', 'type', 'module', 'global', 'require']

/** Takes the place of Monaco's grammar for TypeScript, and of JavaScript, which is shown with it. */
export const registerHighlighting = (): void => {
  monaco.languages.setMonarchTokensProvider('typescript', {
    ...language,
    keywords: language.keywords.filter((word) => !constants.includes(word) && !plainTypes.includes(word)),
    constants,
    tokenizer: {
      ...language.tokenizer,
      common: [
        [/(\.)(#?[a-zA-Z_$][\w$]*)(?=\s*\()/, ['delimiter', 'function']],
        [/(\.)(#?[a-z_$][\w$]*)/, ['delimiter', 'identifier']],
        [new RegExp(`(?:${names.join('|')})(?=\\s*[?]?[:,)}])`), 'identifier'],
        [/#?[a-z_$][\w$]*(?=\s*\()/, { cases: { '@keywords': 'keyword', '@default': 'function' } }],
        [/[a-z_$][\w$]*/, { cases: { '@constants': 'constant', '@keywords': 'keyword', '@default': 'identifier' } }],
        ...language.tokenizer.common,
      ],
    },
  })
}

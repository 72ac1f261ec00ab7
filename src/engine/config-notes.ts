// What a person is told when a change of configuration did not do what it looks like: a live value that was replaced, a value that is
// not used, one that applies at reset. Words and offers; who wins is decided in config-layers.ts.

import type { CodeText } from '../protocol/code.ts'
import { configFileOf } from '../protocol/config.ts'
import type { ConfigNote, ConfigPath, ConfigPlaces } from '../protocol/config.ts'
import type { ContentHash } from '../protocol/values.ts'
import { configOf, leavesOf, placeWords } from './config-layers.ts'
import type { ChangedLayers, ConfigLeaf, NotUsed, ReplacedLive } from './config-layers.ts'
import type { Definition } from './definition.ts'
import { formatValue } from './value-format.ts'

/** What is to be told of layers that changed below the live one. */
export function layerNotes(
  module: string,
  { replaced, notUsed }: ChangedLayers,
  places: ConfigPlaces | undefined,
): readonly ConfigNote[] {
  return [
    ...replaced.map((one) => replacedNote(module, one)),
    ...notUsed.map((one) => notUsedNote(module, one, places)),
  ]
}

/** `speed 5 → 25. Your live 12 was replaced.` */
function replacedNote(module: string, { path, value, before, now }: ReplacedLive): ConfigNote {
  const name = path.join('.')
  const change = now === undefined ? `${name} is gone.` : `${name} ${shown(before)} → ${shown(now)}.`
  const words = `${change} Your live ${shown(value)} was replaced.`
  // What is not there any more can't be set.
  if (now === undefined) return { module, path, kind: 'live-replaced', words }
  const changes = configOf({ path, value })
  return {
    module,
    path,
    kind: 'live-replaced',
    words,
    offer: { kind: 'set', label: `Put ${shown(value)} back`, changes },
  }
}

/** `speed 25 is not used: engine.json:7 sets 12.` */
function notUsedNote(module: string, { path, value, by, used }: NotUsed, places: ConfigPlaces | undefined): ConfigNote {
  const [winner = 'manifest'] = by
  const file = winner === 'manifest' ? 'engine.json' : configFileOf(module)
  const words = `${path.join('.')} ${shown(value)} is not used: ${placeWords(file, winner, path, places)} sets ${shown(used)}.`
  return {
    module,
    path,
    kind: 'not-used',
    words,
    offer: { kind: 'take-out', label: `Use ${shown(value)}`, layers: by },
  }
}

/** `count is read by init only: it applies at reset.` */
export function resetNotes(
  module: string,
  changed: readonly ConfigLeaf[],
  initOnly: readonly ConfigPath[],
): readonly ConfigNote[] {
  return changed
    .filter(({ path }) => initOnly.some((known) => known.join('.') === path.join('.')))
    .map(({ path }) => ({
      module,
      path,
      kind: 'at-reset',
      words: `${path.join('.')} is read by \`init\` only: applies at reset.`,
    }))
}

/**
 * Values whose name `init` says, and nothing else of the code: judged by the words of the texts, and in doubt not. `textOf` gives the
 * texts the module reaches.
 */
export function initOnlyPaths(
  definition: Definition,
  reach: ReadonlySet<ContentHash>,
  textOf: (hash: ContentHash) => CodeText | undefined,
): readonly ConfigPath[] {
  const { texts } = definition
  const own = [...reach].flatMap((hash) => {
    const text = textOf(hash)
    return text === undefined || text.file.includes('node_modules/') ? [] : [text.text]
  })
  return leavesOf(definition.config)
    .map(({ path }) => path)
    .filter((path) => {
      const name = path.at(-1)
      if (name === undefined || !/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) return false
      const inInit = timesIn(texts.init, name)
      const everywhere = own.reduce((sum, text) => sum + timesIn(text, name), 0)
      // Its default is the one place that is left.
      return isReadIn(texts.init, name) && everywhere - inInit - timesIn(texts.validateConfig, name) === 1
    })
}

/** As a property of something, or taken out of `config`: a name alone may be a field of the state. */
function isReadIn(init: string, name: string): boolean {
  const word = name.replaceAll('$', '\\$')
  return new RegExp(
    `\\.${word}(?![\\w$])|config:\\s*\\{[^}]*(?<![\\w$])${word}(?![\\w$])|(?<![\\w$])${word}(?![\\w$])[^}]*\\}\\s*=\\s*config`,
    'u',
  ).test(init)
}

function timesIn(text: string, name: string): number {
  return text.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu)?.filter((word) => word === name).length ?? 0
}

function shown(value: unknown): string {
  return formatValue(value, { length: 40 })
}

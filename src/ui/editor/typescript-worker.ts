// The worker of Monaco's TypeScript service, which marks less than the compiler finds: no type errors where the syntax is
// wrong, as they come of it.

import { initialize, TypeScriptWorker } from 'monaco-editor/languages/features/typescript/ts.worker'
import { onFirstLine, worthwhileSyntaxErrors } from './type-errors.ts'

function sparing(service: TypeScriptWorker): TypeScriptWorker {
  const syntax = service.getSyntacticDiagnostics.bind(service)
  const types = service.getSemanticDiagnostics.bind(service)
  const suggestions = service.getSuggestionDiagnostics.bind(service)
  const isWellFormed = async (uri: string): Promise<boolean> => (await syntax(uri)).length === 0
  service.getSyntacticDiagnostics = async (uri) => worthwhileSyntaxErrors(await syntax(uri))
  service.getSemanticDiagnostics = async (uri) => {
    if (!(await isWellFormed(uri))) return []
    const text = (await service.getScriptText(uri)) ?? ''
    return (await types(uri)).map((finding) => onFirstLine(finding, text))
  }
  service.getSuggestionDiagnostics = async (uri) => ((await isWellFormed(uri)) ? suggestions(uri) : [])
  return service
}

self.onmessage = () => {
  initialize((...start) => sparing(new TypeScriptWorker(...start)))
}

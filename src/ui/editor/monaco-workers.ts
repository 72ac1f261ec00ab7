// Monaco's workers: the editor's own, and one for each language service. A worker is handed to Monaco once its code is
// there; while the dev server is away it is tried again, since Monaco itself would do without for good.

/* oxlint-disable import/default -- Vite makes the default export of a `?worker&url` import; no file has it. */
import editorWorker from 'monaco-editor/editor/editor.worker?worker&url'
import cssWorker from 'monaco-editor/languages/features/css/css.worker?worker&url'
import htmlWorker from 'monaco-editor/languages/features/html/html.worker?worker&url'
import jsonWorker from 'monaco-editor/languages/features/json/json.worker?worker&url'
import typeScriptWorker from './typescript-worker.ts?worker&url'

const workerUrls: Readonly<Record<string, string>> = {
  typescript: typeScriptWorker,
  javascript: typeScriptWorker,
  json: jsonWorker,
  css: cssWorker,
  scss: cssWorker,
  less: cssWorker,
  html: htmlWorker,
}

const loadedMessage = 'coppice-worker-loaded'
const retryMs = 1_000
/** A worker that fails while the dev server answers is broken: it is not tried for ever. */
const maxFailures = 3

/** Resolves with a worker whose code is loaded. Throws where the dev server answers and it still can't be loaded. */
export const startMonacoWorker = async (label: string): Promise<Worker> => {
  const url = new URL(workerUrls[label] ?? editorWorker, location.href).href
  for (let failures = 0; ;) {
    const worker = await loadWorker(url, label)
    if (worker !== undefined) return worker
    if (await isReachable(url)) failures += 1
    if (failures === maxFailures) throw new Error(`The editor's worker for ${label} could not be loaded from ${url}.`)
    await new Promise((resolve) => setTimeout(resolve, retryMs))
  }
}

/** Undefined where its code, or anything that code imports, could not be loaded. */
const loadWorker = (url: string, label: string): Promise<Worker | undefined> => {
  const code = `await import(${JSON.stringify(url)}); postMessage(${JSON.stringify(loadedMessage)})`
  const blobUrl = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
  const worker = new Worker(blobUrl, { type: 'module', name: label })
  return new Promise<Worker | undefined>((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data === loadedMessage) resolve(worker)
    }
    worker.onerror = (event) => {
      event.preventDefault()
      worker.terminate()
      resolve(undefined)
    }
  }).finally(() => {
    worker.onmessage = null
    worker.onerror = null
    URL.revokeObjectURL(blobUrl)
  })
}

const isReachable = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(url, { method: 'HEAD', cache: 'no-store' })).ok
  } catch {
    // The dev server is away: what is waited for.
    return false
  }
}

// What the status bar says of isolation, reproducibility, health and sockets: a word for the eye, and what it means and what to do for who asks.

import type { Problem } from '../../protocol/problem.ts'
import type { ModuleInfo, Status } from '../../protocol/program.ts'
import type { SocketInfo } from '../../protocol/sockets.ts'

export interface StatusWords {
  readonly tone: 'good' | 'attention' | 'error'
  readonly word: string
  readonly tip: string
}

/** Whether SharedArrayBuffer is there, and what is done without. */
export function isolationWords({ isolated, copiedEvery }: Pick<Status, 'isolated' | 'copiedEvery'>): StatusWords {
  if (isolated) {
    const tip = 'Cross-origin isolated: memory can be shared between threads, clocks are exact.'
    return { tone: 'good', word: 'isolated', tip }
  }
  const copies =
    copiedEvery === undefined
      ? ''
      : ` A copy of the program goes out every ${copiedEvery.toFixed(1)} s: after a hang it is computed again from the last one, and what is not reproducible of that time is lost.`
  const tip = `Not cross-origin isolated: no shared memory.${copies} Frames are not computed again to check them. To isolate the page, its server must send COOP same-origin and COEP credentialless, over https or from localhost.`
  return { tone: 'attention', word: 'not isolated', tip }
}

/** `problems`: all that stand. */
export function reproducibilityWords(
  { reproducible, verifyingOff }: Pick<Status, 'reproducible' | 'verifyingOff'>,
  problems: readonly Problem[],
): StatusWords {
  if (reproducible) {
    const tip = 'Same code, seed and inputs give the same state at every frame.'
    const why = verifyingOff === 'battery' ? 'while the device lives on its battery' : 'as you chose'
    const checked = verifyingOff === undefined ? 'Some frames are computed again now and then.' : `Not checked, ${why}.`
    return { tone: 'good', word: 'reproducible', tip: `${tip} ${checked}` }
  }
  const problem = problems.find(({ source }) => source === 'replay')
  const tip =
    problem === undefined
      ? 'engine.json asks for the native Math: other browsers give other last bits. Remove `"math": "native"`.'
      : `${problem.message} Undo, replay and recovery from a hang may lead it elsewhere. Press for what to do.`
  return { tone: 'attention', word: 'not reproducible', tip }
}

/** Of modules by whether they run and what they say of themselves, of their queues by the problems that stand, and of sockets that are not open or late. */
export function healthWords(
  modules: readonly Pick<ModuleInfo, 'name' | 'status' | 'health'>[],
  problems: readonly Problem[],
  sockets: readonly Pick<SocketInfo, 'name' | 'state' | 'detail' | 'clients'>[],
): StatusWords {
  const ill = [
    ...modules.flatMap(({ name, status, health }) => {
      if (status === 'failed') return [{ status: 'error' as const, words: `${name}: does not run` }]
      return health.status === 'ok'
        ? []
        : [{ status: health.status, words: `${name}: ${health.message ?? health.status}` }]
    }),
    ...problems.flatMap(({ source, severity, message }) =>
      source === 'queue' ? [{ status: severity, words: message }] : [],
    ),
    ...sockets.flatMap(({ name, state, detail }) =>
      state === 'open'
        ? []
        : [{ status: state === 'closed' ? 'error' : 'warning', words: `${name}: ${detail}` } as const],
    ),
    ...sockets.flatMap(({ name, clients }) =>
      clients
        .filter(({ pace }) => pace !== 'fine')
        .map(({ client, pace, waiting, dropped }) => ({
          status: pace === 'late' ? ('warning' as const) : ('error' as const),
          words: `${name}: client ${client} sends more than frames take, ${waiting} wait, ${dropped} were dropped`,
        })),
    ),
  ]
  const [first] = ill
  if (first === undefined)
    return { tone: 'good', word: 'healthy', tip: 'Modules, queues and sockets are well. Press for the last minutes.' }
  const tone = ill.some(({ status }) => status === 'error') ? 'error' : 'attention'
  const more = ill.length === 1 ? '' : ` And ${ill.length - 1} more.`
  return { tone, word: `${ill.length} unwell`, tip: `${first.words}.${more} Press for the last minutes.` }
}

/** Undefined where the program has none. */
export function socketsWords(
  sockets: readonly Pick<SocketInfo, 'name' | 'state' | 'detail'>[],
): StatusWords | undefined {
  if (sockets.length === 0) return undefined
  const shut = sockets.filter(({ state }) => state !== 'open')
  const [first] = shut
  const all = sockets.length === 1 ? '1 socket' : `${sockets.length} sockets`
  if (first === undefined)
    return { tone: 'good', word: all, tip: 'All sockets are open. Press for what comes and goes by them.' }
  const tone = shut.some(({ state }) => state === 'closed') ? 'error' : 'attention'
  const open = `${sockets.length - shut.length} of ${all}`
  return { tone, word: `${open} open`, tip: `${first.name}: ${first.detail}. Press for what waits.` }
}

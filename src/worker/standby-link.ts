// The living engine's line to its standby, which is in another worker: what is to be rehearsed goes over, what was found comes back. The
// page, which watches the standby, tells when it had to be ended: that is an answer too.
//
//   engine ► here ──MessagePort──► standby's command-port ► engine.rehearse;   page ──standby-gone──► here

import type { AnswerMessage } from '../protocol/commands.ts'
import type { RehearsalRequest, RehearsalResult, StandbyEnd } from '../protocol/rehearsal.ts'
import type { ContentHash } from '../protocol/values.ts'

interface Pending {
  readonly request: RehearsalRequest
  readonly resolve: (result: RehearsalResult) => void
}

/** One standby, from its start to its end. */
export class StandbyLink {
  readonly #port: MessagePort
  readonly #captures: SharedArrayBuffer
  /** Texts it was sent. */
  readonly #sent = new Set<ContentHash>()
  readonly #pending = new Map<number, Pending>()
  #nextId = 1

  constructor(port: MessagePort, captures: SharedArrayBuffer) {
    this.#port = port
    this.#captures = captures
    port.onmessage = ({ data }: MessageEvent<AnswerMessage>) => {
      // Events of an engine that runs no program are nobody's.
      if (data.kind === 'answer') this.#answered(data)
    }
  }

  rehearse(request: RehearsalRequest): Promise<RehearsalResult> {
    const texts = request.texts.filter(({ hash }) => !this.#sent.has(hash))
    for (const { hash } of texts) this.#sent.add(hash)
    return new Promise((resolve) => {
      const id = this.#nextId++
      this.#pending.set(id, { request, resolve })
      this.#port.postMessage({ kind: 'command', id, name: 'rehearse', args: [{ ...request, texts }, this.#captures] })
    })
  }

  /** It was ended. What was being rehearsed is to blame. */
  ended(end: StandbyEnd | undefined): void {
    this.#port.close()
    for (const { request, resolve } of this.#pending.values()) resolve(resultOf(request, end))
    this.#pending.clear()
  }

  #answered(answer: AnswerMessage): void {
    const pending = this.#pending.get(answer.id)
    this.#pending.delete(answer.id)
    if (pending === undefined) return
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the answering side is typed by the map of commands
    if (answer.ok) pending.resolve(answer.result as RehearsalResult)
    else pending.resolve({ kind: 'skipped', reason: answer.error.message })
  }
}

function resultOf({ modules, texts }: RehearsalRequest, end: StandbyEnd | undefined): RehearsalResult {
  const renewed = modules.filter(({ isCodeNew }) => isCodeNew)
  const guilty =
    renewed.find(({ manifest }) => manifest.name === end?.module || manifest.path === end?.file) ?? renewed[0]
  if (end === undefined || guilty === undefined) return { kind: 'skipped', reason: 'the standby was ended' }
  const file = texts.find((text) => text.file === end.file)?.file ?? guilty.manifest.path
  return {
    kind: 'failed',
    module: guilty.manifest.name,
    phase: end.phase,
    error: { message: end.message, file },
  }
}

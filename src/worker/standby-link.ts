// The living engine's line to its standby, which is in another worker: what is to be computed there goes over, what was found comes back.
// The page, which watches the standby, tells when it had to be ended: that is an answer too.
//
//   engine ► here ──MessagePort──► standby's command-port ► rehearse, verify;   page ──standby-gone──► here

import type { Standby } from '../engine/host.ts'
import type { CodeText } from '../protocol/code.ts'
import type { AnswerMessage } from '../protocol/commands.ts'
import type { RehearsalRequest, RehearsalResult, StandbyEnd } from '../protocol/rehearsal.ts'
import type { ContentHash } from '../protocol/values.ts'
import type { VerificationRequest, VerificationResult } from '../protocol/verification.ts'

interface Pending {
  /** As it was answered by the standby. */
  readonly answered: (result: unknown) => void
  readonly failed: (reason: string) => void
  readonly ended: (end: StandbyEnd | undefined) => void
}

/** One standby, from its start to its end. */
export class StandbyLink implements Standby {
  readonly #port: MessagePort
  /** The engine's own, where they are shared: sent with the first request. */
  #captures: SharedArrayBuffer | undefined
  /** Texts it was sent. */
  readonly #sent = new Set<ContentHash>()
  readonly #pending = new Map<number, Pending>()
  #nextId = 1

  constructor(port: MessagePort, captures: SharedArrayBuffer | undefined) {
    this.#port = port
    this.#captures = captures
    port.onmessage = ({ data }: MessageEvent<AnswerMessage>) => {
      // Events of an engine that runs no program are nobody's.
      if (data.kind === 'answer') this.#answered(data)
    }
  }

  rehearse(request: RehearsalRequest, copy?: ArrayBuffer): Promise<RehearsalResult> {
    return new Promise((resolve) => {
      this.#ask('rehearse', request, copy, {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the answering side is typed by the map of commands
        answered: (result) => resolve(result as RehearsalResult),
        failed: (reason) => resolve({ kind: 'skipped', reason }),
        ended: (end) => resolve(endOfRehearsal(request, end)),
      })
    })
  }

  verify(request: VerificationRequest, copy?: ArrayBuffer): Promise<VerificationResult> {
    return new Promise((resolve) => {
      this.#ask('verify', request, copy, {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the answering side is typed by the map of commands
        answered: (result) => resolve(result as VerificationResult),
        failed: (reason) => resolve({ kind: 'skipped', reason }),
        ended: (end) => resolve(endOfVerification(request, end)),
      })
    })
  }

  /** It was ended. What it was at is to blame: it does one thing at a time, the oldest first. */
  ended(end: StandbyEnd | undefined): void {
    this.#port.close()
    const [first, ...others] = this.#pending.values()
    this.#pending.clear()
    first?.ended(end)
    for (const pending of others) pending.ended(undefined)
  }

  #ask(
    name: string,
    request: { readonly texts: readonly CodeText[] },
    copy: ArrayBuffer | undefined,
    pending: Pending,
  ): void {
    const texts = request.texts.filter(({ hash }) => !this.#sent.has(hash))
    for (const { hash } of texts) this.#sent.add(hash)
    const id = this.#nextId++
    this.#pending.set(id, pending)
    const message = { kind: 'command', id, name, args: [{ ...request, texts }, copy ?? this.#captures] }
    this.#port.postMessage(message, copy === undefined ? [] : [copy])
    this.#captures = undefined
  }

  #answered(answer: AnswerMessage): void {
    const pending = this.#pending.get(answer.id)
    this.#pending.delete(answer.id)
    if (answer.ok) pending?.answered(answer.result)
    else pending?.failed(answer.error.message)
  }
}

function endOfRehearsal({ modules, texts }: RehearsalRequest, end: StandbyEnd | undefined): RehearsalResult {
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

/** Frames that came to an end when they ran, and do not now. */
function endOfVerification({ to }: VerificationRequest, end: StandbyEnd | undefined): VerificationResult {
  if (end?.module === undefined) return { kind: 'skipped', reason: 'the standby was ended' }
  const { module, message } = end
  return {
    kind: 'diverged',
    module,
    frame: to.frame - 1,
    path: 'a call',
    recorded: 'no hang',
    computed: `a hang: ${message}`,
  }
}

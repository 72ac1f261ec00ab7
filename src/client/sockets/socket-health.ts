// How the page's sockets stood, change by change: kept here, as the engine knows nothing of connections, in the form of its own history.

import type { HealthChange } from '../../protocol/health.ts'
import type { Health } from '../../protocol/module.ts'
import type { ClientPace, SocketInfo } from '../../protocol/sockets.ts'
import type { Moment } from '../../protocol/values.ts'

/** Changes kept, all sockets together. */
const historyLimit = 200

const statuses: Readonly<Record<SocketInfo['state'], Health['status']>> = {
  open: 'ok',
  connecting: 'warning',
  closed: 'error',
}

const paces: Readonly<Record<ClientPace, Health['status']>> = { fine: 'ok', late: 'warning', dropping: 'error' }

export class SocketHealth {
  #history: HealthChange[] = []
  readonly #known = new Map<string, Health['status']>()

  /** Oldest first. */
  get history(): readonly HealthChange[] {
    return this.#history
  }

  /**
   * The socket is so from here on; one that was never open yet is not ill while it is being opened. `pace`: of the client that is
   * worst off.
   */
  note(name: string, state: SocketInfo['state'], detail: string, moment: Moment, pace: ClientPace = 'fine'): void {
    const status = worse(statuses[state], paces[pace])
    if ((this.#known.get(name) ?? 'ok') === status) return
    this.#known.set(name, status)
    const change: HealthChange = { module: name, subject: 'socket', status, message: detail, moment }
    this.#history = [...this.#history, change].slice(-historyLimit)
  }

  /** It is closed, as the manifest wants it: nothing is wrong any more. */
  forget(name: string, moment: Moment): void {
    if (this.#known.has(name)) this.note(name, 'open', '', moment)
    this.#known.delete(name)
  }
}

function worse(one: Health['status'], other: Health['status']): Health['status'] {
  return [one, other].find((status) => status === 'error') ?? (one === 'ok' ? other : one)
}

// What a socket has to send and does not yet know to be sent: bounded, oldest given up first. A connection that breaks leaves open what
// of the last messages arrived; those are sent again, and who gets them twice can tell by their numbers (arrivals.ts).

const limit = 5000

export class Outbox<Message> {
  #messages: Message[] = []
  /** The first so many are on the wire. */
  #underWay = 0
  #sent = 0
  #dropped = 0

  /** Not known to have arrived. */
  get queued(): number {
    return this.#messages.length
  }

  get sent(): number {
    return this.#sent
  }

  /** Given up because too many waited. */
  get dropped(): number {
    return this.#dropped
  }

  add(message: Message): void {
    this.#messages.push(message)
    if (this.#messages.length <= limit) return
    this.#messages.shift()
    this.#dropped++
    if (this.#underWay > 0) this.#underWay--
  }

  /** What is to be put on the wire now. */
  take(): readonly Message[] {
    const taken = this.#messages.slice(this.#underWay)
    this.#underWay = this.#messages.length
    return taken
  }

  /** How many are on the wire, for `confirm`. */
  get underWay(): number {
    return this.#underWay
  }

  /** The first so many arrived. */
  confirm(count: number): void {
    const confirmed = Math.min(count, this.#underWay)
    this.#messages.splice(0, confirmed)
    this.#underWay -= confirmed
    this.#sent += confirmed
  }

  /** The connection broke: all that is not confirmed goes again. */
  sendAgain(): void {
    this.#underWay = 0
  }
}

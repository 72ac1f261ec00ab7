// Where messages of sockets come into the program (MB5): looked at when they arrive, entered as inputs when a frame begins.

import type { RefusedMessage, SocketMessage } from '../protocol/sockets.ts'
import { checkTopic, compilePattern } from '../protocol/topic.ts'
import { SocketInbox } from './bus/socket-inbox.ts'
import { applyInput } from './journal/apply-input.ts'
import type { BoundaryInput } from './journal/apply-input.ts'
import { copyPlain } from './plain-copy.ts'
import type { Program } from './program.ts'
import { messageOf } from './reload-failure.ts'
import type { ClassKind } from './state-rules.ts'

export class SocketGate {
  readonly #classOf: (prototype: object) => ClassKind
  readonly #inbox = new SocketInbox()

  constructor(classOf: (prototype: object) => ClassKind) {
    this.#classOf = classOf
  }

  /** Takes messages in; gives those that may not come, and why. */
  handOver(program: Program, messages: readonly SocketMessage[]): readonly RefusedMessage[] {
    const refused: RefusedMessage[] = []
    for (const message of messages) {
      const problem = this.#problemOf(program, message)
      if (problem !== undefined) refused.push({ sequence: message.sequence, message: problem })
    }
    return refused
  }

  /** As a frame begins: what is due enters it. True where anything did. */
  enter(program: Program): boolean {
    const messages = this.#inbox.take()
    for (const { topic, data, socket, sequence } of messages) {
      const input: BoundaryInput = { kind: 'publish', topic, data, via: { socket, sequence } }
      applyInput(program, input, this.#classOf)
      program.record(input)
    }
    return messages.length > 0
  }

  #problemOf(program: Program, message: SocketMessage): string | undefined {
    const { topic, socket: name, client } = message
    const socket = program.manifest?.sockets?.find((candidate) => candidate.name === name)
    if (socket === undefined) return `there is no socket "${name}" in engine.json`
    const problem = checkTopic(topic)
    if (problem !== undefined) return problem
    if (!socket.receive.some((pattern) => compilePattern(pattern)(topic)))
      return `"${topic}" is not among the topics socket "${name}" may receive`
    try {
      const data = copyPlain(message.data, { root: 'data', classOf: this.#classOf })
      return this.#inbox.add({ ...message, data }) ? undefined : `too many messages of client "${client}" wait`
    } catch (error) {
      return messageOf(error)
    }
  }
}

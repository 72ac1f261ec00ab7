// Subscribers by event type, and the present each late one gets first (LK2).

import type { EngineEvent } from '../protocol/events.ts'

type Handler<Event> = (event: Event) => void

/**
 * `presentKey` says what of an event is the present: events of one type and key replace each other and are given to a
 * late subscriber; `undefined` means that such an event is over when it has been told.
 */
export class EventHub<Event extends { readonly type: string }> {
  readonly #handlers = new Map<string, Set<Handler<Event>>>()
  readonly #present = new Map<string, Map<string, Event>>()
  readonly #presentKey: (event: Event) => string | undefined

  constructor(presentKey: (event: Event) => string | undefined) {
    this.#presentKey = presentKey
  }

  /** Tells all subscribers. One that throws does not keep it from the others; its error reaches the page's top. */
  emit(event: Event): void {
    const key = this.#presentKey(event)
    if (key !== undefined) this.#presentOf(event.type).set(key, event)
    for (const handler of this.#handlers.get(event.type) ?? []) this.#tell(handler, event)
  }

  /** The present, then every event of the type. Returns how to stop. */
  on<Type extends Event['type']>(type: Type, handler: Handler<Extract<Event, { type: Type }>>): () => void {
    const isOfType = (event: Event): event is Extract<Event, { type: Type }> => event.type === type
    const own: Handler<Event> = (event) => {
      if (isOfType(event)) handler(event)
    }
    const handlers = this.#handlers.get(type) ?? new Set()
    this.#handlers.set(type, handlers)
    handlers.add(own)
    for (const event of this.#presentOf(type).values()) this.#tell(own, event)
    return () => {
      handlers.delete(own)
    }
  }

  /** The present under a type and key, e.g. for one who asks once. */
  present<Type extends Event['type']>(type: Type, key = ''): Extract<Event, { type: Type }> | undefined {
    const isOfType = (event: Event): event is Extract<Event, { type: Type }> => event.type === type
    const event = this.#presentOf(type).get(key)
    return event !== undefined && isOfType(event) ? event : undefined
  }

  /** Keys of a type's present. */
  keys(type: Event['type']): readonly string[] {
    return [...(this.#present.get(type)?.keys() ?? [])]
  }

  /** What was the present is no more: `type` under `key`, or all keys. */
  forget(type: Event['type'], key?: string): void {
    if (key === undefined) this.#present.delete(type)
    else this.#present.get(type)?.delete(key)
  }

  #presentOf(type: string): Map<string, Event> {
    const present = this.#present.get(type) ?? new Map<string, Event>()
    this.#present.set(type, present)
    return present
  }

  #tell(handler: Handler<Event>, event: Event): void {
    try {
      handler(event)
    } catch (error) {
      reportError(error)
    }
  }
}

/** Which engine events stand for the present, and under which key. */
export const engineEventKey = (event: EngineEvent): string | undefined => {
  switch (event.type) {
    case 'status':
    case 'modules':
    case 'frames':
    case 'problems':
    case 'view':
    case 'sockets-wanted':
    // A worker that can't be loaded fails before anyone listens.
    case 'internal-error':
      return ''
    case 'layer-wanted':
      return event.layer.module
    case 'receipt':
    case 'log':
    case 'journal':
    case 'captures':
    case 'layer-gone':
    case 'outputs':
    case 'stalled':
    case 'loop-found':
    case 'replayed':
      return undefined
  }
}

// Lists of objects from capture to capture, by container and by place: a state may put a new container in place of the old one in
// every frame. Also which are not to be packed in rows for a while.

import { ItemGroups } from './item-groups.ts'
import type { Place } from './known-objects.ts'

/** Captures until a list that could not be packed in rows is tried again. */
const retryAfter = 64

export class KnownLists {
  readonly #groups = new Map<object, ItemGroups>()
  readonly #byPlace = new Map<number, ItemGroups>()
  /** Until which capture a container, or what stands at a place, is packed a cell each. */
  readonly #refused = new Map<object | number, number>()

  /** The container's own, or those of a container which stood in its place and was not met since; of this pass from now on. */
  of(container: object, place: Place, pass: number): ItemGroups {
    const groups = this.#groups.get(container) ?? this.#ofPlace(container, place, pass)
    this.#groups.set(container, groups)
    if (place !== undefined) this.#byPlace.set(place, groups)
    groups.pass = pass
    return groups
  }

  #ofPlace(container: object, place: Place, pass: number): ItemGroups {
    const before = place === undefined ? undefined : this.#byPlace.get(place)
    if (before === undefined || before.pass === pass) return new ItemGroups(container, place)
    this.#groups.delete(before.container)
    before.container = container
    return before
  }

  isRefused(container: object, place: Place, capture: number): boolean {
    if ((this.#refused.get(container) ?? -1) >= capture) return true
    return place !== undefined && (this.#refused.get(place) ?? -1) >= capture
  }

  /** Not in rows for some captures. */
  refuse({ container, place }: ItemGroups, capture: number): void {
    this.#groups.delete(container)
    this.#refused.set(container, capture + retryAfter)
    if (place === undefined) return
    this.#byPlace.delete(place)
    this.#refused.set(place, capture + retryAfter)
  }

  /** What was not met in this pass, which was the capture, is forgotten. */
  endCapture(pass: number, capture: number): void {
    for (const [container, groups] of this.#groups) {
      if (groups.pass !== pass) this.#groups.delete(container)
      else for (const list of groups.shapes) if (list.pass !== pass && list.objects.length > 0) list.forgetObjects()
    }
    for (const [place, groups] of this.#byPlace) if (groups.pass !== pass) this.#byPlace.delete(place)
    for (const [key, until] of this.#refused) if (until < capture) this.#refused.delete(key)
  }

  clear(): void {
    this.#groups.clear()
    this.#byPlace.clear()
  }
}

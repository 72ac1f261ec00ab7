// How a list of lines stays at its newest: it follows its end as it grows, until one scrolls up, and again from where its
// end is reached.

import { useEffect, useRef } from 'react'

/** Rows this near to the end count as the end, in pixels. */
const endPx = 40

/** For the element around a `.log-list`; `lines` is what the list shows. While `isHeld` it is left where it is. */
export function useFollowedEnd(lines: readonly unknown[], isHeld = false): { readonly current: HTMLDivElement | null } {
  const box = useRef<HTMLDivElement>(null)
  const follows = useRef(true)
  const lastTop = useRef(0)
  useEffect(() => {
    const list = box.current?.querySelector('.log-list')
    if (list === null || list === undefined) return undefined
    const onScroll = (): void => {
      const { scrollTop, scrollHeight, clientHeight } = list
      // A list that has just grown is not at its end: only scrolling up says that one wants to stay.
      if (scrollHeight - scrollTop - clientHeight < endPx) follows.current = true
      else if (scrollTop < lastTop.current) follows.current = false
      lastTop.current = scrollTop
    }
    list.addEventListener('scroll', onScroll)
    return () => list.removeEventListener('scroll', onScroll)
  })
  useEffect(() => {
    const list = box.current?.querySelector('.log-list')
    if (follows.current && !isHeld && list !== null && list !== undefined) list.scrollTop = list.scrollHeight
  }, [lines, isHeld])
  return box
}

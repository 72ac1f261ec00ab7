// Whether a panel can be seen: one behind another tab asks the engine for nothing.

import { useEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'

/** Put `ref` on the panel's root; `isVisible` follows whether any of it is on the screen. */
export function useIsVisible(): { readonly ref: RefObject<HTMLElement | null>; readonly isVisible: boolean } {
  const ref = useRef<HTMLElement>(null)
  const [isVisible, setVisible] = useState(false)
  useEffect(() => {
    if (ref.current === null) return undefined
    const observer = new IntersectionObserver((entries) => setVisible(entries.at(-1)?.isIntersecting ?? false))
    observer.observe(ref.current)
    return () => observer.disconnect()
  }, [])
  return { ref, isVisible }
}

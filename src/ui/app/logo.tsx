// The mark: a stool with three shoots.

import type { ReactNode } from 'react'

export function Logo(): ReactNode {
  return (
    <svg
      className="logo"
      width="20"
      height="20"
      viewBox="0 0 20 20"
      aria-hidden
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d="M4 17h12M6 17v-3.5h8V17" fill="currentColor" strokeWidth="1.4" />
      <path d="M10 13V4M7.2 13C7 10 5.600 8.600 4 8M12.800 13c.2-3 1.600-4.400 3.200-5" />
      <path
        d="M10 6.500c-2.200 0-3-1.400-3-3 1.900 0 3 1.200 3 3Zm0 0c2.200 0 3-1.400 3-3-1.900 0-3 1.200-3 3Z"
        fill="currentColor"
        strokeWidth="1"
      />
    </svg>
  )
}

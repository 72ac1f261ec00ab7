// Custom properties in React's `style`: the module's colour is handed down as `--module`.

import 'react'

declare module 'react' {
  interface CSSProperties {
    '--module'?: string
  }
}

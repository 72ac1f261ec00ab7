// Written by Coppice from engine.json: what `deps` of each module holds. Do not edit.
import type { ExposedBy } from 'coppice'

declare module 'coppice' {
  interface Modules {
    "planet": ExposedBy<typeof import("../planet.ts").default>
  }
}

// What a bundler makes of files that are no code.
declare module '*.png' { const url: string; export default url }
declare module '*.jpg' { const url: string; export default url }
declare module '*.jpeg' { const url: string; export default url }
declare module '*.gif' { const url: string; export default url }
declare module '*.webp' { const url: string; export default url }
declare module '*.svg' { const url: string; export default url }
declare module '*.glb' { const url: string; export default url }
declare module '*.gltf' { const url: string; export default url }
declare module '*.wav' { const url: string; export default url }
declare module '*.mp3' { const url: string; export default url }
declare module '*.ogg' { const url: string; export default url }
declare module '*.hdr' { const url: string; export default url }
declare module '*.glsl' { const text: string; export default text }
declare module '*.vert' { const text: string; export default text }
declare module '*.frag' { const text: string; export default text }
declare module '*.wgsl' { const text: string; export default text }
declare module '*?raw' { const text: string; export default text }
declare module '*?url' { const url: string; export default url }

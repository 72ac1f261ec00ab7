// What importing files that are no code means, for Monaco's TypeScript service: the same that the dev server makes of them.

const urls = [
  'png',
  'jpg',
  'jpeg',
  'gif',
  'webp',
  'avif',
  'svg',
  'glb',
  'gltf',
  'bin',
  'hdr',
  'exr',
  'wav',
  'mp3',
  'ogg',
  'woff2',
  'wasm',
]
const texts = ['glsl', 'vert', 'frag', 'wgsl']

/** Declarations of one script file (no module, so that the wildcards are ambient). */
export const assetDeclarations = [
  ...urls.map((extension) => `declare module '*.${extension}' { const url: string; export default url }`),
  ...texts.map((extension) => `declare module '*.${extension}' { const text: string; export default text }`),
  "declare module '*?raw' { const text: string; export default text }",
  "declare module '*?url' { const url: string; export default url }",
].join('\n')

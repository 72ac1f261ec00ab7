// What the modules tell each other, and the colours they share. Brick colours count from 1, as in levels.json.

declare module 'coppice' {
  interface Topics {
    'brick:broken': { x: number; y: number; colour: number; combo: number }
    'ball:bounced': { x: number; y: number; speed: number }
    'ball:lost': { x: number; y: number; left: number }
    'level:cleared': { level: number }
    'game:started': { isDemo: boolean }
  }
}

const palette = ['#e8eee9', '#ff9bce', '#ffa27a', '#f0b95b', '#7cd992', '#5ad4d0', '#79b8ff'] as const

export const colourOf = (index: number): string => palette[index] ?? palette[0]

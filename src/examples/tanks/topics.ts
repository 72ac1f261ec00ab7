// What the modules tell each other over the bus. Declared once, checked in every `publish` and `messages`.

export type Team = 0 | 1

declare module 'coppice' {
  interface Topics {
    /** A shell struck. */
    'tank:hit': { by: number; at: number; hp: number }
    /** A tank is gone. */
    'tank:destroyed': { team: Team; x: number; y: number }
    /** A new tank rolls out of a factory. */
    'production:tank': { team: Team; x: number; y: number; heading: number }
  }
}

/** Colours of the two sides. */
export const teamColours: readonly [string, string] = ['#79b8ff', '#7cd992']

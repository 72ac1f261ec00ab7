// Keys, pointer and gamepads as frames see them: device inputs are folded in once per frame, and each module reads them
// through a view of its own, so that one called at a lower rate misses no key that went down between its calls.

import type { DeviceInput } from '../protocol/input.ts'
import type { Gamepad, Input, Pointer } from '../protocol/module.ts'

interface KeyState {
  down: boolean
  /** Frame of the newest press and release; −1 for never. */
  pressedFrame: number
  releasedFrame: number
}

interface PointerState {
  x: number
  y: number
  buttons: number
  isInside: boolean
  pressedFrame: number
  releasedFrame: number
}

interface GamepadState {
  readonly isConnected: boolean
  readonly axes: readonly number[]
  readonly buttons: readonly number[]
}

/** All there is to know of the devices, as plain data, for hash and capture. */
export interface DevicesContents {
  readonly frame: number
  readonly keys: readonly (readonly [code: string, state: KeyState])[]
  readonly pointer: PointerState
  readonly gamepads: readonly (readonly [index: number, state: GamepadState])[]
  readonly views: readonly (readonly [module: string, lastCall: number, wheel: number])[]
}

const noGamepad: GamepadState = { isConnected: false, axes: [], buttons: [] }

/** The life of a frame: `beginFrame` with its inputs, then modules read their views, then `view.endCall()` for each that did not throw. */
export class Devices {
  #frame = 0
  readonly #keys = new Map<string, KeyState>()
  #pointer = restingPointer()
  readonly #gamepads = new Map<number, GamepadState>()
  readonly #views = new Map<string, InputView>()
  #revision = 0

  /**
   * Climbs with every change of `contents` but of its `frame` and the last calls of its views, which most frames change:
   * while it stays, an earlier capture of the rest serves.
   */
  get revision(): number {
    return this.#revision
  }

  /** Folds in the inputs of a frame, in order. Inputs that concern no device (`view-size`) are passed over. */
  beginFrame(frame: number, inputs: readonly DeviceInput[]): void {
    this.#frame = frame
    for (const input of inputs) this.#apply(input)
  }

  /** The module's view; made at first asking, with no edge older than the present frame. */
  view(module: string): InputView {
    let view = this.#views.get(module)
    if (view === undefined) {
      view = new InputView(
        {
          frame: () => this.#frame,
          key: (code) => this.#keys.get(code),
          pointer: () => this.#pointer,
          gamepad: (index) => this.#gamepads.get(index) ?? noGamepad,
          wheelSeen: () => {
            this.#revision++
          },
        },
        Math.max(0, this.#frame - 1),
      )
      this.#views.set(module, view)
      this.#revision++
    }
    return view
  }

  removeView(module: string): void {
    this.#views.delete(module)
    this.#revision++
  }

  /** Everything up and at rest, as at frame 0. */
  clear(): void {
    this.#revision++
    this.#frame = 0
    this.#keys.clear()
    this.#pointer = restingPointer()
    this.#gamepads.clear()
    for (const view of this.#views.values()) view.restore(0, 0)
  }

  contents(): DevicesContents {
    return {
      frame: this.#frame,
      keys: [...this.#keys].map(([code, state]) => [code, { ...state }]),
      pointer: { ...this.#pointer },
      gamepads: [...this.#gamepads],
      views: [...this.#views].map(([module, view]) => [module, view.lastCall, view.wheel]),
    }
  }

  restore(contents: DevicesContents): void {
    this.clear()
    this.#frame = contents.frame
    for (const [code, state] of contents.keys) this.#keys.set(code, { ...state })
    this.#pointer = { ...contents.pointer }
    for (const [index, state] of contents.gamepads) this.#gamepads.set(index, state)
    for (const [module, lastCall, wheel] of contents.views) this.view(module).restore(lastCall, wheel)
  }

  #apply(input: DeviceInput): void {
    if (input.kind !== 'view-size') this.#revision++
    switch (input.kind) {
      case 'key':
        this.#setKey(input.code, input.down)
        return
      case 'pointer':
        this.#pointer.x = input.x
        this.#pointer.y = input.y
        this.#pointer.isInside = input.isInside ?? true
        this.#setButtons(input.buttons)
        for (const view of this.#views.values()) view.addWheel(input.wheel ?? 0)
        return
      case 'gamepad':
        this.#gamepads.set(input.index, {
          isConnected: input.isConnected,
          axes: [...input.axes],
          buttons: [...input.buttons],
        })
        return
      case 'blur':
        for (const code of this.#keys.keys()) this.#setKey(code, false)
        this.#setButtons(0)
        for (const [index, { isConnected, axes, buttons }] of this.#gamepads) {
          this.#gamepads.set(index, { isConnected, axes: axes.map(() => 0), buttons: buttons.map(() => 0) })
        }
        return
      case 'view-size':
        return
    }
  }

  #setKey(code: string, down: boolean): void {
    let key = this.#keys.get(code)
    if (key === undefined) this.#keys.set(code, (key = { down: false, pressedFrame: -1, releasedFrame: -1 }))
    // The operating system repeats a held key; a press is its first.
    if (key.down === down) return
    key.down = down
    if (down) key.pressedFrame = this.#frame
    else key.releasedFrame = this.#frame
  }

  #setButtons(buttons: number): void {
    const before = this.#pointer.buttons
    if ((buttons & ~before) !== 0) this.#pointer.pressedFrame = this.#frame
    if ((before & ~buttons) !== 0) this.#pointer.releasedFrame = this.#frame
    this.#pointer.buttons = buttons
  }
}

interface DeviceStates {
  readonly frame: () => number
  readonly key: (code: string) => KeyState | undefined
  readonly pointer: () => PointerState
  readonly gamepad: (index: number) => GamepadState
  /** Wheel movement was taken as seen. */
  readonly wheelSeen: () => void
}

/** One module's `input`. Live: it shows the devices of the present frame, and edges since the module's last call. */
export class InputView implements Input {
  readonly pointer: Pointer
  readonly #states: DeviceStates
  readonly #gamepads = new Map<number, Gamepad>()
  #lastCall: number
  #wheel = 0

  constructor(states: DeviceStates, lastCall: number) {
    this.#states = states
    this.#lastCall = lastCall
    this.pointer = new PointerView(
      () => states.pointer(),
      (frame) => frame > this.#lastCall,
      () => this.#wheel,
    )
  }

  /** Frame of the last call that ended well. */
  get lastCall(): number {
    return this.#lastCall
  }

  /** Wheel movement since then. */
  get wheel(): number {
    return this.#wheel
  }

  readonly down = (code: string): boolean => this.#states.key(code)?.down ?? false
  readonly pressed = (code: string): boolean => (this.#states.key(code)?.pressedFrame ?? -1) > this.#lastCall
  readonly released = (code: string): boolean => (this.#states.key(code)?.releasedFrame ?? -1) > this.#lastCall
  readonly gamepad = (index: number): Gamepad => {
    let gamepad = this.#gamepads.get(index)
    if (gamepad === undefined) this.#gamepads.set(index, (gamepad = new GamepadView(() => this.#states.gamepad(index))))
    return gamepad
  }

  /** The module's call ended well: edges and wheel movement up to now have been seen. */
  endCall(): void {
    this.#lastCall = this.#states.frame()
    if (this.#wheel === 0) return
    this.#wheel = 0
    this.#states.wheelSeen()
  }

  addWheel(pixels: number): void {
    this.#wheel += pixels
  }

  restore(lastCall: number, wheel: number): void {
    this.#lastCall = lastCall
    this.#wheel = wheel
  }
}

class PointerView implements Pointer {
  readonly #state: () => PointerState
  readonly #isNew: (frame: number) => boolean
  readonly #wheel: () => number

  constructor(state: () => PointerState, isNew: (frame: number) => boolean, wheel: () => number) {
    this.#state = state
    this.#isNew = isNew
    this.#wheel = wheel
  }

  get x(): number {
    return this.#state().x
  }
  get y(): number {
    return this.#state().y
  }
  get buttons(): number {
    return this.#state().buttons
  }
  get isInside(): boolean {
    return this.#state().isInside
  }
  get wheel(): number {
    return this.#wheel()
  }
  get pressed(): boolean {
    return this.#isNew(this.#state().pressedFrame)
  }
  get released(): boolean {
    return this.#isNew(this.#state().releasedFrame)
  }
}

class GamepadView implements Gamepad {
  readonly #state: () => GamepadState

  constructor(state: () => GamepadState) {
    this.#state = state
  }

  get isConnected(): boolean {
    return this.#state().isConnected
  }
  axis(index: number): number {
    return this.#state().axes[index] ?? 0
  }
  button(index: number): number {
    return this.#state().buttons[index] ?? 0
  }
}

function restingPointer(): PointerState {
  return { x: 0, y: 0, buttons: 0, isInside: false, pressedFrame: -1, releasedFrame: -1 }
}

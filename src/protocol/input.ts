// What enters a frame from outside. All of it is plain data, taken at the first step of a frame, and kept.

/** `code` is KeyboardEvent.code: `ArrowLeft`, `KeyA`. */
export interface KeyInput {
  readonly kind: 'key'
  readonly code: string
  readonly down: boolean
}

/** In units of the view, origin top left. `buttons` as PointerEvent.buttons; `wheel` in pixels since the last one. */
export interface PointerInput {
  readonly kind: 'pointer'
  readonly x: number
  readonly y: number
  readonly buttons: number
  readonly isInside?: boolean
  readonly wheel?: number
}

/** `axes` −1 … 1, `buttons` 0 … 1, in the order of the Gamepad API's standard mapping. */
export interface GamepadInput {
  readonly kind: 'gamepad'
  readonly index: number
  readonly isConnected: boolean
  readonly axes: readonly number[]
  readonly buttons: readonly number[]
}

/** The page lost focus: every key and button goes up. */
export interface BlurInput {
  readonly kind: 'blur'
}
/** Only in workspaces whose view has `"fit": "panel"`. */
export interface ViewSizeInput {
  readonly kind: 'view-size'
  readonly width: number
  readonly height: number
}

export type DeviceInput = KeyInput | PointerInput | GamepadInput | BlurInput | ViewSizeInput

// Keyboard, pointer, wheel and gamepads of the page, as device input for the engine's frames. The element takes keys
// while it has focus: all but the F-keys, which stay with the page, and Escape, which gives the focus back.

import type { DeviceInput } from '../protocol/input.ts'
import type { ManifestView } from '../protocol/manifest.ts'

const functionKey = /^F\d+$/

/** Pixels per wheel step, by WheelEvent.deltaMode. */
const wheelUnits = [1, 16, 400]

/** Where in the view a point of the page lies; the picture keeps its shape, centred in `box`. Units of the view. */
export const toViewUnits = (
  point: { readonly clientX: number; readonly clientY: number },
  box: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
  view: ManifestView,
): { readonly x: number; readonly y: number; readonly isInside: boolean } => {
  const isStretched = view.fit === 'panel'
  const scale = Math.min(box.width / view.width, box.height / view.height) || 1
  const scaleX = isStretched ? box.width / view.width || 1 : scale
  const scaleY = isStretched ? box.height / view.height || 1 : scale
  const x = (point.clientX - box.left - (box.width - view.width * scaleX) / 2) / scaleX
  const y = (point.clientY - box.top - (box.height - view.height * scaleY) / 2) / scaleY
  return { x, y, isInside: x >= 0 && y >= 0 && x < view.width && y < view.height }
}

/**
 * Sends what the devices do until the returned function is called. The element must be focusable (`tabindex`). What is
 * held is lifted when the focus goes, the window loses it, or the page is hidden.
 */
export const captureDevices = (
  element: HTMLElement,
  viewOf: () => ManifestView,
  send: (input: DeviceInput) => void,
): (() => void) => {
  const end = new AbortController()
  const { signal } = end
  const heldKeys = new Set<string>()
  let buttons = 0

  const onKeyDown = (event: KeyboardEvent): void => {
    if (functionKey.test(event.code)) return
    if (event.code === 'Escape') {
      element.blur()
      return
    }
    // Chords of the page itself (Ctrl+S) reach it; the browser's own meaning of a key is not wanted either way.
    if (!event.ctrlKey && !event.metaKey) event.stopPropagation()
    event.preventDefault()
    if (event.repeat || event.code === '' || heldKeys.has(event.code)) return
    heldKeys.add(event.code)
    send({ kind: 'key', code: event.code, down: true })
  }

  const onKeyUp = (event: KeyboardEvent): void => {
    if (!heldKeys.delete(event.code)) return
    event.preventDefault()
    send({ kind: 'key', code: event.code, down: false })
  }

  const liftAll = (): void => {
    if (heldKeys.size === 0 && buttons === 0) return
    heldKeys.clear()
    buttons = 0
    send({ kind: 'blur' })
  }

  const onPointer = (event: PointerEvent): void => {
    if (event.type === 'pointerdown') {
      element.focus({ preventScroll: true })
      element.setPointerCapture(event.pointerId)
    }
    const place = toViewUnits(event, element.getBoundingClientRect(), viewOf())
    const isInside = place.isInside && event.type !== 'pointerleave'
    buttons = event.buttons
    send({ kind: 'pointer', x: place.x, y: place.y, buttons, isInside })
  }

  const onWheel = (event: WheelEvent): void => {
    event.preventDefault()
    const place = toViewUnits(event, element.getBoundingClientRect(), viewOf())
    send({
      kind: 'pointer',
      ...place,
      buttons: event.buttons,
      wheel: event.deltaY * (wheelUnits[event.deltaMode] ?? 1),
    })
  }

  element.addEventListener('keydown', onKeyDown, { signal })
  element.addEventListener('keyup', onKeyUp, { signal })
  element.addEventListener('blur', liftAll, { signal })
  window.addEventListener('blur', liftAll, { signal })
  document.addEventListener('visibilitychange', () => document.hidden && liftAll(), { signal })
  for (const type of [
    'pointerdown',
    'pointermove',
    'pointerup',
    'pointercancel',
    'pointerenter',
    'pointerleave',
  ] as const) {
    element.addEventListener(type, onPointer, { signal })
  }
  element.addEventListener('wheel', onWheel, { signal, passive: false })
  element.addEventListener('contextmenu', (event) => event.preventDefault(), { signal })
  pollGamepads(send, signal)
  return () => {
    liftAll()
    end.abort()
  }
}

/** Once per display frame while a gamepad is there; sends those that changed. */
const pollGamepads = (send: (input: DeviceInput) => void, signal: AbortSignal): void => {
  const sent = new Map<number, string>()
  let request: number | undefined
  const poll = (): void => {
    request = undefined
    const present = navigator.getGamepads().filter((gamepad) => gamepad !== null)
    for (const { index, axes, buttons } of present) {
      const input: DeviceInput = {
        kind: 'gamepad',
        index,
        isConnected: true,
        axes: [...axes],
        buttons: buttons.map((button) => button.value),
      }
      const text = JSON.stringify(input)
      if (sent.get(index) === text) continue
      sent.set(index, text)
      send(input)
    }
    for (const index of sent.keys()) {
      if (present.some((gamepad) => gamepad.index === index)) continue
      sent.delete(index)
      send({ kind: 'gamepad', index, isConnected: false, axes: [], buttons: [] })
    }
    if (present.length > 0) request = requestAnimationFrame(poll)
  }
  const start = (): void => {
    request ??= requestAnimationFrame(poll)
  }
  window.addEventListener('gamepadconnected', start, { signal })
  window.addEventListener('gamepaddisconnected', start, { signal })
  signal.addEventListener('abort', () => request !== undefined && cancelAnimationFrame(request))
  start()
}

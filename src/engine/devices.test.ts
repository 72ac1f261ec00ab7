import { describe, expect, test } from 'vitest'
import type { DeviceInput } from '../protocol/input.ts'
import { Devices } from './devices.ts'

const key = (code: string, down: boolean): DeviceInput => ({ kind: 'key', code, down })
const pointer = (x: number, y: number, buttons = 0, wheel = 0): DeviceInput => ({
  kind: 'pointer',
  x,
  y,
  buttons,
  wheel,
})

describe('keys', () => {
  test('are down from press to release, and pressed or released in that frame only', () => {
    const devices = new Devices()
    const input = devices.view('m')
    const seen: [boolean, boolean, boolean][] = []
    for (const [frame, inputs] of [[key('KeyA', true)], [], [key('KeyA', false)], []].entries()) {
      devices.beginFrame(frame + 1, inputs)
      seen.push([input.down('KeyA'), input.pressed('KeyA'), input.released('KeyA')])
      input.endCall()
    }
    expect(seen).toEqual([
      [true, true, false],
      [true, false, false],
      [false, false, true],
      [false, false, false],
    ])
    expect(input.down('KeyB') || input.pressed('KeyB') || input.released('KeyB')).toBe(false)
  })

  test('pressed and released within one frame shows both', () => {
    const devices = new Devices()
    const input = devices.view('m')
    devices.beginFrame(1, [key('Space', true), key('Space', false)])
    expect([input.down('Space'), input.pressed('Space'), input.released('Space')]).toEqual([false, true, true])
  })

  test('a repeat by the operating system is no new press', () => {
    const devices = new Devices()
    const input = devices.view('m')
    devices.beginFrame(1, [key('KeyA', true)])
    input.endCall()
    devices.beginFrame(2, [key('KeyA', true)])
    expect([input.down('KeyA'), input.pressed('KeyA')]).toEqual([true, false])
  })

  test('[FL2] a module called every n-th frame misses no press between its calls', () => {
    const devices = new Devices()
    const often = devices.view('often')
    const seldom = devices.view('seldom')
    const presses = { often: 0, seldom: 0 }
    for (let frame = 1; frame <= 12; frame++) {
      devices.beginFrame(frame, frame === 6 ? [key('Space', true)] : frame === 7 ? [key('Space', false)] : [])
      if (often.pressed('Space')) presses.often++
      often.endCall()
      if (frame % 4 !== 0) continue
      if (seldom.pressed('Space')) presses.seldom++
      seldom.endCall()
    }
    expect(presses).toEqual({ often: 1, seldom: 1 })
  })

  test('[FL8] a module that threw sees the press again at its next call', () => {
    const devices = new Devices()
    const input = devices.view('m')
    devices.beginFrame(1, [key('Space', true)])
    expect(input.pressed('Space')).toBe(true)
    devices.beginFrame(2, [])
    expect(input.pressed('Space')).toBe(true)
    input.endCall()
    devices.beginFrame(3, [])
    expect(input.pressed('Space')).toBe(false)
  })

  test('a module that joins later sees no old presses', () => {
    const devices = new Devices()
    devices.beginFrame(1, [key('Space', true)])
    devices.beginFrame(2, [])
    expect(devices.view('late').pressed('Space')).toBe(false)
    expect(devices.view('late').down('Space')).toBe(true)
  })
})

describe('pointer', () => {
  test('follows, with edges of its buttons', () => {
    const devices = new Devices()
    const input = devices.view('m')
    expect(input.pointer.isInside).toBe(false)
    devices.beginFrame(1, [pointer(10, 20), pointer(11, 21, 1)])
    const { x, y, buttons, isInside, pressed, released } = input.pointer
    expect({ x, y, buttons, isInside, pressed, released }).toEqual({
      x: 11,
      y: 21,
      buttons: 1,
      isInside: true,
      pressed: true,
      released: false,
    })
    input.endCall()
    devices.beginFrame(2, [pointer(12, 22, 3)])
    expect([input.pointer.buttons, input.pointer.pressed, input.pointer.released]).toEqual([3, true, false])
    input.endCall()
    devices.beginFrame(3, [pointer(12, 22, 2)])
    expect([input.pointer.buttons, input.pointer.pressed, input.pointer.released]).toEqual([2, false, true])
    devices.beginFrame(4, [{ kind: 'pointer', x: -1, y: 0, buttons: 0, isInside: false }])
    expect(input.pointer.isInside).toBe(false)
  })

  test('the wheel adds up until the module’s call', () => {
    const devices = new Devices()
    const seldom = devices.view('seldom')
    devices.beginFrame(1, [pointer(0, 0, 0, 10), pointer(0, 0, 0, 5)])
    devices.beginFrame(2, [pointer(0, 0, 0, -3)])
    expect(seldom.pointer.wheel).toBe(12)
    seldom.endCall()
    expect(seldom.pointer.wheel).toBe(0)
  })
})

describe('gamepads', () => {
  test('read 0 where there is no such pad, axis or button', () => {
    const devices = new Devices()
    const input = devices.view('m')
    devices.beginFrame(1, [{ kind: 'gamepad', index: 1, isConnected: true, axes: [0.5, -1], buttons: [0, 1] }])
    const pad = input.gamepad(1)
    expect([pad.isConnected, pad.axis(0), pad.axis(1), pad.axis(2), pad.button(1), pad.button(9)]).toEqual([
      true,
      0.5,
      -1,
      0,
      1,
      0,
    ])
    expect([input.gamepad(0).isConnected, input.gamepad(0).axis(0)]).toEqual([false, 0])
    devices.beginFrame(2, [{ kind: 'gamepad', index: 1, isConnected: false, axes: [], buttons: [] }])
    expect([pad.isConnected, pad.axis(0)]).toEqual([false, 0])
  })
})

describe('losing the focus', () => {
  test('lifts every key and button', () => {
    const devices = new Devices()
    const input = devices.view('m')
    devices.beginFrame(1, [
      key('KeyA', true),
      key('KeyB', true),
      pointer(5, 6, 1),
      { kind: 'gamepad', index: 0, isConnected: true, axes: [1], buttons: [1] },
    ])
    input.endCall()
    devices.beginFrame(2, [{ kind: 'blur' }])
    expect([input.down('KeyA'), input.down('KeyB'), input.released('KeyA'), input.released('KeyB')]).toEqual([
      false,
      false,
      true,
      true,
    ])
    expect([input.pointer.buttons, input.pointer.released, input.pointer.x]).toEqual([0, true, 5])
    expect([input.gamepad(0).isConnected, input.gamepad(0).axis(0), input.gamepad(0).button(0)]).toEqual([true, 0, 0])
  })
})

describe('contents', () => {
  test('put back, everything reads as before', () => {
    const devices = new Devices()
    const input = devices.view('m')
    devices.beginFrame(1, [
      key('KeyA', true),
      pointer(1, 2, 1, 7),
      { kind: 'gamepad', index: 0, isConnected: true, axes: [1], buttons: [] },
    ])
    const contents = structuredClone(devices.contents())
    input.endCall()
    devices.beginFrame(2, [
      { kind: 'blur' },
      pointer(9, 9),
      key('KeyZ', true),
      { kind: 'view-size', width: 1, height: 1 },
    ])
    devices.restore(contents)
    expect(devices.contents()).toEqual(contents)
    expect([input.pressed('KeyA'), input.pointer.wheel, input.pointer.x, input.gamepad(0).axis(0)]).toEqual([
      true,
      7,
      1,
      1,
    ])
  })

  test('after clear() everything is at rest', () => {
    const devices = new Devices()
    const input = devices.view('m')
    devices.beginFrame(5, [key('KeyA', true), pointer(1, 2, 1, 7)])
    input.endCall()
    devices.clear()
    const fresh = new Devices()
    fresh.view('m')
    expect(devices.contents()).toEqual(fresh.contents())
    devices.removeView('m')
    expect(devices.contents().views).toEqual([])
  })
})

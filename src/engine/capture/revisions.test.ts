import { expect, test } from 'vitest'
import { Bus } from '../bus/bus.ts'
import { Devices } from '../devices.ts'

test('[HS1] while a bus has the same revision its contents are the same, but for frame and time', () => {
  const bus = new Bus({ limit: 3 })
  const modules = [
    { name: 'a', subscriptions: [{ topic: 'x', every: 0.5 }] },
    { name: 'b', subscriptions: ['y:**', { topic: 'z', latest: true }] },
  ]
  const steps: (() => unknown)[] = [
    () => bus.setModules(modules),
    () => bus.port('a').publish('y:1', { n: 1 }),
    () => bus.port('b').publish('x', 2),
    () => bus.port('a').after(0.01, 'me', 3),
    () => bus.publishOutside('z', 4),
    () => bus.beginFrame(1, 0.1),
    () => bus.port('a').messages(),
    () => bus.port('a').rollback(),
    () => bus.port('b').messages('z'),
    () => bus.beginFrame(2, 0.2),
    () => bus.beginFrame(3, 0.3),
    () => [1, 2, 3, 4, 5].map((n) => bus.publishOutside('y:2', n)),
    () => bus.beginFrame(4, 0.4),
    () => bus.port('b').messages(),
    () => bus.renameModule('a', 'c'),
    () => bus.setModules([{ name: 'c', subscriptions: [] }]),
    () => bus.port('c').publish('gone', 1),
    () => bus.setModules([]),
    () => bus.restore({ ...bus.contents(), outside: [{ topic: 'x', data: 1, frame: 1 }] }),
    () => bus.clear(),
  ]
  const seen = new Map<number, string>()
  for (const step of steps) {
    step()
    const contents = JSON.stringify({ ...bus.contents(), frame: 0, time: 0 })
    expect(seen.get(bus.revision) ?? contents).toBe(contents)
    seen.set(bus.revision, contents)
  }
  const { revision } = bus
  for (let frame = 5; frame < 10; frame++) bus.beginFrame(frame, frame / 10)
  expect(bus.revision).toBe(revision)
})

test('[HS1] while devices have the same revision their contents are the same, but for frames of calls', () => {
  const devices = new Devices()
  const steps: (() => unknown)[] = [
    () => devices.view('a'),
    () => devices.beginFrame(1, [{ kind: 'key', code: 'KeyA', down: true }]),
    () => devices.beginFrame(2, [{ kind: 'pointer', x: 1, y: 2, buttons: 1, wheel: 3 }]),
    () => devices.view('a').endCall(),
    () => devices.beginFrame(3, [{ kind: 'blur' }]),
    () => devices.beginFrame(4, [{ kind: 'gamepad', index: 0, isConnected: true, axes: [0.5], buttons: [] }]),
    () => devices.view('b'),
    () => devices.removeView('a'),
    () => devices.restore(devices.contents()),
    () => devices.clear(),
  ]
  const withoutFrames = (): string => {
    const { keys, pointer, gamepads, views } = devices.contents()
    return JSON.stringify([keys, pointer, gamepads, views.map(([module, , wheel]) => [module, wheel])])
  }
  const seen = new Map<number, string>()
  for (const step of steps) {
    step()
    expect(seen.get(devices.revision) ?? withoutFrames()).toBe(withoutFrames())
    seen.set(devices.revision, withoutFrames())
  }
  const { revision } = devices
  for (let frame = 5; frame < 9; frame++) {
    devices.beginFrame(frame, [])
    devices.view('b').endCall()
  }
  expect(devices.revision).toBe(revision + 0)
})

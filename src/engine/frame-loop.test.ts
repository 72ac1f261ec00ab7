// Pacing by a clock that moves when told.

import { describe, expect, test } from 'vitest'
import { FrameLoop } from './frame-loop.ts'
import { ManualClock } from './testing-host.ts'

function paced(frameMs = 0) {
  const clock = new ManualClock()
  const at: number[] = []
  const stalls: number[] = []
  const loop = new FrameLoop({
    clock,
    timers: clock,
    runFrame: () => {
      at.push(clock.now() - 1000)
      clock.stall(frameMs)
    },
    changed: () => undefined,
    stalled: (ms) => stalls.push(ms),
  })
  return { clock, loop, at, stalls }
}

describe('pacing', () => {
  test('[FL3] follows an absolute schedule: no drift over many frames', () => {
    const { clock, loop, at } = paced(3)
    loop.resume()
    for (let chunk = 0; chunk < 600; chunk++) clock.advance(100)
    expect(at.length).toBeGreaterThanOrEqual(3599)
    expect(at.at(-1)).toBeCloseTo((at.length * 1000) / 60, 5)
    expect(loop.averageFps).toBeCloseTo(60, 0)
  })

  test('[FL3] a short delay is made up for', () => {
    const { clock, loop, at } = paced()
    loop.resume()
    clock.stall(200.01)
    clock.advance(0)
    expect(at).toHaveLength(12)
  })

  test('[FL3] after a stall of over 250 ms it starts afresh and reports what it skipped', () => {
    const { clock, loop, at, stalls } = paced()
    loop.resume()
    clock.stall(1000)
    clock.advance(0)
    expect(at).toHaveLength(1)
    expect(stalls[0]).toBeCloseTo(1000 - 1000 / 60, 5)
    clock.advance(1000 / 60 + 0.001)
    expect(at).toHaveLength(2)
  })

  test('[FL2] speed changes pacing', () => {
    const { clock, loop, at } = paced()
    loop.setSpeed(2)
    loop.resume()
    clock.advance(1000.01)
    expect(at).toHaveLength(120)
    loop.setSpeed(0.1)
    clock.advance(1000.01)
    expect(at).toHaveLength(126)
  })

  test('[FL2] at infinite speed frames come in slices, and commands in between', () => {
    const { clock, loop, at } = paced(1)
    loop.setSpeed(Infinity)
    loop.resume()
    clock.advance(0)
    expect(at).toHaveLength(8)
    clock.callAt(clock.now(), () => loop.pause())
    clock.advance(100)
    expect(at.length).toBeLessThan(30)
    expect(loop.isPaused).toBe(true)
  })
})

describe('stepping', () => {
  test('[FL4] runs in slices so that others get a turn', async () => {
    const { clock, loop, at } = paced(1)
    const done = loop.step(20)
    expect(at).toHaveLength(8)
    clock.advance(100)
    await done
    expect(at).toHaveLength(20)
    expect(loop.isPaused).toBe(true)
  })

  test('[FL4] is refused while running', () => {
    const { loop } = paced()
    loop.resume()
    expect(() => loop.step(1)).toThrow('Pause it first')
  })

  test('[FL4] a pause ends it, a resume goes on from it; both settle who waited', async () => {
    const { clock, loop, at } = paced(1)
    const paused = loop.step(100)
    loop.pause()
    await paused
    expect(at).toHaveLength(8)
    const resumed = loop.step(100)
    loop.resume()
    await resumed
    expect(loop.isRunning).toBe(true)
    clock.advance(1000)
    expect(at.length).toBeGreaterThan(60)
    expect(at.length).toBeLessThan(100)
  })

  test('runtime leaves out pauses', () => {
    const { clock, loop } = paced()
    loop.resume()
    clock.advance(2000)
    loop.pause()
    clock.advance(5000)
    loop.resume()
    clock.advance(1000)
    expect(loop.runtimeSeconds).toBe(3)
  })
})

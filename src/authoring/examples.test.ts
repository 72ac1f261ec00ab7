// Every example on the real engine, in Node: it runs without an error, its state may be kept, and it runs the same way twice.

import { describe, expect, it } from 'vitest'
import { mount, type AnyModule } from './test.ts'
import boids from '../examples/boids/boids.ts'
import game from '../examples/breakout/game.ts'
import score from '../examples/breakout/score.ts'
import sparks from '../examples/breakout/sparks.ts'
import pile from '../examples/pile/pile.ts'
import { addBody, createWorld, readPoses, restoreWorld, stir } from '../examples/pile/physics.ts'
import planet from '../examples/planet/planet.ts'
import map from '../examples/tanks/map.ts'
import production from '../examples/tanks/production.ts'
import tank from '../examples/tanks/tank.ts'

interface Run {
  step(n?: number): void
  hash(): string
  logs(): readonly { readonly level: string; readonly text: string }[]
  unmount(): void
}

/** Each workspace, opened. The mounted module runs with the others beside it. */
const examples: Readonly<Record<string, () => Promise<Run>>> = {
  tanks: () => mount(tank, { modules: { map, production } }),
  boids: () => mount(boids, { config: { count: 1000 } }),
  breakout: () => mount(score, { modules: { game, sparks } satisfies Record<string, AnyModule> }),
  pile: () => mount(pile),
  planet: () => mount(planet),
}

describe.each(Object.entries(examples))('%s', (_, open) => {
  it('[FL5] runs 200 frames the same way twice, with nothing to complain of', async () => {
    const hashes: string[] = []
    for (let run = 0; run < 2; run++) {
      const m = await open()
      m.step(200)
      hashes.push(m.hash())
      expect(m.logs().filter(({ level }) => level !== 'info')).toEqual([])
      m.unmount()
    }
    expect(hashes[0]).toBe(hashes[1])
  }, 60_000)
})

describe('tanks', () => {
  it('replaces every tank it loses', async () => {
    const m = await mount(tank, { modules: { map, production }, config: { damage: 60 } })
    m.step(1200)
    const built = m.messages('production:tank').length
    expect(m.messages('tank:destroyed').length).toBeGreaterThan(10)
    expect(built).toBeGreaterThan(10)
    // The last one built may not have been taken in yet.
    expect(50 - m.messages('tank:destroyed').length + built - m.state.tanks.length).toBeOneOf([0, 1])
  }, 60_000)
})

describe('breakout', () => {
  it('plays itself until a key is pressed, then starts from nothing', async () => {
    const m = await mount(game)
    m.step(600)
    expect(m.state.isDemo).toBe(true)
    expect(m.messages('brick:broken').length).toBeGreaterThan(3)
    m.input.key('Space')
    m.step()
    expect(m.state.isDemo).toBe(false)
    expect(m.messages('game:started')).toEqual([expect.objectContaining({ data: { isDemo: false } })])
    expect(m.state.bricks.length).toBeGreaterThan(60)
  })

  it('follows arrow keys and pointer', async () => {
    const m = await mount(game)
    m.input.key('ArrowRight')
    m.step(20)
    expect(m.state.paddle.x).toBeGreaterThan(700)
    m.input.key('ArrowRight', false)
    m.input.pointer({ x: 300, y: 400 })
    m.step()
    expect(m.state.paddle.x).toBe(300)
  })
})

describe('pile', () => {
  it('[ML6] goes on from a snapshot exactly as it would have', async () => {
    const physics = await createWorld(900)
    const bodies = Array.from({ length: 40 }, (_, i) => ({
      handle: addBody(physics, i % 5, 14, { x: 400 + (i % 7) * 30, y: 20 * i, angle: i, bounce: 0.2, friction: 0.5 }),
    }))
    const run = (from: number, to: number): Float32Array => {
      for (let frame = from; frame < to; frame++) {
        stir(physics, frame * 0.02)
        physics.world.step()
      }
      const poses = new Float32Array(bodies.length * 3)
      readPoses(physics, bodies, poses)
      return poses
    }
    run(0, 120)
    const data = physics.world.takeSnapshot()
    const expected = run(120, 180)
    restoreWorld(physics, data)
    expect(run(120, 180)).toEqual(expected)
    physics.world.free()
  })
})

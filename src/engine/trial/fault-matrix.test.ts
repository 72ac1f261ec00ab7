// Every fault a save can bring, in every situation a save comes in. In each cell: the others are exactly where they would be without it, the
// guilty one has its last good code and state, the engine answers, the user is told where and why, and the next good save recovers.

import { describe, expect, onTestFinished, test } from 'vitest'
import { guilty, faults, healthy, programWith } from './testing-faults.ts'
import type { Fault } from './testing-faults.ts'
import { GuardedEngine } from './testing-guard.ts'
import type { Modules } from './testing-guard.ts'

/** A program in which a fault is saved, or nothing is. */
interface Run {
  readonly lab: GuardedEngine
  /** Undefined: nothing is saved where the fault would be. */
  readonly fault: Fault | undefined
  /** Frames it runs in the end. */
  readonly settles: number
  /** Modules as saved by now, but for the fault. */
  sound: Modules
  /** In which the call of the faulty code does not come to an end. */
  hangsIn: number | undefined
  saves: number
}

/** Frames with inputs at fixed places. */
async function drive(run: Run, frames: number): Promise<void> {
  const { lab } = run
  for (let i = 0; i < frames; i++) {
    const frame = lab.engine.core.program.frame + 1
    if (frame % 6 === 0) await lab.execute('input', { kind: 'key', code: 'KeyA', down: frame % 12 === 0 })
    if (frame % 9 === 0) await lab.execute('publish', 'outside', frame)
    await lab.execute('step', 1)
    lab.draw()
    // All that was saved does it, one after the other, until what is good runs.
    for (let hangs = 0; run.hangsIn === frame && (await versionOf(lab)) > 1; hangs++) {
      expect(hangs).toBeLessThan(3)
      await lab.hangInLastFrame('guilty')
    }
  }
}

async function versionOf(lab: GuardedEngine): Promise<number> {
  return lab.engine.core.program.module('guilty') === undefined ? 0 : Number(await infoOf(lab, 'version'))
}

async function infoOf(lab: GuardedEngine, field: string): Promise<unknown> {
  const modules: unknown = await lab.execute('modules')
  const info: unknown = Array.isArray(modules) ? modules.find(({ name }: { name: string }) => name === 'guilty') : {}
  return Reflect.get(Object(info), field)
}

async function save(run: Run): Promise<void> {
  const { lab, fault } = run
  if (fault === undefined) return
  const key = `save ${String(++run.saves)} of ${fault.name}`
  const modules = { ...run.sound, ...fault.with?.(key), guilty: fault.module(key, 'guilty') }
  if (fault.isRehearsed === true) await lab.haveStandby()
  if (typeof fault.hangs === 'string') await lab.saveThatHangs(modules, 'guilty', fault.hangs)
  else if (fault.ends === 'waits') void lab.save(modules)
  else await lab.save(modules)
  if (typeof fault.hangs === 'number') run.hangsIn = lab.engine.core.program.frame + fault.hangs
}

const situations: Readonly<Record<string, (run: Run) => Promise<void>>> = {
  'while running': async (run) => {
    await drive(run, 10)
    await save(run)
  },
  'while paused, at a boundary with edits': async (run) => {
    await drive(run, 10)
    await run.lab.execute('setState', 'one', 'n', 5)
    await save(run)
    await run.lab.execute('publish', 'outside', 7)
  },
  'while another is on trial': async (run) => {
    await drive(run, 10)
    run.sound = { ...run.sound, two: healthy('2', 'two') }
    await run.lab.save(run.sound)
    await drive(run, 10)
    await save(run)
  },
  'in twenty saves in one second': async (run) => {
    await drive(run, 10)
    for (let one = 0; one < 20; one++) {
      await save(run)
      await drive(run, 3)
    }
  },
}

async function play(
  lab: GuardedEngine,
  fault: Fault | undefined,
  settles: number,
  situation: string,
  first: Modules,
): Promise<Run> {
  onTestFinished(() => lab.dispose())
  const run: Run = { lab, fault, settles, sound: first, hangsIn: undefined, saves: 0 }
  await lab.save(first)
  await situations[situation]?.(run)
  await drive(run, settles)
  return run
}

/** What is compared of the others: all of what they are, and all that left. */
async function othersOf({ lab }: Run): Promise<unknown> {
  const states = await Promise.all(['one', 'two'].map((name) => lab.execute('state', name)))
  return { states, outputs: lab.outputs }
}

/** Of the reload that went wrong. */
const told = ({ lab }: Run) => lab.engine.core.problems.list().find(({ module }) => module === 'guilty')

for (const situation of Object.keys(situations)) {
  describe(`[ML8] a fault ${situation}`, () => {
    test.each(faults.map((fault) => [fault.name, fault] as const))('%s', async (_, fault) => {
      const run = await play(new GuardedEngine(), fault, (fault.misses ?? 0) + 100, situation, programWith())
      const { lab } = run
      const { core } = lab.engine
      const receipts = core.receipts.list()
      // Where it is told of only, it misses the frames it is said to, and nothing else.
      const since = receipts.findLast(({ modules }) => modules.some(({ name }) => name === 'guilty'))?.moment.frame ?? 0
      const missing = ({ frame }: { frame: number }): void => {
        if (frame === since + (fault.misses ?? NaN)) throw new Error('missed')
      }
      const plain = await play(
        new GuardedEngine({ codeOf: lab }),
        undefined,
        run.settles,
        situation,
        programWith(fault.misses === undefined ? {} : { guilty: guilty('misses', {}, missing) }),
      )

      // Nobody else noticed.
      expect(await othersOf(run)).toEqual(await othersOf(plain))
      // The guilty one has its last good code, and is as if nothing had been.
      expect(await lab.execute('state', 'guilty')).toEqual(await plain.lab.execute('state', 'guilty'))
      expect(core.program.hash()).toBe(plain.lab.engine.core.program.hash())
      if (fault.ends !== 'committed') expect(await versionOf(lab)).toBe(1)
      expect(await infoOf(lab, 'status')).not.toBe('failed')
      // Each frame ran once, and every command was answered.
      expect(core.program.frame).toBe(plain.lab.engine.core.program.frame)
      await expectTold(run)

      // The next good save recovers, on the state that was.
      const before = await lab.execute('state', 'guilty')
      const good = { ...run.sound, guilty: guilty('good') }
      expect(await lab.save(good)).toMatchObject([{ outcome: 'committed' }])
      expect(await lab.execute('state', 'guilty')).toEqual(before)
      await drive(run, 130)
      expect(core.problems.list()).toEqual([])
      expect(await infoOf(lab, 'status')).toBe('running')
      const lines = core.logBook.filter({ level: 'error', module: 'guilty' }).map(({ text }) => text)
      if (fault.ends === 'committed') expect(lines).toContainEqual(expect.stringMatching(fault.message))
    })
  })
}

/** Where and why, and what runs now. */
async function expectTold(run: Run): Promise<void> {
  const { lab, fault } = run
  if (fault === undefined || fault.ends === 'committed') return
  if (fault.ends === 'waits') {
    lab.engine.clock.advance(3000)
    expect(told(run)).toMatchObject({
      message: expect.stringMatching(fault.message),
      file: 'guilty.ts',
      consequence: 'v1 runs on until it does',
    })
    return
  }
  const receipt = lab.engine.core.receipts.list().findLast(({ outcome }) => outcome === fault.ends)
  expect(receipt?.error?.message).toMatch(fault.message)
  expect(receipt?.error?.file).toMatch(/^(guilty|reader|engine)\./)
  // What does not compile is a problem of the server's.
  if (receipt?.phase !== 'fetch')
    expect(told(run)).toMatchObject({
      severity: 'error',
      message: expect.stringMatching(fault.message),
      file: expect.stringMatching(/^(guilty|reader|engine)\./),
      consequence: expect.stringMatching(/^v1 runs (on|again)/),
    })
}

// Frame after frame, now and then a save with a random fault of a random module, hangs among them: whoever does no wrong is where it would be.

import { expect, onTestFinished, test } from 'vitest'
import { createRandom } from '../random.ts'
import { faults, guilty, programWith } from './testing-faults.ts'
import { GuardedEngine } from './testing-guard.ts'

const frames = 1800
const names = ['guilty', 'sly', 'rash'] as const
/** Frames that a hang's module has to live to get there. */
interface Hang {
  readonly module: string
  readonly frame: number
  readonly version: number
}

const sound = programWith({ sly: guilty('0', {}, undefined, 'sly'), rash: guilty('0', {}, undefined, 'rash') })

/** Inputs at fixed places. */
async function step(lab: GuardedEngine): Promise<void> {
  const frame = lab.engine.core.program.frame + 1
  if (frame % 6 === 0) await lab.execute('input', { kind: 'key', code: 'KeyA', down: frame % 12 === 0 })
  if (frame % 9 === 0) await lab.execute('publish', 'outside', frame)
  await lab.execute('step', 1)
  lab.draw()
}

async function othersOf(lab: GuardedEngine): Promise<unknown> {
  const states = await Promise.all(['one', 'two'].map((name) => lab.execute('state', name)))
  return { states, outputs: lab.outputs, frame: lab.engine.core.program.frame }
}

const versionOf = (lab: GuardedEngine, name: string): number => {
  const { program, code } = lab.engine.core
  const entry = program.module(name)?.entry
  return entry === undefined ? 0 : code.versionOf(name, entry)
}

const seed = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 1e9))

test(`[ML8] chaos: ${String(frames)} frames, each with 5 % chance of a random fault in one of three modules, CHAOS_SEED=${String(seed)}`, async () => {
  const random = createRandom(seed, 'chaos', 'test', 0)
  const lab = new GuardedEngine({ byteLimit: 2 ** 23 })
  onTestFinished(() => lab.dispose())
  await lab.save(sound)
  let count = 0
  let hangs: readonly Hang[] = []
  const met = new Set<string>()
  for (let frame = 1; frame <= frames; frame++) {
    if (random() < 0.05) {
      const name = random.pick(names)
      // These two are none of the others.
      const fault = random.pick(faults.filter((one) => name === 'guilty' || !/cyclic|garbage that/.test(one.name)))
      met.add(fault.name)
      const key = `fault ${String(++count)}`
      const modules = { ...sound, ...fault.with?.(key), [name]: fault.module(key, name) }
      if (fault.isRehearsed === true) await lab.haveStandby()
      if (typeof fault.hangs === 'string') await lab.saveThatHangs(modules, name, fault.hangs)
      else if (fault.ends === 'waits') void lab.save(modules)
      else await lab.save(modules)
      if (typeof fault.hangs === 'number')
        hangs = [...hangs, { module: name, frame: frame - 1 + fault.hangs, version: versionOf(lab, name) }]
    }
    await step(lab)
    for (const { module, version, frame: at } of hangs)
      if (at === frame && versionOf(lab, module) === version) await lab.hangInLastFrame(module)
  }
  const plain = new GuardedEngine({ codeOf: lab })
  onTestFinished(() => plain.dispose())
  await plain.save(sound)
  for (let frame = 1; frame <= frames; frame++) await step(plain)

  expect(await othersOf(lab)).toEqual(await othersOf(plain))
  // Enough of them for that to say something.
  expect(met.size).toBeGreaterThan(15)
  expect(
    await lab.save({
      ...sound,
      ...Object.fromEntries(names.map((name) => [name, guilty('good', {}, undefined, name)])),
    }),
  ).toMatchObject([{ outcome: 'committed', modules: names.map((name) => ({ name })) }])
  for (let frame = 0; frame < 130; frame++) await step(lab)
  expect(lab.engine.core.problems.list()).toEqual([])
}, 120_000)

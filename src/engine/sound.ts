// `sound.play` of a module's call: what was asked is checked, and becomes an output. Played it is on the page.

import { CoppiceError } from '../protocol/errors.ts'
import type { PlayOptions } from '../protocol/module.ts'
import type { SoundOutput } from '../protocol/outputs.ts'
import { describeType, isRecord } from './definition.ts'

const rates = { low: 0.1, high: 10 }

/**
 * `file` is relative to the module's own (`modulePath`), or a URL, as an `import` of a sound gives it. Throws `invalid-argument`, naming
 * what is wrong.
 */
export function soundOutput(module: string, modulePath: string, file: unknown, options: unknown): SoundOutput {
  if (typeof file !== 'string' || file === '')
    throw refused(`the sound must be the path of a file, not ${describeType(file)}. Write \`sound.play('./hit.wav')\`.`)
  if (options !== undefined && !isRecord(options))
    throw refused(`the options must be an object, not ${describeType(options)}.`)
  const { volume = 1, rate = 1 }: { readonly [Key in keyof PlayOptions]: unknown } = options ?? {}
  if (typeof volume !== 'number' || !(volume >= 0 && volume <= 1))
    throw refused(`\`volume\` must be a number from 0 to 1, but is ${describeType(volume)}.`)
  if (typeof rate !== 'number' || !(rate >= rates.low && rate <= rates.high))
    throw refused(`\`rate\` must be a number from ${rates.low} to ${rates.high}, but is ${describeType(rate)}.`)
  return { kind: 'sound', module, file: resolved(modulePath, file), volume, rate }
}

/** Relative to the workspace; URLs stay. */
function resolved(modulePath: string, file: string): string {
  if (file.startsWith('/') || /^[a-z][a-z\d+.-]*:/i.test(file)) return file
  const steps = modulePath.split('/').slice(0, -1)
  for (const step of file.split('/')) {
    if (step === '.' || step === '') continue
    if (step !== '..') steps.push(step)
    else if (steps.pop() === undefined) throw refused(`"${file}" lies outside the workspace.`)
  }
  return steps.join('/')
}

function refused(what: string): CoppiceError {
  return new CoppiceError('invalid-argument', `sound.play: ${what}`)
}

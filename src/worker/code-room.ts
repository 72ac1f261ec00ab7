// What a thread beside the engine's has to evaluate and call modules' code: texts, classes, and the globals they see, the same as there.

import { createAmbient } from '../engine/ambient.ts'
import { CallTracker } from '../engine/call-tracker.ts'
import { ClassRegistry } from '../engine/class-registry.ts'
import { CodeBase } from '../engine/code-base.ts'
import type { LogLevel } from '../protocol/log.ts'
import { createCodeLoader } from './code-loader.ts'

/** Writes a line of the console. */
export type WriteLine = (module: string | undefined, level: LogLevel, values: readonly unknown[]) => void

export interface CodeRoom {
  readonly call: CallTracker
  readonly classes: ClassRegistry
  readonly code: CodeBase
}

export const createCodeRoom = (write: WriteLine): CodeRoom => {
  const call = new CallTracker(write, undefined)
  const classes = new ClassRegistry()
  const realm = { Date, Intl, global: globalThis }
  const code = new CodeBase(
    (ambient) => createCodeLoader(ambient),
    (math) => createAmbient({ realm, math, current: () => call }, classes),
  )
  return { call, classes, code }
}

// Inputs as they act on a program at a frame boundary: the same for a command that just came and for one that is replayed. Commits are
// apart: live ones are prepared by reload.ts, replayed ones by simulation.ts.

import type { JournalInput } from '../../protocol/journal.ts'
import { mergeConfig } from '../config-layers.ts'
import { setAt } from '../data-path.ts'
import { copyPlain } from '../plain-copy.ts'
import type { Program } from '../program.ts'
import type { ClassKind } from '../state-rules.ts'

/** What enters at a boundary and is no commit. */
export type BoundaryInput = Extract<JournalInput, { kind: 'publish' | 'state' | 'config' | 'live-config' | 'task' }>

/** Values are copied: the journal's own stay as they are. Throws what a bad topic, path or module name throws. */
export function applyInput(program: Program, input: BoundaryInput, classOf: (prototype: object) => ClassKind): void {
  switch (input.kind) {
    case 'publish':
      program.bus.publishOutside(input.topic, input.data)
      break
    case 'state': {
      const module = program.requireModule(input.module)
      setAt(module.state, input.path, copyPlain(input.value, { classOf }))
      module.isExposedStale = true
      module.unpark()
      break
    }
    case 'config': {
      const module = program.requireModule(input.module)
      const changes = copyPlain(input.changes, { root: 'config' })
      module.setLayers({ ...module.layers, live: mergeConfig(module.layers.live, changes) })
      module.unpark()
      program.versionsRevision++
      break
    }
    case 'live-config': {
      const module = program.requireModule(input.module)
      module.setLayers({ ...module.layers, live: { ...input.live } })
      program.versionsRevision++
      break
    }
    case 'task':
      program.tasks.settle(input.module, input.id, input.key, input.outcome)
  }
  program.stateRevision++
}

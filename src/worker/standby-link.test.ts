// Who is to blame where a standby had to be ended: what it was at, and nothing that waited behind it.

import { expect, onTestFinished, test } from 'vitest'
import { contentHash, frameNumber, timelineId } from '../protocol/values.ts'
import { StandbyLink } from './standby-link.ts'

const manifest = {
  targetFps: 60,
  seed: 1,
  math: 'portable',
  view: { width: 640, height: 360, fit: 'contain' },
  modules: [],
} as const
const module = { name: 'a', path: 'a.ts', strategy: 'sequential', config: {} } as const
const moment = (frame: number) => ({ timeline: timelineId(0), frame: frameNumber(frame) })

test('[ML9] a standby that hung in a rehearsal says nothing of the frames that were to be computed again after it', async () => {
  const { port1, port2 } = new MessageChannel()
  onTestFinished(() => port2.close())
  const link = new StandbyLink(port1, undefined)
  const rehearsed = link.rehearse({
    manifest,
    modules: [
      {
        manifest: module,
        entry: contentHash('x'),
        from: 'a',
        isCodeNew: true,
        areResourcesNew: false,
        initFrame: frameNumber(1),
      },
    ],
    texts: [],
    base: moment(1),
    entries: [],
    present: moment(1),
  })
  const verified = link.verify({ manifest, texts: [], from: moment(1), to: moment(2), entries: [] })
  link.ended({ message: 'it did not come to an end', module: 'a', file: undefined, phase: 'rehearse' })
  expect(await rehearsed).toMatchObject({ kind: 'failed', module: 'a' })
  expect(await verified).toMatchObject({ kind: 'skipped' })
})

// A receipt to start from in the tests of this page: `tank` went from v12 to v13 by a save.

import type { Receipt } from '../../protocol/receipt.ts'
import { frameNumber, timelineId } from '../../protocol/values.ts'

export function receiptWith(rest: Partial<Receipt> = {}): Receipt {
  return {
    id: 1,
    modules: [{ name: 'tank', from: 12, to: 13 }],
    moment: { timeline: timelineId(0), frame: frameNumber(18_000) },
    outcome: 'committed',
    title: 'speed 5 → 25',
    ms: { collect: 0, fetch: 0, rehearse: 0, evaluate: 0, migrate: 0, validate: 0, commit: 0, total: 0 },
    trigger: 'save',
    changedFiles: ['tank.ts'],
    ...rest,
  }
}

// Changes of health become spans of frames.

import { describe, expect, test } from 'vitest'
import type { HealthChange } from '../../../protocol/health.ts'
import { frameNumber, timelineId } from '../../../protocol/values.ts'
import { healthRows, presentHealth, spanWords } from './health-rows.ts'

const moment = (frame: number, timeline = 0) => ({ timeline: timelineId(timeline), frame: frameNumber(frame) })
const change = (frame: number, status: HealthChange['status'], more: Partial<HealthChange> = {}): HealthChange => ({
  module: 'tank',
  subject: 'module',
  status,
  moment: moment(frame),
  ...more,
})
const only = { modules: ['tank'], readers: [], sockets: [] }

describe('[HL1] strips of health', () => {
  test('nothing happened: one span, of all frames there were', () => {
    expect(healthRows(only, [], moment(50), 100)).toEqual([
      { name: 'tank', subject: 'module', spans: [{ status: 'ok', from: 0, to: 50 }] },
    ])
    expect(healthRows(only, [], moment(500), 100)[0]?.spans).toEqual([{ status: 'ok', from: 400, to: 500 }])
  })

  test('changes follow one another, those before the time shown are cut', () => {
    const history = [
      change(30, 'warning', { message: 'hot' }),
      change(60, 'error', { message: 'burns' }),
      change(90, 'ok'),
    ]
    const [row] = healthRows(only, history, moment(120), 80)
    expect(row?.spans).toEqual([
      { status: 'warning', message: 'hot', from: 40, to: 60 },
      { status: 'error', message: 'burns', from: 60, to: 90 },
      { status: 'ok', from: 90, to: 120 },
    ])
  })

  test('what changed in the frame that is present is the last span', () => {
    const [row] = healthRows(only, [change(60, 'error', { message: 'burns' })], moment(60), 100)
    expect(row?.spans.at(-1)).toEqual({ status: 'error', message: 'burns', from: 60, to: 60 })
    expect(row === undefined ? undefined : presentHealth(row)).toMatchObject({ status: 'error' })
  })

  test('another timeline, another module and another subject are apart; queues stand beneath their modules', () => {
    const history = [
      change(10, 'error', { moment: moment(10, 1) }),
      change(20, 'error', { module: 'map' }),
      change(30, 'warning', { subject: 'queue' }),
      change(40, 'warning', { module: 'players', subject: 'socket', message: 'gone' }),
    ]
    const rows = healthRows(
      { modules: ['map', 'tank'], readers: ['tank'], sockets: ['players'] },
      history,
      moment(50),
      100,
    )
    expect(rows.map((row) => [row.name, row.subject, presentHealth(row).status])).toEqual([
      ['map', 'module', 'error'],
      ['tank', 'module', 'ok'],
      ['tank', 'queue', 'warning'],
      ['players', 'socket', 'warning'],
    ])
  })

  test('a span says how long and why', () => {
    expect(spanWords({ status: 'warning', message: 'hot', from: 60, to: 780 }, 60)).toBe(
      'warning for 12 s, frames 60 to 780: hot',
    )
    expect(spanWords({ status: 'ok', from: 60, to: 70 }, 60)).toBe('ok for under 1 s, frames 60 to 70')
  })
})

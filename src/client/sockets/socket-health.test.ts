// What is kept of how sockets stood.

import { expect, test } from 'vitest'
import { frameNumber, timelineId } from '../../protocol/values.ts'
import { SocketHealth } from './socket-health.ts'

const at = (frame: number) => ({ timeline: timelineId(0), frame: frameNumber(frame) })

test('[HL3] a socket that opens is well; one that breaks, cannot be made, is no more wanted, or has a client that is late, is a change', () => {
  const health = new SocketHealth()
  health.note('net', 'open', 'ws://x', at(1))
  expect(health.history).toEqual([])
  health.note('net', 'connecting', 'the connection broke', at(30))
  health.note('net', 'connecting', 'refused', at(60))
  health.note('net', 'open', 'ws://x', at(90))
  health.note('tabs', 'closed', 'no channel', at(95))
  health.forget('tabs', at(120))
  health.forget('net', at(120))
  health.note('net', 'open', '80 messages wait', at(130), 'late')
  health.note('net', 'open', '90 messages wait', at(131), 'dropping')
  health.note('net', 'open', 'ws://x', at(132))
  expect(health.history).toMatchObject([
    { module: 'net', subject: 'socket', status: 'warning', message: 'the connection broke', moment: at(30) },
    { module: 'net', status: 'ok', moment: at(90) },
    { module: 'tabs', status: 'error', message: 'no channel', moment: at(95) },
    { module: 'tabs', status: 'ok', moment: at(120) },
    { module: 'net', status: 'warning', message: '80 messages wait' },
    { module: 'net', status: 'error' },
    { module: 'net', status: 'ok' },
  ])
})

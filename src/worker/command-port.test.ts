// The worker's end of the link over a real pair of ports.

import { expect, it, onTestFinished } from 'vitest'
import { CoppiceError } from '../protocol/errors.ts'
import { CommandPort, type ExecuteCommand } from './command-port.ts'

const execute: ExecuteCommand = (name, args) => {
  switch (name) {
    case 'echo':
      return args
    case 'later':
      return Promise.resolve('later')
    case 'function':
      return () => undefined
    case 'refused':
      throw new CoppiceError('not-paused', 'Pause first.', { details: { frame: 3 } })
    case 'refused-badly':
      throw new CoppiceError('invalid-state', 'No.', { details: () => undefined })
    case 'bug':
      throw new TypeError('oops')
    case 'unprintable':
      // A user's code may throw anything.
      throw Object.create(null)
    default:
      throw new CoppiceError('unknown-command', `There is no command "${name}".`)
  }
}

const connect = () => {
  const { port1, port2 } = new MessageChannel()
  const port = new CommandPort(port2, execute)
  const waiting: ((message: unknown) => void)[] = []
  port1.onmessage = ({ data }: MessageEvent<unknown>) => waiting.shift()?.(data)
  onTestFinished(() => port1.close())
  const next = (): Promise<unknown> => new Promise((resolve) => waiting.push(resolve))
  const send = (message: unknown): Promise<unknown> => {
    const answer = next()
    port1.postMessage(message)
    return answer
  }
  return { port, send, next }
}

it('[LK1] every command gets exactly one answer, results and errors alike', async () => {
  const { send } = connect()
  const command = (id: number, name: string) => send({ kind: 'command', id, name, args: [1, 'a'] })
  expect(await command(1, 'echo')).toEqual({ kind: 'answer', id: 1, ok: true, result: [1, 'a'] })
  expect(await command(2, 'later')).toEqual({ kind: 'answer', id: 2, ok: true, result: 'later' })
  expect(await command(3, 'refused')).toMatchObject({
    id: 3,
    ok: false,
    error: { code: 'not-paused', details: { frame: 3 } },
  })
  expect(await command(4, 'nonsense')).toMatchObject({ id: 4, ok: false, error: { code: 'unknown-command' } })
  expect(await command(5, 'bug')).toMatchObject({ id: 5, ok: false, error: { code: 'internal', message: 'oops' } })
  expect(await command(6, 'unprintable')).toMatchObject({ id: 6, ok: false, error: { code: 'internal' } })
})

it('[LK1] a result or details that cannot be cloned are still one answer', async () => {
  const { send } = connect()
  expect(await send({ kind: 'command', id: 1, name: 'function', args: [] })).toMatchObject({
    id: 1,
    ok: false,
    error: { code: 'internal' },
  })
  const answer = await send({ kind: 'command', id: 2, name: 'refused-badly', args: [] })
  expect(answer).toEqual({ kind: 'answer', id: 2, ok: false, error: { code: 'invalid-state', message: 'No.' } })
})

it('[LK1] malformed messages are answered where they carry an id, else told of', async () => {
  const { send } = connect()
  const malformed = { ok: false, error: { code: 'malformed-command' } }
  expect(await send({ kind: 'command', id: 1, name: 'echo', args: 'none' })).toMatchObject({ id: 1, ...malformed })
  expect(await send({ kind: 'command', id: 2, args: [] })).toMatchObject({ id: 2, ...malformed })
  expect(await send({ kind: 'wish', id: 3 })).toMatchObject({ id: 3, ...malformed })
  expect(await send('hello')).toMatchObject({
    kind: 'events',
    events: [{ type: 'internal-error', message: 'A message is string, not an object.' }],
  })
})

it('[LK2] events of one turn come together, with the sequence of the first', async () => {
  const { port, next } = connect()
  const told = [next(), next()]
  port.emit({ type: 'stalled', skippedMs: 300 })
  port.emit({ type: 'layer-gone', module: 'a' })
  await Promise.resolve()
  port.emit({ type: 'layer-gone', module: 'b' })
  expect(await Promise.all(told)).toEqual([
    {
      kind: 'events',
      sequence: 1,
      events: [
        { type: 'stalled', skippedMs: 300 },
        { type: 'layer-gone', module: 'a' },
      ],
    },
    { kind: 'events', sequence: 3, events: [{ type: 'layer-gone', module: 'b' }] },
  ])
})

it('[LK2] one that cannot be cloned is told of in its place, and keeps none from the page', async () => {
  const { port, next } = connect()
  const told = [next(), next(), next()]
  port.emit({ type: 'stalled', skippedMs: 300 })
  const uncloneable = { type: 'layer-gone', module: 'a', extra: () => undefined } as const
  port.emit(uncloneable)
  port.emit({ type: 'layer-gone', module: 'a' })
  expect(await Promise.all(told)).toMatchObject([
    { sequence: 1, events: [{ type: 'stalled' }] },
    { sequence: 2, events: [{ type: 'internal-error' }] },
    { sequence: 3, events: [{ type: 'layer-gone' }] },
  ])
})

it('[LK2] what happened before an answer is told before it', async () => {
  const { port1, port2 } = new MessageChannel()
  const port = new CommandPort(port2, () => port.emit({ type: 'layer-gone', module: 'a' }))
  const kinds: unknown[] = []
  const both = new Promise<void>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<{ readonly kind: string }>) => {
      kinds.push(data.kind)
      if (kinds.length === 2) resolve()
    }
  })
  onTestFinished(() => port1.close())
  port1.postMessage({ kind: 'command', id: 1, name: 'any', args: [] })
  await both
  expect(kinds).toEqual(['events', 'answer'])
})

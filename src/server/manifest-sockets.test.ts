import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readManifest } from './manifest.ts'

const read = (sockets: unknown) => readManifest(JSON.stringify({ modules: [], sockets }, undefined, 2))
const problemsOf = (sockets: unknown): readonly string[] =>
  read(sockets).problems.map(({ severity, line, message }) => `${severity} ${line}: ${message}`)

describe('[MB5] sockets of engine.json', () => {
  it('are filled in with defaults', () => {
    const { manifest, problems } = read([
      { name: 'page', kind: 'intra' },
      { name: 'tabs', kind: 'local', channel: 'game', receive: ['game:**'], send: [] },
      { name: 'net', kind: 'network', url: 'wss://nats.example:443', coordinator: ['pause', 'resume', 'pause'] },
    ])
    const client = ['client:**']
    expect(problems).toEqual([])
    expect(manifest.sockets).toEqual([
      { name: 'page', kind: 'intra', receive: client, send: client, coordinator: [] },
      { name: 'tabs', kind: 'local', channel: 'game', receive: ['game:**'], send: [], coordinator: [] },
      {
        name: 'net',
        kind: 'network',
        url: 'wss://nats.example:443',
        receive: client,
        send: client,
        coordinator: ['pause', 'resume'],
      },
    ])
    expect(read(undefined).manifest).not.toHaveProperty('sockets')
  })

  it.each([
    [{}, ['error 3: sockets: must be an array of sockets, not an object.']],
    [[1], ['error 4: sockets[0]: must be an object, not 1.']],
    [[{ kind: 'intra' }], ['error 4: sockets[0].name: is missing. Give the socket a name.']],
    [[{ name: 'a' }], ['error 4: sockets[0].kind: is missing: "intra", "local" or "network".']],
    [
      [{ name: 'a b', kind: 'intra' }],
      ['error 5: sockets[0].name: must be a name of letters, digits, _ and -, not "a b".'],
    ],
    [[{ name: 'a', kind: 'tcp' }], ['error 6: sockets[0].kind: must be "intra" or "local" or "network", not "tcp".']],
    [
      [{ name: 'a', kind: 'network' }],
      ['error 4: sockets[0].url: is missing: the WebSocket of a NATS server, "ws://…" or "wss://…".'],
    ],
    [
      [{ name: 'a', kind: 'network', url: 'nats://x' }],
      ['error 7: sockets[0].url: must be an address that begins with "ws://" or "wss://", not "nats://x".'],
    ],
    [[{ name: 'a', kind: 'network', url: 'ws://[' }], ['error 7: sockets[0].url: "ws://[" is no address.']],
    [
      [{ name: 'a', kind: 'network', url: 'ws://me:secret@x' }],
      [
        'error 7: sockets[0].url: must hold no user, password or token. Set COPPICE_NATS_TOKEN, or COPPICE_NATS_USER and COPPICE_NATS_PASSWORD, where the dev server is started.',
      ],
    ],
    [
      [{ name: 'a', kind: 'intra', url: 'ws://x' }],
      ['warning 7: sockets[0].url: is for kind "network" only; it is ignored.'],
    ],
    [
      [{ name: 'a', kind: 'intra', receive: ['x:**:y'] }],
      [
        'error 8: sockets[0].receive[0]: pattern "x:**:y" has "**" before its end: "**" means the rest of the topic, use "*" for one segment.',
      ],
    ],
    [[{ name: 'a', kind: 'intra', send: 'x' }], ['error 7: sockets[0].send: must be an array of topics, not "x".']],
    [
      [{ name: 'a', kind: 'network', url: 'ws://x', send: ['v1.2:x'] }],
      ['error 9: sockets[0].send[0]: pattern "v1.2:x" can\'t cross a network socket: it contains "." or ">".'],
    ],
    [
      [{ name: 'a', kind: 'intra', coordinator: ['fly'] }],
      [
        'error 8: sockets[0].coordinator[0]: must be "status" or "pause" or "resume" or "step" or "reload" or "setConfig" or "shutdown", not "fly".',
      ],
    ],
    [
      [
        { name: 'a', kind: 'intra' },
        { name: 'a', kind: 'local' },
      ],
      ['error 8: sockets[1].name: "a" is the name of sockets[0] too. Each socket has a name of its own.'],
    ],
    [
      [{ name: 'a', kind: 'intra', token: 'x' }],
      [
        'warning 7: sockets[0].token: is not a field Coppice knows; it is ignored. Known are name, kind, channel, url, receive, send, coordinator.',
      ],
    ],
  ])('%j is told with line and field', (sockets, problems) => {
    expect(problemsOf(sockets)).toEqual(problems)
  })

  it('whatever stands there, it is read without a crash, and what is read can be used', () => {
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom('intra', 'local', 'network', 'ws://x', 'client:**', 'pause'))
    const names = ['name', 'kind', 'channel', 'url', 'receive', 'send', 'coordinator']
    const socket = fc.dictionary(fc.constantFrom(...names), fc.oneof(value, fc.array(value, { maxLength: 3 })))
    fc.assert(
      fc.property(fc.oneof(value, fc.array(fc.oneof(socket, value), { maxLength: 3 })), (sockets) => {
        const { manifest, isGood, problems } = read(sockets)
        for (const one of manifest.sockets ?? []) {
          expect([one.receive, one.send, one.coordinator].every(Array.isArray)).toBe(true)
          expect(one.kind === 'network' ? one.url : '').toBeTypeOf('string')
        }
        const hasErrors = problems.some(({ severity }) => severity === 'error')
        expect(isGood).toBe(!hasErrors)
        for (const { line, message } of problems)
          expect([line, message]).toEqual([expect.any(Number), expect.any(String)])
      }),
    )
  })
})

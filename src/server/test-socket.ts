// A websocket client small enough to hold in one's head, for tests: Node 20 has none. Text messages only, as Vite sends
// them; the headers of the handshake are the test's.

import { randomBytes } from 'node:crypto'
import { type IncomingHttpHeaders, request } from 'node:http'
import type { Socket } from 'node:net'

export interface TestSocket {
  send(text: string): void
  onMessage(handler: (text: string) => void): void
  /** Resolves when the other side, or we, closed it. */
  readonly closed: Promise<void>
  close(): void
}

const encodeFrame = (text: string): Buffer => {
  const body = Buffer.from(text)
  const length =
    body.length < 126
      ? [0x80 | body.length]
      : body.length < 65_536
        ? [0x80 | 126, body.length >> 8, body.length & 255]
        : undefined
  const head = length === undefined ? Buffer.alloc(10) : Buffer.from([0x81, ...length])
  if (length === undefined) {
    head[0] = 0x81
    head[1] = 0x80 | 127
    head.writeBigUInt64BE(BigInt(body.length), 2)
  }
  const mask = randomBytes(4)
  for (const [index, byte] of body.entries()) body[index] = byte ^ (mask[index & 3] ?? 0)
  return Buffer.concat([head, mask, body])
}

interface Frame {
  readonly kind: number
  readonly body: Buffer
  readonly size: number
}

const decodeFrame = (data: Buffer): Frame | undefined => {
  if (data.length < 2) return undefined
  const short = (data[1] ?? 0) & 127
  const offset = short === 126 ? 4 : short === 127 ? 10 : 2
  if (data.length < offset) return undefined
  const length = short === 126 ? data.readUInt16BE(2) : short === 127 ? Number(data.readBigUInt64BE(2)) : short
  if (data.length < offset + length) return undefined
  return { kind: (data[0] ?? 0) & 15, body: data.subarray(offset, offset + length), size: offset + length }
}

const wrap = (socket: Socket, head: Buffer): TestSocket => {
  let data = head
  const handlers: ((text: string) => void)[] = []
  const read = (): void => {
    for (let frame = decodeFrame(data); frame !== undefined; frame = decodeFrame(data)) {
      data = data.subarray(frame.size)
      const text = frame.body.toString()
      if (frame.kind === 1) for (const handler of handlers) handler(text)
      if (frame.kind === 8) socket.end()
    }
  }
  socket.on('data', (chunk: Buffer) => {
    data = Buffer.concat([data, chunk])
    read()
  })
  socket.on('error', () => socket.destroy())
  return {
    send: (text) => void socket.write(encodeFrame(text)),
    onMessage: (handler) => {
      handlers.push(handler)
      read()
    },
    closed: new Promise((resolve) => {
      socket.on('close', () => resolve())
    }),
    close: () => void socket.destroy(),
  }
}

/** Rejects with the status where the server refuses the handshake. */
export const openTestSocket = (url: URL, headers: IncomingHttpHeaders): Promise<TestSocket> =>
  new Promise((resolve, reject) => {
    const upgrade = {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      'Sec-WebSocket-Protocol': 'vite-hmr',
    }
    const asked = request(url, { headers: { ...upgrade, ...headers } })
    asked.on('upgrade', (_response, socket, head) => {
      if ('setNoDelay' in socket) resolve(wrap(socket, head))
    })
    asked.on('response', (response) => reject(new Error(`refused with ${response.statusCode}`)))
    asked.on('error', reject)
    asked.end()
  })

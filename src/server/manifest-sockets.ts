// The `sockets` of engine.json. A token or password never stands in it: it is in the environment of the dev server.

import type { Node } from 'jsonc-parser'
import { coordinatorCommands, socketKinds, type CoordinatorCommand, type ManifestSocket } from '../protocol/sockets.ts'
import { checkPattern } from '../protocol/topic.ts'
import { addProblem, choiceIn, describeValue, errorCount, fieldsOf, type Reader } from './manifest-reader.ts'

const socketFields = ['name', 'kind', 'channel', 'url', 'receive', 'send', 'coordinator']
const clientTopics = ['client:**']

/** All that can be used of them; what is wrong is told of. */
export const socketsIn = (reader: Reader, node: Node | undefined): readonly ManifestSocket[] => {
  if (node === undefined) return []
  if (node.type !== 'array') {
    addProblem(reader, 'error', 'sockets', `must be an array of sockets, not ${describeValue(node)}.`, node.offset)
    return []
  }
  const sockets: ManifestSocket[] = []
  for (const [index, item] of (node.children ?? []).entries()) {
    const socket = socketIn(reader, item, `sockets[${index}]`)
    if (socket === undefined) continue
    const twin = sockets.findIndex(({ name }) => name === socket.name)
    if (twin < 0) sockets.push(socket)
    else
      addProblem(
        reader,
        'error',
        `sockets[${index}].name`,
        `"${socket.name}" is the name of sockets[${twin}] too. Each socket has a name of its own.`,
        item.offset,
      )
  }
  return sockets
}

const socketIn = (reader: Reader, node: Node, field: string): ManifestSocket | undefined => {
  const fields = fieldsOf(reader, node, field, socketFields)
  if (fields === undefined) return undefined
  const before = errorCount(reader)
  const name = textIn(
    reader,
    fields.get('name'),
    `${field}.name`,
    /^[\w-]{1,64}$/,
    'a name of letters, digits, _ and -',
  )
  if (fields.get('name') === undefined)
    addProblem(reader, 'error', `${field}.name`, 'is missing. Give the socket a name.', node.offset)
  const kindNode = fields.get('kind')
  if (kindNode === undefined)
    addProblem(reader, 'error', `${field}.kind`, 'is missing: "intra", "local" or "network".', node.offset)
  const kind = choiceIn(reader, kindNode, `${field}.kind`, socketKinds)
  const channel = onlyFor(reader, fields.get('channel'), `${field}.channel`, kind === 'local', 'local')
    ? textIn(reader, fields.get('channel'), `${field}.channel`, /^.{1,200}$/, 'a name of up to 200 characters')
    : undefined
  const urlNode = fields.get('url')
  const url = onlyFor(reader, urlNode, `${field}.url`, kind === 'network', 'network')
    ? urlIn(reader, urlNode, field)
    : undefined
  if (kind === 'network' && urlNode === undefined)
    addProblem(
      reader,
      'error',
      `${field}.url`,
      'is missing: the WebSocket of a NATS server, "ws://…" or "wss://…".',
      node.offset,
    )
  const receive = patternsIn(reader, fields.get('receive'), `${field}.receive`, kind === 'network')
  const send = patternsIn(reader, fields.get('send'), `${field}.send`, kind === 'network')
  const coordinator = commandsIn(reader, fields.get('coordinator'), `${field}.coordinator`)
  if (name === undefined || kind === undefined || errorCount(reader) > before) return undefined
  return {
    name,
    kind,
    ...(channel === undefined ? {} : { channel }),
    ...(url === undefined ? {} : { url }),
    receive,
    send,
    coordinator,
  }
}

/** True where the field may stand; where it stands in vain, that is told of. */
const onlyFor = (reader: Reader, node: Node | undefined, field: string, isRight: boolean, kind: string): boolean => {
  if (!isRight && node !== undefined)
    addProblem(reader, 'warning', field, `is for kind "${kind}" only; it is ignored.`, node.offset)
  return isRight
}

const textIn = (
  reader: Reader,
  node: Node | undefined,
  field: string,
  rule: RegExp,
  wanted: string,
): string | undefined => {
  if (node === undefined) return undefined
  const value: unknown = node.value
  if (typeof value === 'string' && rule.test(value)) return value
  addProblem(reader, 'error', field, `must be ${wanted}, not ${describeValue(node)}.`, node.offset)
  return undefined
}

const urlIn = (reader: Reader, node: Node | undefined, socket: string): string | undefined => {
  const field = `${socket}.url`
  const text = textIn(reader, node, field, /^wss?:\/\/.+$/, 'an address that begins with "ws://" or "wss://"')
  if (text === undefined || node === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined) {
    addProblem(reader, 'error', field, `"${text}" is no address.`, node.offset)
    return undefined
  }
  if (url.username === '' && url.password === '' && url.search === '') return text
  addProblem(
    reader,
    'error',
    field,
    'must hold no user, password or token. Set COPPICE_NATS_TOKEN, or COPPICE_NATS_USER and COPPICE_NATS_PASSWORD, where the dev server is started.',
    node.offset,
  )
  return undefined
}

const itemsIn = (reader: Reader, node: Node, field: string, what: string): readonly Node[] => {
  if (node.type === 'array') return node.children ?? []
  addProblem(reader, 'error', field, `must be an array of ${what}, not ${describeValue(node)}.`, node.offset)
  return []
}

const patternsIn = (reader: Reader, node: Node | undefined, field: string, isNetwork: boolean): readonly string[] => {
  if (node === undefined) return clientTopics
  const patterns: string[] = []
  for (const [index, item] of itemsIn(reader, node, field, 'topics').entries()) {
    const value: unknown = item.value
    const problem =
      checkPattern(value) ??
      (isNetwork && typeof value === 'string' && /[.>]/.test(value)
        ? `pattern "${value}" can't cross a network socket: it contains "." or ">"`
        : undefined)
    if (problem === undefined && typeof value === 'string') patterns.push(value)
    else addProblem(reader, 'error', `${field}[${index}]`, `${problem ?? 'is no pattern'}.`, item.offset)
  }
  return patterns
}

const commandsIn = (reader: Reader, node: Node | undefined, field: string): readonly CoordinatorCommand[] => {
  if (node === undefined) return []
  const commands: CoordinatorCommand[] = []
  for (const [index, item] of itemsIn(reader, node, field, 'commands').entries()) {
    const found = choiceIn(reader, item, `${field}[${index}]`, coordinatorCommands)
    if (found !== undefined && !commands.includes(found)) commands.push(found)
  }
  return commands
}

// The JSON schema of engine.json, for completion, hovers and squiggles while it is edited. What the engine accepts is
// decided by the server's reading of the manifest, never here.

import { coordinatorCommands, socketKinds } from '../../protocol/sockets.ts'

const strategies = {
  sequential: "Runs on the engine's own thread.",
} as const

/** JSON schema, draft 7, with markdown descriptions where Monaco shows them. */
export const engineSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Coppice program',
  type: 'object',
  required: ['modules'],
  additionalProperties: false,
  properties: {
    $schema: { type: 'string' },
    targetFps: {
      type: 'number',
      minimum: 1,
      maximum: 1000,
      default: 60,
      description: 'Frames per second of engine time. The budget of a frame is 1000 / targetFps ms.',
    },
    seed: {
      type: 'integer',
      minimum: 0,
      maximum: 4294967295,
      default: 1,
      description: 'Start of every random stream. The same seed, versions and inputs give the same frames.',
    },
    math: {
      enum: ['portable', 'native'],
      default: 'portable',
      description: 'Which Math modules get. `native` is faster and gives up equal results between browsers and Node.',
      enumDescriptions: [
        'The same bits everywhere.',
        "The platform's own: faster, results may differ in the last bit.",
      ],
    },
    view: {
      type: 'object',
      additionalProperties: false,
      description: 'The surface modules draw on. Drawing and pointer use its units.',
      properties: {
        width: { type: 'number', exclusiveMinimum: 0, default: 1280, description: 'Units from left to right.' },
        height: { type: 'number', exclusiveMinimum: 0, default: 720, description: 'Units from top to bottom.' },
        fit: {
          enum: ['contain', 'panel'],
          default: 'contain',
          description: 'How the view fits its panel.',
          enumDescriptions: ['Fixed size, letterboxed.', 'The size follows the panel and is an input of the program.'],
        },
      },
    },
    sockets: {
      type: 'array',
      description: 'What joins the bus from outside: other tabs, players, a coordinator.',
      items: {
        type: 'object',
        required: ['name', 'kind'],
        additionalProperties: false,
        defaultSnippets: [{ label: 'socket', body: { name: '${1:players}', kind: '${2:local}' } }],
        properties: {
          name: { type: 'string', pattern: '^[\\w-]{1,64}$', description: 'Unique.' },
          kind: {
            enum: socketKinds,
            description: 'What carries it.',
            enumDescriptions: [
              'This page: `coppice.connect(…)`.',
              'Other tabs: a BroadcastChannel.',
              'NATS over WebSocket.',
            ],
          },
          channel: { type: 'string', description: 'Of a local socket. Default: `coppice:<workspace>`.' },
          url: {
            type: 'string',
            pattern: '^wss?://',
            description:
              'Of a network socket. Token or user: COPPICE_NATS_TOKEN, COPPICE_NATS_USER, COPPICE_NATS_PASSWORD.',
          },
          receive: {
            type: 'array',
            items: { type: 'string' },
            default: ['client:**'],
            description: 'Topics that may come in. At most 5 messages a client enter a frame.',
          },
          send: {
            type: 'array',
            items: { type: 'string' },
            default: ['client:**'],
            description: 'Topics that go out when a module publishes them.',
          },
          coordinator: {
            type: 'array',
            uniqueItems: true,
            items: { enum: coordinatorCommands },
            default: [],
            description: 'Commands that may come as `coordinator:<command>`.',
          },
        },
      },
    },
    modules: {
      type: 'array',
      description: 'The modules, in the order of drawing and of messages within a frame.',
      items: {
        type: 'object',
        required: ['name', 'path'],
        additionalProperties: false,
        defaultSnippets: [{ label: 'module', body: { name: '${1:name}', path: '${1:name}.ts' } }],
        properties: {
          name: {
            type: 'string',
            minLength: 1,
            description: 'Unique. State, versions and receipts belong to the name.',
          },
          path: {
            type: 'string',
            minLength: 1,
            description:
              'TypeScript or JavaScript file, relative to this folder, whose default export is `defineModule({ … })`.',
          },
          strategy: {
            enum: Object.keys(strategies),
            default: 'sequential',
            description: 'What runs the module.',
            enumDescriptions: Object.values(strategies),
          },
          hz: {
            type: 'number',
            exclusiveMinimum: 0,
            description: 'Calls of `process` per second, at most targetFps. Absent: every frame.',
          },
          config: {
            type: 'object',
            description: 'Lies over the defaults in code, key by key.',
            additionalProperties: true,
          },
        },
      },
    },
  },
} as const

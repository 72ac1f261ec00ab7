// What the command line understands: `coppice [folder] [options]`, and the headless runner's options. Pure: arguments in,
// values or a message out.

import { existsSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { CoppiceError } from '../protocol/errors.ts'
import { findPackageRoot } from './package-root.ts'

export interface ServeArguments {
  /** As typed; absent: the examples. */
  readonly folder: string | undefined
  readonly port: number | undefined
  /** True: every address of this machine. */
  readonly host: string | true | undefined
  readonly isBrowserWanted: boolean
  /** The headers that isolate the page are sent. */
  readonly isIsolated: boolean
  readonly isHelpWanted: boolean
}

export interface HeadlessArguments {
  readonly folder: string | undefined
  readonly frames: number
  readonly isJson: boolean
  /** What modules save goes into the folder's `data/`. */
  readonly isSaving: boolean
  readonly hasSockets: boolean
  readonly isHelpWanted: boolean
}

export const serveHelp = `Usage: coppice [folder] [options]

Opens the IDE on a folder of modules; without one, on the examples.

  --port <number>   port to listen on (default 5173, or the next free one)
  --host [address]  listen on this address, or on every address
  --no-open         do not open the browser
  --no-isolation    leave out the headers that give the page shared memory, and keep out what others serve
  --help            this text
`

export const headlessHelp = `Usage: headless <folder> [options]

Runs a folder of modules without a browser. The last line is JSON: { frames, stateHash, ms, modules }.

  --frames <number>  how many frames to run (default 600)
  --json             print nothing but that line
  --save             keep what modules save in the folder's data/, as the IDE does; without it they only read it
  --sockets          open the sockets of engine.json; frames then come at their rate, not as fast as they can
  --help             this text
`

const invalid = (message: string): CoppiceError => new CoppiceError('invalid-argument', message)

const parse = <Options extends NonNullable<Parameters<typeof parseArgs>[0]>['options']>(
  args: readonly string[],
  options: Options & {},
) => {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw invalid(`${error instanceof Error ? error.message : String(error)} See --help.`)
  }
}

const wholeNumber = (text: string | undefined, name: string, low: number, high: number): number | undefined => {
  if (text === undefined) return undefined
  const value = Number(text)
  if (!Number.isInteger(value) || value < low || value > high)
    throw invalid(`--${name} must be a whole number from ${low} to ${high}, not ${text}.`)
  return value
}

const onlyFolder = (positionals: readonly string[]): string | undefined => {
  if (positionals.length > 1) throw invalid(`One folder at a time, not ${positionals.join(' and ')}.`)
  return positionals[0]
}

/** Throws `invalid-argument`. */
export const readServeArguments = (args: readonly string[]): ServeArguments => {
  // `--host` stands alone or with an address.
  const bareHost = args.findIndex(
    (arg, index) => arg === '--host' && (args[index + 1] === undefined || args[index + 1]?.startsWith('-')),
  )
  const rest = args.filter((_, index) => index !== bareHost)
  const { values, positionals } = parse(rest, {
    port: { type: 'string' },
    host: { type: 'string' },
    'no-open': { type: 'boolean' },
    'no-isolation': { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  })
  return {
    folder: onlyFolder(positionals),
    port: wholeNumber(values.port, 'port', 1, 65_535),
    host: bareHost >= 0 ? true : values.host,
    isBrowserWanted: values['no-open'] !== true,
    isIsolated: values['no-isolation'] !== true,
    isHelpWanted: values.help === true,
  }
}

/** Throws `invalid-argument`. */
export const readHeadlessArguments = (args: readonly string[]): HeadlessArguments => {
  const { values, positionals } = parse(args, {
    frames: { type: 'string' },
    json: { type: 'boolean' },
    save: { type: 'boolean' },
    sockets: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  })
  return {
    folder: onlyFolder(positionals),
    frames: wholeNumber(values.frames, 'frames', 0, 100_000_000) ?? 600,
    isJson: values.json === true,
    isSaving: values.save === true,
    hasSockets: values.sockets === true,
    isHelpWanted: values.help === true,
  }
}

/** `npm start` runs in our folder; the folder typed after it is meant from where the user stood. */
export const resolveTypedFolder = (folder: string): string => {
  const typedFrom = process.env['INIT_CWD']
  const isUnderNpm =
    typedFrom !== undefined && existsSync(typedFrom) && realpathSync(process.cwd()) === realpathSync(findPackageRoot())
  return resolve(isUnderNpm ? typedFrom : process.cwd(), folder)
}

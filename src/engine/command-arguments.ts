// Checks what came over the port before a handler sees it. A wrong argument is a CoppiceError `malformed-command` that names the
// command, the argument and what it should be.

import type { BusFilter } from '../protocol/bus.ts'
import type { CodeText, ProgramRevision, RefusedText } from '../protocol/code.ts'
import type { LayerCanvas, WaitCondition } from '../protocol/commands.ts'
import type { ConfigPath } from '../protocol/config.ts'
import { CoppiceError } from '../protocol/errors.ts'
import type { RehearsalRequest } from '../protocol/rehearsal.ts'
import type { ReplayRequest } from '../protocol/replay.ts'
import type { DeviceInput } from '../protocol/input.ts'
import type { TakeOver } from '../protocol/journal.ts'
import type { VerificationRequest } from '../protocol/verification.ts'
import type { InspectionRequest } from '../protocol/inspection.ts'
import type { SavedData } from '../protocol/saved.ts'
import { logLevels } from '../protocol/log.ts'
import { checkTopic } from '../protocol/topic.ts'
import type { LogFilter, LogLevel } from '../protocol/log.ts'
import type { SocketMessage } from '../protocol/sockets.ts'
import type { DataPath, SourcePosition } from '../protocol/values.ts'
import { describeType, isRecord } from './definition.ts'
import { isBuffer, isRehearsal, isReplay, isRevision, isTakeOver, isTexts, isVerification } from './engine-requests.ts'

/** The arguments of one command, by place. */
export class CommandInput {
  readonly #command: string
  readonly #args: readonly unknown[]

  constructor(command: string, args: readonly unknown[]) {
    this.#command = command
    this.#args = args
  }

  /** As it is. */
  value(index: number): unknown {
    return this.#args[index]
  }

  text(index: number, name: string): string {
    return this.#checked(index, name, 'a string', isText)
  }

  boolean(index: number, name: string): boolean {
    return this.#checked(index, name, 'true or false', (value) => typeof value === 'boolean')
  }

  record(index: number, name: string): Readonly<Record<string, unknown>> {
    return this.#checked(index, name, 'an object', isRecord)
  }

  /** A whole number of at least 1. */
  count(index: number, name: string): number {
    return this.#checked(index, name, 'a whole number from 1', isCount)
  }

  number(index: number, name: string): number {
    return this.#checked(index, name, 'a number', isNumber)
  }

  path(index: number, name: string): string | DataPath {
    return this.#checked(index, name, 'a path such as tanks[3].hp', isPath)
  }

  configPaths(index: number, name: string): readonly ConfigPath[] {
    return this.#checked(index, name, 'an array of paths such as ["enemy", "speed"]', isConfigPaths)
  }

  saved(index: number): SavedData {
    return this.#checked(index, 'saved', 'saved data by module and key', isSaved)
  }

  deviceInput(index: number): DeviceInput {
    return this.#checked(index, 'input', 'a key, pointer, gamepad, blur or view-size input', isDeviceInput)
  }

  place(index: number): SourcePosition {
    return this.#checked(index, 'place', 'a file with line and column', isPlace)
  }

  rehearsal(index: number): RehearsalRequest {
    return this.#checked(index, 'request', 'what is to be rehearsed', isRehearsal)
  }

  replay(index: number): ReplayRequest {
    return this.#checked(index, 'request', 'timeline, entries and texts of a run', isReplay)
  }

  verification(index: number): VerificationRequest {
    return this.#checked(index, 'request', 'what is to be computed again', isVerification)
  }

  captures(index: number): SharedArrayBuffer | ArrayBuffer {
    return this.#checked(index, 'captures', 'the memory of captures', isBuffer)
  }

  optionalCaptures(index: number): SharedArrayBuffer | ArrayBuffer | undefined {
    return this.#args[index] === undefined ? undefined : this.captures(index)
  }

  offReason(index: number): 'setting' | 'battery' {
    return this.#checked(index, 'reason', "'setting' or 'battery'", isOffReason)
  }

  takeOver(index: number): TakeOver {
    return this.#checked(index, 'source', 'texts, captures and journal of another engine', isTakeOver)
  }

  revision(index: number): ProgramRevision {
    return this.#checked(index, 'revision', 'a revision with manifest, modules and texts', isRevision)
  }

  texts(index: number): readonly CodeText[] {
    return this.#checked(index, 'texts', 'texts with hash, file, text and imports', isTexts)
  }

  layerCanvas(index: number): LayerCanvas {
    return this.#checked(index, 'layer', 'a canvas with module, request and its size in pixels', isLayerCanvas)
  }

  logFilter(index: number): LogFilter {
    return this.#checked(index, 'filter', 'a filter of level, module, text, sinceFrame', isLogFilter)
  }

  inspection(index: number): InspectionRequest {
    return this.#checked(index, 'request', 'a module and the paths to expand', isInspection)
  }

  socketMessages(index: number): readonly SocketMessage[] {
    return this.#checked(index, 'messages', 'messages with sequence, socket, client, topic', isSocketMessages)
  }

  logLevel(index: number): LogLevel {
    return this.#checked(index, 'level', logLevels.join(', '), isLogLevel)
  }

  busFilter(index: number): BusFilter {
    return this.#checked(index, 'filter', 'a filter of topic, module, text', isBusFilter)
  }

  condition(index: number): WaitCondition {
    return this.#checked(
      index,
      'condition',
      '{ frame }, { module, path, equals }, { topic } of one exact topic, or { receipt }',
      isCondition,
    )
  }

  /** A field of an optional options object; undefined where it is absent. */
  optionalNumber(index: number, field: string): number | undefined {
    const value = this.#option(index, field)
    if (value === undefined) return undefined
    if (isNumber(value)) return value
    return this.#refuse(field, 'a number', value)
  }

  optionalBoolean(index: number, field: string): boolean | undefined {
    const value = this.#option(index, field)
    if (value === undefined || typeof value === 'boolean') return value
    return this.#refuse(field, 'true or false', value)
  }

  optionalChoice<Choice extends string>(index: number, field: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.#option(index, field)
    const chosen = choices.find((choice) => choice === value)
    if (value === undefined || chosen !== undefined) return chosen
    return this.#refuse(field, choices.map((choice) => `"${choice}"`).join(' or '), value)
  }

  optionalRefusal(index: number, field: string): RefusedText | undefined {
    const value = this.#option(index, field)
    if (value === undefined || isRefusal(value)) return value
    return this.#refuse(field, 'a refused text', value)
  }

  #option(index: number, field: string): unknown {
    const options = this.#args[index]
    if (options === undefined) return undefined
    return isRecord(options) ? options[field] : this.#refuse('options', 'an object', options)
  }

  #checked<Value>(index: number, name: string, wanted: string, isRight: (value: unknown) => value is Value): Value {
    const value = this.#args[index]
    return isRight(value) ? value : this.#refuse(name, wanted, value)
  }

  #refuse(name: string, wanted: string, value: unknown): never {
    throw new CoppiceError(
      'malformed-command',
      `${this.#command}: ${name} must be ${wanted}, but is ${describeType(value)}.`,
    )
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && !Number.isNaN(value)
}

function isFinite(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function isCount(value: unknown): value is number {
  return isFinite(value) && Number.isInteger(value) && value >= 1
}

function isPath(value: unknown): value is string | DataPath {
  return isText(value) || (Array.isArray(value) && value.every(isStep))
}

function isConfigPaths(value: unknown): value is readonly ConfigPath[] {
  return Array.isArray(value) && value.every((path) => Array.isArray(path) && path.every(isText))
}

function isSaved(value: unknown): value is SavedData {
  return isRecord(value) && Object.values(value).every(isRecord)
}

function isStep(value: unknown): boolean {
  return (
    isText(value) ||
    isFinite(value) ||
    (isRecord(value) && ['string', 'number', 'boolean'].includes(typeof value['key']))
  )
}

function isNumbers(value: unknown): boolean {
  return Array.isArray(value) && value.every(isFinite)
}

function isDeviceInput(value: unknown): value is DeviceInput {
  if (!isRecord(value)) return false
  switch (value['kind']) {
    case 'key':
      return isText(value['code']) && typeof value['down'] === 'boolean'
    case 'pointer':
      return isFinite(value['x']) && isFinite(value['y']) && isFinite(value['buttons'])
    case 'gamepad':
      return (
        isFinite(value['index']) &&
        typeof value['isConnected'] === 'boolean' &&
        isNumbers(value['axes']) &&
        isNumbers(value['buttons'])
      )
    case 'blur':
      return true
    case 'view-size':
      return isFinite(value['width']) && isFinite(value['height']) && value['width'] > 0 && value['height'] > 0
    default:
      return false
  }
}

function isRefusal(value: unknown): value is RefusedText {
  return (
    isRecord(value) &&
    isText(value['module']) &&
    isText(value['entry']) &&
    isText(value['phase']) &&
    isRecord(value['error'])
  )
}

function isOffReason(value: unknown): value is 'setting' | 'battery' {
  return value === 'setting' || value === 'battery'
}

function isPlace(value: unknown): value is SourcePosition {
  return isRecord(value) && isText(value['file']) && isCount(value['line']) && isCount(value['column'])
}

function isLayerCanvas(value: unknown): value is LayerCanvas {
  return (
    isRecord(value) &&
    isText(value['module']) &&
    isFinite(value['request']) &&
    isRecord(value['canvas']) &&
    isFinite(value['pixelWidth']) &&
    isFinite(value['pixelHeight'])
  )
}

function isLogFilter(value: unknown): value is LogFilter {
  if (!isRecord(value)) return false
  const { level, module, text, sinceFrame } = value
  return (
    (level === undefined || isLogLevel(level)) &&
    (module === undefined || isText(module)) &&
    (text === undefined || isText(text)) &&
    (sinceFrame === undefined || isFinite(sinceFrame))
  )
}

function isSocketMessages(value: unknown): value is readonly SocketMessage[] {
  return (
    Array.isArray(value) &&
    value.every(
      (item) =>
        isRecord(item) && isFinite(item['sequence']) && [item['socket'], item['client'], item['topic']].every(isText),
    )
  )
}

function isLogLevel(value: unknown): value is LogLevel {
  return logLevels.some((known) => known === value)
}

function isBusFilter(value: unknown): value is BusFilter {
  return (
    isRecord(value) &&
    [value['topic'], value['module'], value['text']].every((item) => item === undefined || isText(item))
  )
}

function isInspection(value: unknown): value is InspectionRequest {
  if (!isRecord(value)) return false
  const { module, expanded } = value
  return (
    isText(module) &&
    Array.isArray(expanded) &&
    expanded.every((item) => isRecord(item) && Array.isArray(item['path']) && isPath(item['path']))
  )
}

function isCondition(value: unknown): value is WaitCondition {
  if (!isRecord(value)) return false
  if ('frame' in value) return isFinite(value['frame'])
  if ('topic' in value) return checkTopic(value['topic']) === undefined
  if ('receipt' in value)
    return ['committed', 'rejected', 'rolled-back', 'superseded'].some((outcome) => outcome === value['receipt'])
  return isText(value['module']) && isPath(value['path']) && 'equals' in value
}

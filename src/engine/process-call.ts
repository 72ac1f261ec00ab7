// What a module's `process` is handed: one object per module, reused for every call. What it does goes to the program's ends (bus, devices,
// outputs, tasks), in this thread or, recorded, in another one (src/worker/recorded-ends.ts).

import { CoppiceError } from '../protocol/errors.ts'
import type { LogLevel } from '../protocol/log.ts'
import type { ManifestModule } from '../protocol/manifest.ts'
import type { Input, Log, Message, PlayOptions, Random, Sound } from '../protocol/module.ts'
import type { CallAction } from '../protocol/module-host.ts'
import { savePrefix } from '../protocol/saved.ts'
import type { ContentHash } from '../protocol/values.ts'
import type { BusPort } from './bus/bus-port.ts'
import type { CallTracker } from './call-tracker.ts'
import type { Config } from './config-layers.ts'
import type { Definition } from './definition.ts'
import type { InputView } from './devices.ts'
import type { InstanceParts } from './module-instance.ts'
import type { Outputs } from './outputs.ts'
import { RandomStream } from './random.ts'
import { copyForSaving } from './saved-data.ts'
import { soundOutput } from './sound.ts'
import type { TaskPort, TaskResultData } from './tasks/task-book.ts'

/** What `process` reaches of the program around its module. */
export interface CallEnds {
  readonly bus: Pick<BusPort, 'publish' | 'after' | 'messages' | 'rollback'>
  readonly input: InputView
  readonly outputs: Pick<Outputs, 'add' | 'discard'>
  readonly tasks: Pick<TaskPort, 'run' | 'results' | 'begin' | 'rollback'>
}

/** Whose call it is: asked at each use, as a commit changes it. */
interface CalledModule {
  readonly name: string
  readonly manifest: ManifestModule
  readonly entry: ContentHash
  readonly definition: Definition
}

/** What `process` is handed. Fields are set before each call. */
export class ProcessCall {
  state: unknown = undefined
  config: Config = {}
  resources: unknown = undefined
  dt = 0
  time = 0
  frame = 0
  deps: Readonly<Record<string, unknown>> = {}
  readonly log: Log
  readonly messages: (topic?: string) => Message[]
  readonly publish: (topic: string, data: unknown) => void
  readonly after: (seconds: number, topic: string, data: unknown) => void
  readonly sound: Sound
  /** Gives the task's id. */
  readonly runTask: (task: string, data: unknown) => number
  readonly results: (task?: string) => TaskResultData[]
  readonly span: (name: string, body: () => unknown) => unknown
  readonly #call: CallTracker
  readonly #module: CalledModule
  #stream: RandomStream
  #streamFrame = -1
  #seed = 0
  #ends: CallEnds | undefined

  // Not the parts as a whole: they hold the first version's code, and this outlives it.
  constructor({ call, manifest, write: writeLine }: InstanceParts, module: CalledModule) {
    this.#call = call
    this.#module = module
    this.#stream = new RandomStream(manifest.name, 'process')
    const write =
      (level: LogLevel) =>
      (...values: unknown[]): void =>
        writeLine(module.name, level, values)
    this.log = {
      trace: write('trace'),
      debug: write('debug'),
      info: write('info'),
      warning: write('warning'),
      error: write('error'),
      critical: write('critical'),
    }
    this.messages = (topic) => this.#inProcess('messages').bus.messages(topic)
    this.publish = (topic, data) => this.#publish(topic, data)
    this.after = (seconds, topic, data) => this.#inProcess('after').bus.after(seconds, topic, data)
    this.sound = { play: (file, options) => this.#play(file, options) }
    this.runTask = (task, data) => this.#runTask(task, data)
    this.results = (task) => this.#inProcess('results').tasks.results(task)
    this.span = (_name, body) => body()
  }

  /** The stream of this frame, made when it is first asked for. */
  get random(): Random {
    if (this.#streamFrame !== this.frame) {
      this.#streamFrame = this.frame
      this.#stream.reset(this.#seed, this.frame)
    }
    return this.#stream.random
  }

  get input(): Input {
    if (this.#ends === undefined) throw this.#misused('input')
    return this.#ends.input
  }

  /** Frame of the last call whose view of the devices was seen to its end. */
  get lastCall(): number {
    return this.#ends?.input.lastCall ?? 0
  }

  /** Wheel movement since then. */
  get wheel(): number {
    return this.#ends?.input.wheel ?? 0
  }

  /** Joins the module to its program; again after a rename. */
  connect(ends: CallEnds): void {
    this.#ends = ends
    this.#stream = new RandomStream(this.#module.name, 'process')
    this.#streamFrame = -1
  }

  /** Before each call. */
  enter(frame: number, time: number, seed: number): void {
    this.frame = frame
    this.time = time
    this.#seed = seed
    // A frame number can come again on another timeline.
    this.#streamFrame = -1
    this.#ends?.tasks.begin()
  }

  /** The call ended well: what was read is read. */
  succeeded(): void {
    this.#ends?.input.endCall()
  }

  /** What was published, asked, let out and read in this call is undone. */
  failed(): void {
    this.#ends?.outputs.discard(this.#module.name)
    this.#ends?.bus.rollback()
    this.#ends?.tasks.rollback()
  }

  /** Does on the module's behalf what it did in another thread. Throws what it would have thrown here. */
  repeat(action: CallAction): void {
    const { bus, outputs, tasks } = this.#inProcess('repeat')
    switch (action[0]) {
      case 'publish':
        bus.publish(action[1], action[2])
        return
      case 'after':
        bus.after(action[1], action[2], action[3])
        return
      case 'messages':
        bus.messages(action[1])
        return
      case 'output':
        outputs.add(this.#module.name, action[1])
        return
      case 'task':
        tasks.run(action[1], action[2], this.#module.entry)
        return
      case 'results':
        tasks.results(action[1])
    }
  }

  #runTask(task: string, data: unknown): number {
    const { tasks: port } = this.#inProcess('runTask')
    const { definition, entry } = this.#module
    if (!definition.tasks.has(task)) {
      const names = [...definition.tasks.keys()].join(', ')
      const known = names === '' ? 'It defines no `tasks`.' : `Tasks: ${names}.`
      throw new CoppiceError('invalid-argument', `runTask("${task}"): there is no task of that name. ${known}`)
    }
    return port.run(task, data, entry)
  }

  #publish(topic: string, data: unknown): void {
    const { bus, outputs } = this.#inProcess('publish')
    if (typeof topic !== 'string' || !topic.startsWith(savePrefix)) {
      bus.publish(topic, data)
      return
    }
    const { name: module } = this.#module
    const copy = copyForSaving(topic, data)
    bus.publish(topic, copy)
    outputs.add(module, { kind: 'save', module, key: topic.slice(savePrefix.length), data: copy })
  }

  #play(file: string, options: PlayOptions | undefined): void {
    const { outputs } = this.#inProcess('sound')
    const { name, manifest } = this.#module
    outputs.add(name, soundOutput(name, manifest.path, file, options))
  }

  #inProcess(name: string): CallEnds {
    if (this.#ends === undefined || this.#call.phase !== 'process' || this.#call.module !== this.#module.name)
      throw this.#misused(name)
    return this.#ends
  }

  #misused(name: string): CoppiceError {
    return new CoppiceError('invalid-argument', `\`${name}\` works inside \`process\` only, while it runs.`)
  }
}

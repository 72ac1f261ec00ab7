// Plays the sounds that programs let out (FL10), on the page: engines have no ear. Files are fetched and decoded once per content; where the browser
// wants a click first, sounds are dropped until it comes, and that is said.

import type { SoundOutput } from '../protocol/outputs.ts'

/** `blocked`: the browser plays nothing before the page is clicked or a key is pressed. `silent`: nothing was to be played yet. */
export type SoundState = 'silent' | 'blocked' | 'on'

/** What is needed of the platform's AudioContext. */
export type AudioOutput = Pick<
  AudioContext,
  'state' | 'resume' | 'close' | 'decodeAudioData' | 'createBufferSource' | 'createGain' | 'destination'
>

export interface SoundPlayerOptions {
  /** Called at the first sound. */
  readonly createOutput: () => AudioOutput
  /** The bytes of a file of the workspace, or behind a URL. */
  readonly fetchBytes: (file: string) => Promise<ArrayBuffer>
  readonly stateChanged: (state: SoundState) => void
  /** A sound that can't be played, or can again (undefined). */
  readonly tell: (sound: Pick<SoundOutput, 'file' | 'module'>, failure: string | undefined) => void
}

/** At once; what comes on top is dropped: it would be noise. */
const maxVoices = 32

/** The sound of one page. */
export class SoundPlayer {
  readonly #options: SoundPlayerOptions
  readonly #buffers = new Map<string, Promise<AudioBuffer | undefined>>()
  #output: AudioOutput | undefined
  #state: SoundState = 'silent'
  #voices = 0
  #isMuted = false

  constructor(options: SoundPlayerOptions) {
    this.#options = options
  }

  get isMuted(): boolean {
    return this.#isMuted
  }

  /** What is playing ends by itself; nothing new starts. */
  setMuted(isMuted: boolean): void {
    this.#isMuted = isMuted
  }

  play(sound: SoundOutput): void {
    if (this.#isMuted) return
    this.#output ??= this.#options.createOutput()
    const output = this.#output
    if (output.state !== 'running') {
      this.#setState('blocked')
      // Loaded meanwhile, so that the first one after the click is in time.
      void this.#bufferOf(output, sound)
      this.unlock()
      return
    }
    this.#setState('on')
    void this.#start(output, sound)
  }

  /** The user did something: sound may be allowed now. */
  unlock(): void {
    const output = this.#output
    if (output === undefined || output.state === 'running') return
    output.resume().then(
      () => output.state === 'running' && this.#setState('on'),
      // Not allowed yet: the next click may be.
      () => undefined,
    )
  }

  /** The file has another content now. */
  changed(file: string): void {
    this.#buffers.delete(file)
  }

  dispose(): void {
    void this.#output?.close()
    this.#output = undefined
  }

  async #start(output: AudioOutput, sound: SoundOutput): Promise<void> {
    const buffer = await this.#bufferOf(output, sound)
    if (buffer === undefined || this.#isMuted || this.#voices >= maxVoices) return
    const source = output.createBufferSource()
    const gain = output.createGain()
    source.buffer = buffer
    source.playbackRate.value = sound.rate
    gain.gain.value = sound.volume
    source.connect(gain).connect(output.destination)
    source.onended = () => {
      this.#voices--
    }
    this.#voices++
    source.start()
  }

  /** Undefined where it can't be played, which is told. */
  #bufferOf(output: AudioOutput, sound: SoundOutput): Promise<AudioBuffer | undefined> {
    const { file } = sound
    const known = this.#buffers.get(file)
    if (known !== undefined) return known
    const buffer = this.#options
      .fetchBytes(file)
      .then((bytes) => output.decodeAudioData(bytes))
      .then(
        (decoded) => {
          this.#options.tell(sound, undefined)
          return decoded
        },
        (error: unknown) => {
          this.#options.tell(sound, error instanceof Error ? error.message : String(error))
          return undefined
        },
      )
    this.#buffers.set(file, buffer)
    return buffer
  }

  #setState(state: SoundState): void {
    if (state === this.#state) return
    this.#state = state
    this.#options.stateChanged(state)
  }
}

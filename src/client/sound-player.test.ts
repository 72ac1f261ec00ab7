// The page's ear, with a loudspeaker that notes what it is given.

import { expect, test } from 'vitest'
import type { SoundOutput } from '../protocol/outputs.ts'
import { type AudioOutput, SoundPlayer } from './sound-player.ts'

const sound = (file: string, more: Partial<SoundOutput> = {}): SoundOutput => ({
  kind: 'sound',
  module: 'game',
  file,
  volume: 1,
  rate: 1,
  ...more,
})

/** Notes what is played as `file rate volume`; what ends is the test's to say. */
class Loudspeaker {
  state: AudioContextState = 'running'
  mayResume = true
  readonly played: string[] = []
  readonly fetched: string[] = []
  readonly told: string[] = []
  readonly states: string[] = []
  readonly end: (() => void)[] = []
  readonly player: SoundPlayer

  constructor() {
    this.player = new SoundPlayer({
      createOutput: () => outputOf(this),
      fetchBytes: (file) => {
        this.fetched.push(file)
        return file.includes('missing') ? Promise.reject(new Error('gone')) : Promise.resolve(bytesOf(file))
      },
      stateChanged: (state) => this.states.push(state),
      tell: ({ file }, failure) => failure !== undefined && this.told.push(`${file}: ${failure}`),
    })
  }

  /** All that was asked for has been loaded. */
  async settle(): Promise<void> {
    for (let i = 0; i < 10; i++) await Promise.resolve()
  }
}

const outputOf = (speaker: Loudspeaker): AudioOutput => {
  const output = {
    get state() {
      return speaker.state
    },
    resume: async () => {
      if (speaker.mayResume) speaker.state = 'running'
    },
    close: async () => undefined,
    decodeAudioData: async (bytes: ArrayBuffer) => ({ name: new TextDecoder().decode(bytes) }),
    destination: {},
    createGain: () => ({ gain: { value: 0 }, connect: () => undefined }),
    createBufferSource: () => {
      const source = {
        buffer: { name: '' },
        playbackRate: { value: 0 },
        onended: () => undefined as void,
        volume: { gain: { value: 0 } },
        connect: (gain: { gain: { value: number }; connect: () => void }) => {
          source.volume = gain
          return gain
        },
        start: () => {
          speaker.played.push(`${source.buffer.name} ${source.playbackRate.value} ${source.volume.gain.value}`)
          speaker.end.push(() => source.onended())
        },
      }
      return source
    },
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the platform's own type is far larger than what is used
  return output as unknown as AudioOutput
}

const bytesOf = (text: string): ArrayBuffer => {
  const bytes = new ArrayBuffer(text.length)
  new TextEncoder().encodeInto(text, new Uint8Array(bytes))
  return bytes
}

test('a file is fetched once, and played as often as it is asked for', async () => {
  const speaker = new Loudspeaker()
  speaker.player.play(sound('hit.wav', { volume: 0.5 }))
  speaker.player.play(sound('hit.wav', { rate: 2 }))
  await speaker.settle()
  expect(speaker.played).toEqual(['hit.wav 1 0.5', 'hit.wav 2 1'])
  expect(speaker.fetched).toEqual(['hit.wav'])
  speaker.player.changed('hit.wav')
  speaker.player.play(sound('hit.wav'))
  await speaker.settle()
  expect(speaker.fetched).toEqual(['hit.wav', 'hit.wav'])
})

test('muted, nothing starts', async () => {
  const speaker = new Loudspeaker()
  speaker.player.setMuted(true)
  speaker.player.play(sound('hit.wav'))
  speaker.player.setMuted(false)
  speaker.player.play(sound('other.wav'))
  await speaker.settle()
  expect(speaker.played).toEqual(['other.wav 1 1'])
})

test('where the browser wants a click first, that is said, and sounds of before are not made up', async () => {
  const speaker = new Loudspeaker()
  speaker.state = 'suspended'
  speaker.mayResume = false
  speaker.player.play(sound('hit.wav'))
  await speaker.settle()
  expect(speaker.states).toEqual(['blocked'])
  speaker.mayResume = true
  speaker.player.unlock()
  await speaker.settle()
  expect(speaker.states).toEqual(['blocked', 'on'])
  expect(speaker.played).toEqual([])
  speaker.player.play(sound('hit.wav'))
  await speaker.settle()
  expect(speaker.played).toEqual(['hit.wav 1 1'])
})

test('a file that is not there is told of once, and tried again when it changes', async () => {
  const speaker = new Loudspeaker()
  speaker.player.play(sound('missing.wav'))
  speaker.player.play(sound('missing.wav'))
  await speaker.settle()
  expect(speaker.told).toEqual(['missing.wav: gone'])
  speaker.player.changed('missing.wav')
  speaker.player.play(sound('missing.wav'))
  await speaker.settle()
  expect(speaker.told).toHaveLength(2)
})

test('so many at once and no more', async () => {
  const speaker = new Loudspeaker()
  for (let i = 0; i < 40; i++) speaker.player.play(sound('hit.wav'))
  await speaker.settle()
  expect(speaker.played).toHaveLength(32)
  for (const end of speaker.end) end()
  speaker.player.play(sound('hit.wav'))
  await speaker.settle()
  expect(speaker.played).toHaveLength(33)
})

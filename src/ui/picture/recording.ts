// A film of the picture: all shown layers, drawn over each other once per display frame, recorded by the browser.

import { CoppiceError } from '../../protocol/errors.ts'
import type { UiStore } from '../store/ui-store.ts'
import { saveBlob } from './download.ts'
import type { LayerStack } from './layer-stack.ts'

const types = ['video/webm;codecs=vp9', 'video/webm;codecs=vp8', 'video/webm', 'video/mp4']
const framesPerSecond = 60

interface Running {
  readonly recorder: MediaRecorder
  readonly parts: readonly Blob[]
  readonly stopDrawing: () => void
}

/** At most one recording at a time; `isRecording` of the store says whether there is one. */
export class Recording {
  readonly #layerStack: LayerStack
  readonly #store: UiStore
  #running: Running | undefined

  constructor(layerStack: LayerStack, store: UiStore) {
    this.#layerStack = layerStack
    this.#store = store
  }

  /** Starts; the size is the picture's of now. Throws `not-supported` where the browser records nothing. */
  start(): void {
    if (this.#running !== undefined) return
    const type = types.find((candidate) => MediaRecorder.isTypeSupported(candidate))
    const canvas = document.createElement('canvas')
    Object.assign(canvas, this.#layerStack.pixelSize)
    const context = canvas.getContext('2d')
    if (type === undefined || context === null)
      throw new CoppiceError('not-supported', 'This browser can’t record a canvas.')
    let request = 0
    const draw = (): void => {
      context.clearRect(0, 0, canvas.width, canvas.height)
      this.#layerStack.drawOnto(context)
      request = requestAnimationFrame(draw)
    }
    draw()
    const recorder = new MediaRecorder(canvas.captureStream(framesPerSecond), { mimeType: type })
    const parts: Blob[] = []
    recorder.addEventListener('dataavailable', ({ data }) => parts.push(data))
    recorder.start(1000)
    this.#running = { recorder, parts, stopDrawing: () => cancelAnimationFrame(request) }
    this.#store.setState({ isRecording: true })
  }

  /** Ends it and saves the film, named after workspace and frame. */
  async stop(): Promise<void> {
    const running = this.#running
    if (running === undefined) return
    this.#running = undefined
    const { recorder, parts, stopDrawing } = running
    const ended = new Promise<void>((resolve) => {
      recorder.addEventListener('stop', () => resolve())
    })
    recorder.stop()
    await ended
    stopDrawing()
    this.#store.setState({ isRecording: false })
    const { workspace, status } = this.#store.getState()
    const extension = recorder.mimeType.includes('mp4') ? 'mp4' : 'webm'
    saveBlob(
      new Blob([...parts], { type: recorder.mimeType }),
      `${workspace?.name ?? 'coppice'}-${status?.frame ?? 0}.${extension}`,
    )
  }
}

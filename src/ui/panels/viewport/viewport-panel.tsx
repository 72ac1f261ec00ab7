// The picture of the running program. The canvases themselves live in the LayerStack; this shows them, gives the
// program the keyboard and the pointer while it has the focus, and says so.

import { Camera, Circle, Layers, Maximize, PictureInPicture2, Square, Volume2, VolumeX } from 'lucide-react'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { ReactNode } from 'react'
import { Button, Checkbox, CheckboxGroup, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { captureDevices } from '../../../client/device-input.ts'
import type { ManifestView } from '../../../protocol/manifest.ts'
import { attempt, changeSettings, setMuted } from '../../store/actions.ts'
import { saveScreenshot } from '../../picture/screenshot.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { colourOfModule } from '../../theme/module-colour.ts'
import { ToldText } from '../../widgets/told-text.tsx'
import { ControlButton } from '../../widgets/control-button.tsx'
import { Tip } from '../../widgets/tip.tsx'
import './viewport.css'

export function ViewportPanel(): ReactNode {
  const { client, layerStack, store } = useServices()
  const panel = useRef<HTMLElement>(null)
  const isFocused = useUi((state) => state.isViewportFocused)
  useEffect(() => (panel.current === null ? undefined : layerStack.mount(panel.current)), [layerStack])
  useEffect(() => {
    const { element } = layerStack
    const viewOf = (): ManifestView => {
      const { view } = store.getState()
      const { width, height } = layerStack.box
      return view === undefined || view.fit === 'panel' ? { width, height, fit: 'panel' } : view
    }
    const onFocus = (): void => store.setState({ isViewportFocused: true })
    const onBlur = (): void => store.setState({ isViewportFocused: false })
    element.addEventListener('focus', onFocus)
    element.addEventListener('blur', onBlur)
    const release = captureDevices(element, viewOf, (input) => client.sendInput(input))
    return () => {
      release()
      element.removeEventListener('focus', onFocus)
      element.removeEventListener('blur', onBlur)
    }
  }, [client, layerStack, store])
  return (
    <section ref={panel} className="viewport" aria-label="Viewport" data-focused={isFocused}>
      <ViewportNote />
      <PoppedOutNote />
      <SoundChip />
      {isFocused && (
        <p className="viewport-chip" role="status">
          Keys go to the program <kbd className="keys">Esc</kbd> releases
        </p>
      )}
    </section>
  )
}

function ViewportNote(): ReactNode {
  const hasLayers = useUi((state) => state.layers.length > 0)
  const hasStatus = useUi((state) => state.status !== undefined && state.status.frame > 0)
  if (hasLayers || !hasStatus) return null
  return (
    <p className="viewport-note">
      <ToldText text="No module draws. Give one a `render({ ctx })` and its picture appears here." />
    </p>
  )
}

function PoppedOutNote(): ReactNode {
  const { popOut } = useServices()
  const isPoppedOut = useUi((state) => state.isPoppedOut)
  if (!isPoppedOut) return null
  return (
    <div className="viewport-note">
      <p>The picture has a window of its own. It comes back when that is closed.</p>
      <Button className="button button-framed" onPress={popOut.close}>
        Bring it back
      </Button>
    </div>
  )
}

/** Browsers play nothing before a click. */
function SoundChip(): ReactNode {
  const isBlocked = useUi((state) => state.sound === 'blocked' && !state.settings.isMuted)
  if (!isBlocked) return null
  // Any click or key will do; this says so, and is one to click.
  return <Button className="sound-chip">Click for sound</Button>
}

function MuteButton(): ReactNode {
  const { client, store } = useServices()
  const isMuted = useUi((state) => state.settings.isMuted)
  return (
    <ControlButton
      name={isMuted ? 'Unmute' : 'Mute'}
      tip={isMuted ? "Play the program's sounds" : 'Play no sounds of the program'}
      isActive={isMuted}
      onPress={() => setMuted(client, store, !isMuted)}
    >
      {isMuted ? <VolumeX size={14} aria-hidden /> : <Volume2 size={14} aria-hidden />}
    </ControlButton>
  )
}

/** The viewport's bar: size and fit, layers, screenshot, recording, a window of its own, fullscreen. */
export function ViewportActions(): ReactNode {
  const services = useServices()
  const { store, popOut, recording } = services
  const hasLayers = useUi((state) => state.layers.length > 0)
  const isPoppedOut = useUi((state) => state.isPoppedOut)
  const isRecording = useUi((state) => state.isRecording)
  return (
    <>
      <PictureSize />
      <LayerSwitches />
      <MuteButton />
      <ControlButton
        name="Screenshot"
        tip="Save the picture as PNG"
        refusal={hasLayers ? undefined : 'nothing draws'}
        onPress={() => void attempt(store, 'The screenshot could not be taken', () => saveScreenshot(services))}
      >
        <Camera size={14} aria-hidden />
      </ControlButton>
      <ControlButton
        name={isRecording ? 'Stop recording' : 'Record'}
        tip={isRecording ? 'End the film and save it' : 'Record the picture as a film'}
        refusal={hasLayers ? undefined : 'nothing draws'}
        isActive={isRecording}
        onPress={() =>
          void attempt(store, 'The picture could not be recorded', async () =>
            isRecording ? recording.stop() : recording.start(),
          )
        }
      >
        {isRecording ? <Square className="recording-mark" size={14} aria-hidden /> : <Circle size={14} aria-hidden />}
      </ControlButton>
      <ControlButton
        name="Pop out"
        tip="Show the picture in a window of its own"
        isActive={isPoppedOut}
        onPress={() => void attempt(store, 'The window could not be opened', async () => popOut.open())}
      >
        <PictureInPicture2 size={14} aria-hidden />
      </ControlButton>
      <ControlButton
        name="Fullscreen"
        tip="Viewport fullscreen; Escape ends it"
        onPress={() =>
          void attempt(store, 'The browser refused fullscreen', async () =>
            document.querySelector('.viewport')?.requestFullscreen(),
          )
        }
      >
        <Maximize size={14} aria-hidden />
      </ControlButton>
    </>
  )
}

function PictureSize(): ReactNode {
  const { layerStack } = useServices()
  const view = useUi((state) => state.view)
  const size = useSyncExternalStore(
    (changed) => layerStack.onResize(changed),
    () => `${layerStack.box.width}×${layerStack.box.height}`,
  )
  if (view === undefined) return null
  const isPanel = view.fit === 'panel'
  return (
    <Tip
      text={
        isPanel
          ? 'The picture follows the panel: "fit": "panel" in engine.json'
          : `${view.width} × ${view.height} units, fitted into the panel: "view" in engine.json`
      }
    >
      <Button className="button button-quiet viewport-size">
        <span className="viewport-units">{isPanel ? size : `${view.width}×${view.height}`} · </span>
        {isPanel ? 'panel' : `${Math.round((layerStack.box.width / view.width) * 100)} %`}
      </Button>
    </Tip>
  )
}

function LayerSwitches(): ReactNode {
  const { store } = useServices()
  const layers = useUi((state) => state.layers)
  const modules = useUi((state) => state.moduleNames)
  const hidden = useUi((state) => state.settings.hiddenLayers)
  const [isOpen, setOpen] = useState(false)
  const names = modules.filter((name) => layers.some((layer) => layer.module === name))
  if (names.length === 0) return null
  const shown = names.filter((name) => !hidden.includes(name))
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <Tip text="Show or hide layers">
        <Button className="button button-quiet" aria-label="Layers">
          <Layers size={14} aria-hidden />
          <span className="code">
            {shown.length}/{names.length}
          </span>
        </Button>
      </Tip>
      <Popover className="popover" placement="bottom end" offset={4}>
        <Dialog className="layer-dialog" aria-label="Layers">
          <CheckboxGroup
            aria-label="Layers shown"
            value={shown}
            onChange={(next) =>
              changeSettings(store, () => ({ hiddenLayers: names.filter((name) => !next.includes(name)) }))
            }
          >
            {names.map((name) => (
              <Checkbox key={name} value={name} className="menu-item layer-switch">
                <span className="layer-box" style={{ '--module': colourOfModule(modules, name) }} aria-hidden />
                {name}
              </Checkbox>
            ))}
          </CheckboxGroup>
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

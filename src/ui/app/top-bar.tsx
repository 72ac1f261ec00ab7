// The top bar: workspace, transport, the frame's figures, layout, theme, and the search for commands.

import { ChevronsRight, Monitor, Moon, Pause, Play, RotateCcw, Search, StepForward, Sun, Undo2 } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import type { ReactNode } from 'react'
import { Button, ToggleButton, ToggleButtonGroup, Toolbar } from 'react-aria-components'
import { attempt, chooseTheme } from '../store/actions.ts'
import { useServices, useUi } from '../store/ui-context.tsx'
import { Choice } from '../widgets/choice.tsx'
import { ControlButton } from '../widgets/control-button.tsx'
import { formatCount, formatMs, formatShare, formatSpeed } from '../widgets/format.ts'
import { Tip } from '../widgets/tip.tsx'
import { useCommand } from './commands-context.tsx'
import { speeds } from './commands.ts'
import { Logo } from './logo.tsx'
import './top-bar.css'

export function TopBar(): ReactNode {
  return (
    <header className="top-bar">
      <div className="top-bar-side">
        <Logo />
        <h1 className="brand">Coppice</h1>
        <WorkspacePicker />
        <PresetSwitch />
      </div>
      <div className="top-bar-middle">
        <Transport />
        <Figures />
      </div>
      <div className="top-bar-side top-bar-end">
        <ThemeSwitch />
        <SearchCommands />
      </div>
    </header>
  )
}

function WorkspacePicker(): ReactNode {
  const { client, store } = useServices()
  const workspace = useUi((state) => state.workspace)
  if (workspace === undefined) return null
  const list = (): void => {
    void attempt(store, 'The workspaces could not be listed', async () => {
      const workspaces = await client.request('listWorkspaces')
      store.setState((state) =>
        state.workspace === undefined ? {} : { workspace: { ...state.workspace, workspaces } },
      )
    })
  }
  const open = (name: string): void => {
    void attempt(store, `${name} could not be opened`, async () => {
      await client.open(name)
      const url = new URL(location.href)
      url.searchParams.set('workspace', name)
      history.replaceState(null, '', url)
    })
  }
  return (
    <Choice
      name="Workspace"
      tip={`Workspace: ${workspace.folder}`}
      className="workspace-choice"
      value={workspace.name}
      options={workspace.workspaces.map((name) => ({ id: name, title: name }))}
      onOpen={list}
      onChange={open}
    />
  )
}

function PresetSwitch(): ReactNode {
  const { dock } = useServices()
  const preset = useUi((state) => state.settings.preset)
  return (
    <ToggleButtonGroup
      className="preset-switch"
      aria-label="Layout"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[preset]}
    >
      <ToggleButton id="edit" className="preset" onPress={() => dock.applyPreset('edit')}>
        Edit
      </ToggleButton>
      <ToggleButton id="play" className="preset" onPress={() => dock.applyPreset('play')}>
        Play
      </ToggleButton>
    </ToggleButtonGroup>
  )
}

function Transport(): ReactNode {
  const isRunning = useUi((state) => state.status?.running ?? false)
  const toggle = useCommand('toggle')
  const step = useCommand('step-1')
  const stepTen = useCommand('step-10')
  return (
    <>
      <ResetGroup />
      <Toolbar className="transport" aria-label="Transport">
        <ControlButton
          name={isRunning ? 'Pause' : 'Run'}
          tip={isRunning ? 'Pause at the next frame' : 'Run'}
          shortcut="F6"
          refusal={toggle.refusal}
          isActive={isRunning}
          onPress={toggle.command.run}
        >
          {isRunning ? <Pause size={15} aria-hidden /> : <Play size={15} aria-hidden />}
        </ControlButton>
        <ControlButton name="Step" tip="Step 1 frame" shortcut="F10" refusal={step.refusal} onPress={step.command.run}>
          <StepForward size={15} aria-hidden />
        </ControlButton>
        <ControlButton
          name="Step 10"
          tip="Step 10 frames"
          shortcut="Shift+F10"
          refusal={stepTen.refusal}
          onPress={stepTen.command.run}
        >
          <ChevronsRight size={15} aria-hidden />
        </ControlButton>
        <SpeedChoice />
      </Toolbar>
      <span
        className="live-badge"
        data-state={isRunning ? 'live' : 'paused'}
        role="status"
        aria-label={isRunning ? 'Live: the present runs' : 'Paused in the present'}
      >
        {isRunning ? 'LIVE' : 'PAUSED'}
      </span>
    </>
  )
}

function ResetGroup(): ReactNode {
  const reset = useCommand('reset')
  const undo = useCommand('undo-reset')
  return (
    <div className="reset-group" role="group" aria-label="Start over">
      <ControlButton
        name="Reset"
        tip="Reset to frame 0"
        shortcut="Alt+Shift+R"
        refusal={reset.refusal}
        onPress={reset.command.run}
      >
        <RotateCcw size={14} aria-hidden />
      </ControlButton>
      <ControlButton name="Undo reset" shortcut="Alt+Shift+U" refusal={undo.refusal} onPress={undo.command.run}>
        <Undo2 size={14} aria-hidden />
      </ControlButton>
    </div>
  )
}

function SpeedChoice(): ReactNode {
  const { client, store } = useServices()
  const speed = useUi((state) => state.status?.speed ?? 1)
  const offered = speeds.includes(speed) ? speeds : [...speeds, speed].toSorted((a, b) => a - b)
  return (
    <Choice
      name="Speed"
      tip="Speed: pacing only, the frames stay the same"
      className="speed-choice"
      value={String(speed)}
      options={offered.map((value) => ({ id: String(value), title: formatSpeed(value) }))}
      onChange={(id) => void attempt(store, 'The speed could not be set', () => client.command('setSpeed', Number(id)))}
    />
  )
}

/** Frame, rate and cost; read from the history as often as events come, ten times a second. */
function Figures(): ReactNode {
  const { history } = useServices()
  const status = useUi((state) => state.status)
  const frameMs = useSyncExternalStore(
    (changed) => history.onChange(changed),
    () => history.meanOfLast(30),
  )
  if (status === undefined) return null
  const share = frameMs === undefined ? Number.NaN : (frameMs * status.targetFps) / 1000
  return (
    <dl className="figures" aria-label="Frame">
      <Figure name="frame" width={8} value={formatCount(status.frame)} />
      <Figure name="fps" width={5} value={status.running ? status.fps.toFixed(1) : '–'} />
      <Figure name="frame time" width={8} value={frameMs === undefined ? '–' : formatMs(frameMs)} />
      <Figure
        name="of budget"
        width={6}
        value={formatShare(share)}
        tone={share > 1 ? 'error' : share > 0.75 ? 'attention' : 'good'}
        note={`${formatMs(1000 / status.targetFps)} a frame at ${status.targetFps} fps`}
      />
    </dl>
  )
}

interface FigureProps {
  readonly name: string
  readonly value: string
  readonly width: number
  readonly tone?: 'good' | 'attention' | 'error'
  readonly note?: string
}

function Figure({ name, value, width, tone, note }: FigureProps): ReactNode {
  return (
    <div className="figure" style={{ minWidth: `${width}ch` }} title={note}>
      <dd className="figure-value" data-tone={tone}>
        {value}
      </dd>
      <dt className="figure-name">{name}</dt>
    </div>
  )
}

const nextTheme = { system: 'dark', dark: 'light', light: 'system' } as const
const themeNames = { system: 'as the system', dark: 'dark', light: 'light' } as const

function ThemeSwitch(): ReactNode {
  const { store } = useServices()
  const choice = useUi((state) => state.themeChoice)
  const Icon = choice === 'dark' ? Moon : choice === 'light' ? Sun : Monitor
  return (
    <ControlButton
      name={`Theme: ${themeNames[choice]}`}
      tip={`Theme: ${themeNames[choice]}. Press for ${themeNames[nextTheme[choice]]}`}
      onPress={() => chooseTheme(store, nextTheme[choice])}
    >
      <Icon size={15} aria-hidden />
    </ControlButton>
  )
}

function SearchCommands(): ReactNode {
  const { command } = useCommand('palette')
  return (
    <Tip text="Search commands" shortcut="Ctrl+Shift+P">
      <Button className="search-commands" aria-label="Search commands" onPress={command.run}>
        <Search size={13} aria-hidden />
        <span className="search-commands-text">Search commands</span>
        <kbd className="keys">Ctrl ⇧ P</kbd>
      </Button>
    </Tip>
  )
}

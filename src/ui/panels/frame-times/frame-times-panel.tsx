// Time per frame over the last ten seconds, stacked by module on top of the engine's own; the budget; marks for reloads.
// Redrawn at most four times a second from the frame history, and still while the program is paused.

import { useEffect, useMemo, useRef, useState } from 'react'
import type { ReactElement, ReactNode } from 'react'
import { Area, AreaChart, CartesianGrid, ReferenceLine, XAxis, YAxis } from 'recharts'
import type { FrameFigures, FramePoint } from '../../store/frame-history.ts'
import { paced } from '../../store/pace.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { moduleColour } from '../../theme/module-colour.ts'
import { EmptyNote } from '../../widgets/empty-note.tsx'
import { formatMs } from '../../widgets/format.ts'
import { chartRows, columnOf, reloadMarks, scaleTicks, scaleTop } from './chart-rows.ts'
import './frame-times.css'

const seconds = 10
const pointLimit = 160
const redrawMs = 250
/** Looked at again after so long where a redraw is held. */
const heldMs = 30

interface Drawn {
  readonly points: readonly FramePoint[]
  readonly figures: FrameFigures
}

/** What the history held at the last redraw: at most four times a second, less where a redraw takes long, and not during a save. */
function useDrawnFrames(limit: number): Drawn {
  const { client, history } = useServices()
  const [drawn, setDrawn] = useState<Drawn>(() => ({ points: history.points(limit), figures: history.figures() }))
  const begun = useRef(0)
  const tookMs = useRef(0)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const draw = (): void => {
      clearTimeout(timer)
      timer = client.isSaving ? setTimeout(draw, heldMs) : undefined
      if (timer !== undefined) return
      begun.current = performance.now()
      setDrawn({ points: limit === 0 ? [] : history.points(limit), figures: history.figures() })
    }
    const end = paced(
      (listener) => history.onChange(listener),
      () => Math.max(redrawMs, tookMs.current * 3),
      draw,
    )
    return () => {
      end()
      clearTimeout(timer)
    }
  }, [client, history, limit])
  useEffect(() => {
    if (begun.current > 0) tookMs.current = performance.now() - begun.current
  }, [drawn])
  return drawn
}

export function FrameTimesPanel(): ReactNode {
  const box = useRef<HTMLElement>(null)
  const size = useSize(box)
  const drawn = useDrawnFrames(pointLimit)
  return (
    <section ref={box} className="frame-times" aria-label="Frame times">
      {drawn.points.length === 0 ? (
        <EmptyNote title="No frame has run yet">
          The cost of each frame appears here as soon as the program runs.
        </EmptyNote>
      ) : (
        <Chart drawn={drawn} width={size.width} height={size.height} />
      )}
    </section>
  )
}

const margin = { top: 12, right: 16, bottom: 0, left: 0 }
const axisSize = { x: 22, y: 56 }
const tickStyle = { fill: 'var(--text-3)', fontSize: 11 }
const xDomain: [number, number] = [-seconds, 0]
const xTicks = [-10, -8, -6, -4, -2, 0]

// Every prop and element that stays the same keeps its identity: recharts works anew through all that does not.
const grid = <CartesianGrid vertical={false} stroke="var(--line)" strokeOpacity={0.7} />
const xAxis = (
  <XAxis
    type="number"
    dataKey="x"
    domain={xDomain}
    allowDataOverflow
    ticks={xTicks}
    tickFormatter={secondsLabel}
    tick={tickStyle}
    axisLine={false}
    tickLine={false}
    height={axisSize.x}
    interval={0}
  />
)
const engineArea = areaOf('engine', 'var(--text-3)', 1)

function areaOf(column: string, colour: string, strokeWidth: number): ReactElement {
  return (
    <Area
      key={column}
      dataKey={column}
      stackId="frame"
      type="linear"
      stroke={colour}
      strokeWidth={strokeWidth}
      fill={colour}
      fillOpacity={0.35}
      isAnimationActive={false}
      dot={false}
      activeDot={false}
    />
  )
}

function Chart({
  drawn,
  width,
  height,
}: {
  readonly drawn: Drawn
  readonly width: number
  readonly height: number
}): ReactNode {
  const targetFps = useUi((state) => state.status?.targetFps ?? 60)
  const modules = useUi((state) => state.moduleNames)
  const budgetMs = 1000 / targetFps
  const top = scaleTop(drawn.figures.max, budgetMs)
  const rows = useMemo(() => [...chartRows(drawn.points, modules, targetFps)], [drawn, modules, targetFps])
  const areas = useMemo(
    () => modules.map((_name, index) => areaOf(columnOf(index), moduleColour(index), 1.25)),
    [modules],
  )
  const scale = useMemo(
    () => (
      <YAxis
        domain={[0, top]}
        allowDataOverflow
        ticks={[...scaleTicks(top)]}
        tickFormatter={msLabel}
        tick={tickStyle}
        axisLine={false}
        tickLine={false}
        width={axisSize.y}
        interval={0}
      />
    ),
    [top],
  )
  const budget = useMemo(() => <BudgetLine budgetMs={budgetMs} />, [budgetMs])
  if (width < 40 || height < 40) return null
  const { figures } = drawn
  return (
    <figure
      className="chart"
      role="img"
      aria-label={`Time per frame over the last ${seconds} seconds: half of the frames under ${formatMs(figures.p50)}, 95 % under ${formatMs(figures.p95)}, 99 % under ${formatMs(figures.p99)}, the longest ${formatMs(figures.max)}; budget ${formatMs(budgetMs)}.`}
    >
      <AreaChart width={width} height={height} data={rows} margin={margin} accessibilityLayer={false}>
        {grid}
        {xAxis}
        {scale}
        {engineArea}
        {areas}
        {budget}
      </AreaChart>
      <ReloadMarks lastFrame={drawn.points.at(-1)?.frame ?? 0} targetFps={targetFps} />
    </figure>
  )
}

function BudgetLine({ budgetMs }: { readonly budgetMs: number }): ReactNode {
  return (
    <ReferenceLine
      y={budgetMs}
      stroke="var(--error)"
      strokeDasharray="4 4"
      strokeOpacity={0.8}
      label={{
        value: `budget ${budgetMs.toFixed(1)} ms`,
        position: 'insideBottomRight',
        fill: 'var(--error)',
        fontSize: 11,
        offset: 4,
      }}
    />
  )
}

const plotInset = {
  left: margin.left + axisSize.y,
  right: margin.right,
  top: margin.top,
  bottom: margin.bottom + axisSize.x,
}

/** Lines over the plot: they move with every redraw, which as parts of the chart would cost it a pass each. */
function ReloadMarks({ lastFrame, targetFps }: { readonly lastFrame: number; readonly targetFps: number }): ReactNode {
  const timeline = useUi((state) => state.status?.timeline ?? 0)
  const receipts = useUi((state) => state.receipts)
  const marks = reloadMarks(receipts, timeline, lastFrame, targetFps, seconds)
  return (
    <div className="chart-marks" style={plotInset} aria-hidden>
      {marks.map((mark) => (
        <span
          key={mark.id}
          className="chart-mark"
          data-failure={mark.isFailure}
          data-side={mark.x > -2 ? 'left' : 'right'}
          style={{ left: `${(1 + mark.x / seconds) * 100}%` }}
        >
          {mark.label}
        </span>
      ))}
    </div>
  )
}

function secondsLabel(x: number): string {
  if (x === 0) return 'now'
  return x === -seconds ? `−${seconds} s` : `−${-x}`
}

function msLabel(value: number): string {
  return `${value} ms`
}

/** Size of an element in CSS pixels, followed. */
function useSize(box: { readonly current: HTMLElement | null }): { readonly width: number; readonly height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 })
  useEffect(() => {
    const element = box.current
    if (element === null) return undefined
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }))
    observer.observe(element)
    return () => observer.disconnect()
  }, [box])
  return size
}

/** The percentiles, in the header of the panel. */
export function FrameTimesActions(): ReactNode {
  const { figures } = useDrawnFrames(0)
  if (figures.frames === 0) return null
  return (
    <span className="code percentiles">
      p50 {figures.p50.toFixed(2)} · p95 {figures.p95.toFixed(2)} · p99 {figures.p99.toFixed(2)} ms
    </span>
  )
}

// Time per frame over the last ten seconds, stacked by module on top of the engine's own; the budget; marks for reloads.
// Redrawn at most eight times a second from the frame history, and still while the program is paused.

import { memo, useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { Area, AreaChart, CartesianGrid, ReferenceLine, XAxis, YAxis } from 'recharts'
import type { FrameFigures, FrameHistory, FramePoint } from '../../store/frame-history.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { moduleColour } from '../../theme/module-colour.ts'
import { EmptyNote } from '../../widgets/empty-note.tsx'
import { formatMs } from '../../widgets/format.ts'
import { chartRows, columnOf, reloadMarks, scaleTicks, scaleTop } from './chart-rows.ts'
import './frame-times.css'

const seconds = 10
const pointLimit = 280
const redrawMs = 125

interface Drawn {
  readonly points: readonly FramePoint[]
  readonly figures: FrameFigures
}

/** What the history held at the last redraw: at most eight times a second, less where a redraw takes long. */
function useDrawnFrames(history: FrameHistory, limit: number): Drawn {
  const [drawn, setDrawn] = useState<Drawn>(() => ({ points: history.points(limit), figures: history.figures() }))
  const begun = useRef(0)
  const tookMs = useRef(0)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const draw = (): void => {
      timer = undefined
      begun.current = performance.now()
      setDrawn({ points: limit === 0 ? [] : history.points(limit), figures: history.figures() })
    }
    const off = history.onChange(() => {
      timer ??= setTimeout(draw, Math.max(redrawMs, tookMs.current * 3))
    })
    return () => {
      off()
      clearTimeout(timer)
    }
  }, [history, limit])
  useEffect(() => {
    if (begun.current > 0) tookMs.current = performance.now() - begun.current
  }, [drawn])
  return drawn
}

export function FrameTimesPanel(): ReactNode {
  const { history } = useServices()
  const box = useRef<HTMLElement>(null)
  const size = useSize(box)
  const drawn = useDrawnFrames(history, pointLimit)
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

const Chart = memo(function Chart({
  drawn,
  width,
  height,
}: {
  readonly drawn: Drawn
  readonly width: number
  readonly height: number
}): ReactNode {
  const targetFps = useUi((state) => state.status?.targetFps ?? 60)
  const timeline = useUi((state) => state.status?.timeline ?? 0)
  const receipts = useUi((state) => state.receipts)
  const modules = useUi((state) => state.moduleNames)
  if (width < 40 || height < 40) return null
  const budgetMs = 1000 / targetFps
  const top = scaleTop(drawn.figures.max, budgetMs)
  const rows = chartRows(drawn.points, modules, targetFps)
  const lastFrame = drawn.points.at(-1)?.frame ?? 0
  const marks = reloadMarks(receipts, timeline, lastFrame, targetFps, seconds)
  const { figures } = drawn
  return (
    <figure
      className="chart"
      role="img"
      aria-label={`Time per frame over the last ${seconds} seconds: half of the frames under ${formatMs(figures.p50)}, 95 % under ${formatMs(figures.p95)}, 99 % under ${formatMs(figures.p99)}, the longest ${formatMs(figures.max)}; budget ${formatMs(budgetMs)}.`}
    >
      <AreaChart
        width={width}
        height={height}
        data={[...rows]}
        margin={{ top: 12, right: 16, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" strokeOpacity={0.7} />
        <XAxis
          type="number"
          dataKey="x"
          domain={[-seconds, 0]}
          allowDataOverflow
          ticks={[-10, -8, -6, -4, -2, 0]}
          tickFormatter={secondsLabel}
          tick={{ fill: 'var(--text-3)', fontSize: 11 }}
          axisLine={false}
          tickLine={false}
          height={22}
          interval={0}
        />
        <YAxis
          domain={[0, top]}
          allowDataOverflow
          ticks={[...scaleTicks(top)]}
          tickFormatter={msLabel}
          tick={{ fill: 'var(--text-3)', fontSize: 11 }}
          axisLine={false}
          tickLine={false}
          width={56}
          interval={0}
        />
        <Area
          dataKey="engine"
          stackId="frame"
          type="linear"
          stroke="var(--text-3)"
          strokeWidth={1}
          fill="var(--text-3)"
          fillOpacity={0.35}
          isAnimationActive={false}
          dot={false}
          activeDot={false}
        />
        {modules.map((name, index) => (
          <Area
            key={name}
            dataKey={columnOf(index)}
            stackId="frame"
            type="linear"
            stroke={moduleColour(index)}
            strokeWidth={1.25}
            fill={moduleColour(index)}
            fillOpacity={0.35}
            isAnimationActive={false}
            dot={false}
            activeDot={false}
          />
        ))}
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
        {marks.map((mark) => (
          <ReferenceLine
            key={mark.id}
            x={mark.x}
            stroke={mark.isFailure ? 'var(--error)' : 'var(--accent)'}
            label={{
              value: mark.label,
              position: mark.x > -2 ? 'insideTopRight' : 'insideTopLeft',
              fill: mark.isFailure ? 'var(--error)' : 'var(--accent)',
              fontSize: 11,
              offset: 6,
            }}
          />
        ))}
      </AreaChart>
    </figure>
  )
})

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
  const { history } = useServices()
  const { figures } = useDrawnFrames(history, 0)
  if (figures.frames === 0) return null
  return (
    <span className="code percentiles">
      p50 {figures.p50.toFixed(2)} · p95 {figures.p95.toFixed(2)} · p99 {figures.p99.toFixed(2)} ms
    </span>
  )
}

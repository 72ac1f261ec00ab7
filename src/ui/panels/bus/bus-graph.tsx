// Who publishes and who reads: publishers on the left, readers on the right, a curve for each pair, as wide as its rate is high.

import type { ReactNode } from 'react'
import { useUi } from '../../store/ui-context.tsx'
import { colourOfModule } from '../../theme/module-colour.ts'
import { EmptyNote } from '../../widgets/empty-note.tsx'
import { edgeRates, formatRate, publisherRates, type Edge, type TrafficView } from './bus-traffic.ts'

const rowHeight = 30
const leftX = 190
const rightX = 470
const width = 660
const top = 22

export function BusGraph({ view }: { readonly view: TrafficView }): ReactNode {
  const modules = useUi((state) => state.moduleNames)
  const edges = edgeRates(view, modules)
  const sent = publisherRates(view)
  const inOrder = [...modules, ...[...sent.keys()].filter((name) => !modules.includes(name))]
  const publishers = inOrder.filter((name) => sent.has(name))
  const readers = inOrder.filter((name) => edges.some(({ to }) => to === name))
  if (publishers.length === 0)
    return (
      <EmptyNote title="No message passed in the last seconds">
        Modules that publish appear on the left, those that read them on the right.
      </EmptyNote>
    )
  const yOf = (names: readonly string[], name: string): number => top + (names.indexOf(name) + 0.5) * rowHeight
  const highest = Math.max(...edges.map(({ perSecond }) => perSecond), 1)
  const height = top + Math.max(publishers.length, readers.length) * rowHeight
  return (
    <div className="panel-scroll bus-graph">
      <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={wordsOf(edges)}>
        <text x={leftX - 14} y={14} className="bus-graph-head" textAnchor="end">
          publishes
        </text>
        <text x={rightX + 14} y={14} className="bus-graph-head">
          reads
        </text>
        {edges.map((edge) => {
          const from = yOf(publishers, edge.from)
          const to = yOf(readers, edge.to)
          const middle = (leftX + rightX) / 2
          return (
            <path
              key={`${edge.from} ${edge.to}`}
              className="bus-graph-edge"
              d={`M ${leftX} ${from} C ${middle} ${from}, ${middle} ${to}, ${rightX} ${to}`}
              stroke={colourOfModule(modules, edge.from)}
              strokeWidth={1.5 + 5 * (Math.log1p(edge.perSecond) / Math.log1p(highest))}
            >
              <title>{`${edge.from} → ${edge.to}: ${formatRate(edge.perSecond)}`}</title>
            </path>
          )
        })}
        {publishers.map((name) => (
          <g key={name}>
            <circle cx={leftX} cy={yOf(publishers, name)} r={5} fill={colourOfModule(modules, name)} />
            <text x={leftX - 14} y={yOf(publishers, name) + 4} textAnchor="end">
              {name}
              <tspan className="bus-graph-rate" dx={8}>
                {formatRate(sent.get(name) ?? 0)}
              </tspan>
            </text>
          </g>
        ))}
        {readers.map((name) => (
          <g key={name}>
            <circle cx={rightX} cy={yOf(readers, name)} r={5} fill={colourOfModule(modules, name)} />
            <text x={rightX + 14} y={yOf(readers, name) + 4}>
              {name}
              <tspan className="bus-graph-rate" dx={8}>
                {formatRate(edges.filter(({ to }) => to === name).reduce((sum, { perSecond }) => sum + perSecond, 0))}
              </tspan>
            </text>
          </g>
        ))}
      </svg>
    </div>
  )
}

function wordsOf(edges: readonly Edge[]): string {
  return edges.length === 0
    ? 'No message is read by a module.'
    : edges.map(({ from, to, perSecond }) => `${from} to ${to} ${formatRate(perSecond)}`).join(', ')
}

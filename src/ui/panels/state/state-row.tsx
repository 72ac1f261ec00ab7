// One row of the state tree: name, type, value; its value is edited in place, Enter takes it, Escape leaves it.

import { ChevronRight, Pin } from 'lucide-react'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { ReactNode } from 'react'
import { Button, Input, TextField } from 'react-aria-components'
import type { InspectionValues, StateItem, StateValue } from './inspection-values.ts'
import { editText, parseValue } from './parse-value.ts'

/** What a row can ask of the panel. */
export interface RowActions {
  readonly toggle: (item: StateItem) => void
  readonly startEdit: (item: StateItem) => void
  readonly endEdit: () => void
  readonly set: (item: StateItem, value: unknown) => void
  readonly pin: (item: StateItem) => void
  readonly showPage: (item: StateItem, first: number) => void
}

export interface StateRowProps {
  readonly item: StateItem
  readonly values: InspectionValues
  readonly level: number
  readonly isExpanded: boolean
  readonly isEdited: boolean
  readonly isPinned: boolean
  readonly actions: RowActions
}

const pageSize = 100

export function useStateValue(values: InspectionValues, id: string): StateValue | undefined {
  return useSyncExternalStore(
    (changed) => values.subscribe(id, changed),
    () => values.get(id),
  )
}

export function StateRow({ item, values, level, isExpanded, isEdited, isPinned, actions }: StateRowProps): ReactNode {
  const value = useStateValue(values, item.id)
  if (value === undefined) return <span className="state-name">{item.name}</span>
  const isPrimitive = value.kind === 'primitive'
  return (
    <div
      className="state-line"
      data-changed={value.was !== undefined}
      style={{ paddingLeft: `${8 + (level - 1) * 14}px` }}
    >
      {item.isContainer ? (
        <Button
          slot="chevron"
          className="chevron"
          data-expanded={isExpanded}
          aria-label={isExpanded ? 'Fold' : 'Unfold'}
        >
          <ChevronRight size={12} aria-hidden />
        </Button>
      ) : (
        <span className="chevron" aria-hidden />
      )}
      <span
        className="state-label"
        onClick={() => item.isContainer && actions.toggle(item)}
        onDoubleClick={() => isPrimitive && actions.startEdit(item)}
      >
        <span className="state-name">{item.name}</span>
        {!isPrimitive && <span className="state-type">{value.type}</span>}
        {!isPrimitive && !isExpanded && <span className="state-preview">{value.text}</span>}
        {isPrimitive && !isEdited && (
          <span className="state-value" data-type={value.value === null ? 'null' : typeof value.value}>
            {value.text}
          </span>
        )}
        {value.was !== undefined && !isEdited && <span className="state-was">was {value.was}</span>}
      </span>
      {isPrimitive && isEdited && (
        <ValueField
          name={item.name}
          value={value.value}
          onDone={(next) => actions.set(item, next)}
          onCancel={actions.endEdit}
        />
      )}
      {isExpanded && value.size > value.shownChildren && (
        <Pages item={item} value={value} onShow={(first) => actions.showPage(item, first)} />
      )}
      {item.isContainer && level > 1 && (
        <Button
          className="button button-quiet state-pin"
          data-pinned={isPinned}
          aria-label={isPinned ? `Unpin ${item.name}` : `Pin ${item.name}`}
          onPress={() => actions.pin(item)}
        >
          <Pin size={12} aria-hidden />
        </Button>
      )}
    </div>
  )
}

function Pages({
  item,
  value,
  onShow,
}: {
  readonly item: StateItem
  readonly value: StateValue
  readonly onShow: (first: number) => void
}): ReactNode {
  const { firstChild, shownChildren, size } = value
  return (
    <span className="state-pages">
      <Button
        className="button button-quiet"
        aria-label={`Earlier entries of ${item.name}`}
        isDisabled={firstChild === 0}
        onPress={() => onShow(Math.max(0, firstChild - pageSize))}
      >
        ‹
      </Button>
      {firstChild}…{Math.max(firstChild, firstChild + shownChildren - 1)} of {size}
      <Button
        className="button button-quiet"
        aria-label={`Later entries of ${item.name}`}
        isDisabled={firstChild + shownChildren >= size}
        onPress={() => onShow(firstChild + pageSize)}
      >
        ›
      </Button>
    </span>
  )
}

interface ValueFieldProps {
  readonly name: string
  readonly value: unknown
  readonly onDone: (value: unknown) => void
  readonly onCancel: () => void
}

/** Starts from the value at the moment of editing; what the program does meanwhile does not disturb it. */
function ValueField({ name, value, onDone, onCancel }: ValueFieldProps): ReactNode {
  const [start] = useState(value)
  const [text, setText] = useState(() => editText(value))
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.select(), [])
  const parsed = parseValue(text, start)
  return (
    <TextField
      className="state-edit"
      aria-label={`Value of ${name}`}
      value={text}
      onChange={setText}
      isInvalid={!parsed.isValid}
      autoFocus
    >
      <Input
        ref={input}
        className="state-input"
        size={Math.max(8, text.length + 1)}
        onKeyDown={(event) => {
          event.stopPropagation()
          if (event.key === 'Escape') onCancel()
          if (event.key === 'Enter' && parsed.isValid) onDone(parsed.value)
        }}
        onBlur={onCancel}
      />
      {!parsed.isValid && <span className="field-error">{parsed.reason}</span>}
    </TextField>
  )
}

// One configuration value: a number to drag or type, a switch, a colour, a text, a list, or data as JSON; where it comes from, and the way
// back to what lies below a live one.

import { Plus, RotateCcw, X } from 'lucide-react'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { Button, Input, NumberField, Slider, SliderThumb, SliderTrack, Switch, TextField } from 'react-aria-components'
import { ControlButton } from '../../widgets/control-button.tsx'
import { configKind, dragRange, isSimpleList, roundToStep, withItem } from './config-field.ts'
import type { ConfigEntry } from './config-rows.ts'

export interface ConfigRowProps {
  readonly entry: ConfigEntry
  /** The value the range is made around. */
  readonly start: unknown
  readonly error: string | undefined
  readonly onChange: (value: unknown) => void
  readonly onReset: () => void
  readonly onOpen: (place: { readonly file: string; readonly line?: number }) => void
}

export function ConfigRow({ entry, start, error, onChange, onReset, onOpen }: ConfigRowProps): ReactNode {
  const { id, path, value, isHeading, isInitOnly } = entry
  const style = { paddingLeft: (path.length - 1) * 12 }
  if (isHeading)
    return (
      <div className="config-row config-heading">
        <span className="config-name" style={style}>
          {path.at(-1)}
        </span>
      </div>
    )
  return (
    <div className="config-row" data-error={error !== undefined}>
      <span
        className="config-name"
        style={style}
        title={isInitOnly ? `${id}: read by init only, applies at reset` : id}
      >
        {path.at(-1)}
        {isInitOnly && <span className="config-at-reset"> at reset</span>}
      </span>
      <Control name={id} value={value} start={start} onChange={onChange} />
      <Source entry={entry} onReset={onReset} onOpen={onOpen} />
      {error !== undefined && (
        <p className="config-error field-error" role="alert">
          {error}
        </p>
      )}
    </div>
  )
}

function Source({ entry, onReset, onOpen }: Pick<ConfigRowProps, 'entry' | 'onReset' | 'onOpen'>): ReactNode {
  const { id, below, source } = entry
  const { place } = source
  if (source.layer === 'live')
    return (
      <span className="config-source" data-layer="live">
        live
        <ControlButton
          name={`Reset ${id}`}
          tip={below === undefined ? 'Take the live value back' : `Back to ${JSON.stringify(below)}`}
          onPress={onReset}
        >
          <RotateCcw size={12} aria-hidden />
        </ControlButton>
      </span>
    )
  return (
    <span
      className="config-source"
      data-layer={source.layer}
      title={`${id} is set in ${place === undefined ? source.label : placeOf(place)}`}
    >
      {place === undefined ? (
        source.label
      ) : (
        <Button className="link config-place" onPress={() => onOpen(place)}>
          {source.label}
        </Button>
      )}
    </span>
  )
}

function placeOf({ file, line }: { readonly file: string; readonly line?: number }): string {
  return line === undefined ? file : `${file}:${line}`
}

interface ControlProps {
  readonly name: string
  readonly value: unknown
  readonly start: unknown
  readonly onChange: (value: unknown) => void
}

function Control({ name, value, start, onChange }: ControlProps): ReactNode {
  switch (configKind(value)) {
    case 'number':
      return typeof value === 'number' ? (
        <NumberControl
          name={name}
          value={value}
          start={typeof start === 'number' ? start : value}
          onChange={onChange}
        />
      ) : null
    case 'boolean':
      return (
        <Switch className="switch" aria-label={name} isSelected={value === true} onChange={onChange}>
          <span className="switch-track" aria-hidden />
          <span className="code">{String(value)}</span>
        </Switch>
      )
    case 'colour':
      return (
        <label className="colour">
          <input
            type="color"
            aria-label={name}
            value={String(value)}
            onChange={(event) => onChange(event.target.value)}
          />
          <span className="code">{String(value)}</span>
        </label>
      )
    case 'text':
      return <TextControl name={name} text={String(value)} onDone={onChange} />
    case 'list':
      return isSimpleList(value) ? <ListControl name={name} list={value} onChange={onChange} /> : null
    case 'data':
      return <DataControl name={name} value={value} onDone={onChange} />
  }
}

interface NumberControlProps {
  readonly name: string
  readonly value: number
  readonly start: number
  readonly onChange: (value: number) => void
}

function NumberControl({ name, value, start, onChange }: NumberControlProps): ReactNode {
  const range = dragRange(start)
  const change = (next: number): void => onChange(roundToStep(next, range.step))
  return (
    <>
      <Slider
        className="slider"
        aria-label={`${name}, drag`}
        value={Math.min(range.max, Math.max(range.min, value))}
        minValue={range.min}
        maxValue={range.max}
        step={range.step}
        onChange={change}
      >
        <SliderTrack className="slider-track">
          {({ state }) => (
            <>
              <span className="slider-part" style={{ width: `${state.getThumbPercent(0) * 100}%` }} />
              <SliderThumb className="slider-thumb" />
            </>
          )}
        </SliderTrack>
      </Slider>
      <NumberField
        className="config-number"
        aria-label={name}
        value={value}
        step={range.step}
        formatOptions={{ maximumFractionDigits: 6, useGrouping: false }}
        onChange={(next) => Number.isFinite(next) && onChange(next)}
      >
        <div className="field">
          <Input className="field-input code" />
        </div>
      </NumberField>
    </>
  )
}

function TextControl({
  name,
  text,
  onDone,
}: {
  readonly name: string
  readonly text: string
  readonly onDone: (text: string) => void
}): ReactNode {
  const [typed, setTyped] = useState<string>()
  const take = (): void => {
    if (typed !== undefined && typed !== text) onDone(typed)
    setTyped(undefined)
  }
  return (
    <TextField className="config-text" aria-label={name} value={typed ?? text} onChange={setTyped}>
      <div className="field">
        <Input
          className="field-input code"
          onBlur={take}
          onKeyDown={(event) => {
            if (event.key === 'Enter') take()
            if (event.key === 'Escape') setTyped(undefined)
          }}
        />
      </div>
    </TextField>
  )
}

interface ListControlProps {
  readonly name: string
  readonly list: readonly (number | string)[]
  readonly onChange: (list: readonly (number | string)[]) => void
}

function ListControl({ name, list, onChange }: ListControlProps): ReactNode {
  const change = (index: number, typed: string): void => {
    const next = withItem(list, index, typed)
    if (next !== undefined) onChange(next)
  }
  return (
    <div className="config-items" role="group" aria-label={name}>
      {list.map((item, index) => (
        // Items are known by their place alone.
        <div className="config-item" key={index}>
          <TextControl name={`${name}[${index}]`} text={String(item)} onDone={(typed) => change(index, typed)} />
          {list.length > 1 && (
            <ControlButton name={`Remove ${name}[${index}]`} onPress={() => onChange(list.toSpliced(index, 1))}>
              <X size={12} aria-hidden />
            </ControlButton>
          )}
        </div>
      ))}
      <ControlButton name={`Add to ${name}`} onPress={() => onChange([...list, ...list.slice(-1)])}>
        <Plus size={12} aria-hidden />
      </ControlButton>
    </div>
  )
}

function DataControl({
  name,
  value,
  onDone,
}: {
  readonly name: string
  readonly value: unknown
  readonly onDone: (value: unknown) => void
}): ReactNode {
  const [error, setError] = useState<string>()
  const take = (text: string): void => {
    try {
      const next: unknown = JSON.parse(text)
      setError(undefined)
      onDone(next)
    } catch {
      setError('not JSON')
    }
  }
  return (
    <>
      <TextControl name={name} text={JSON.stringify(value) ?? 'undefined'} onDone={take} />
      {error !== undefined && <span className="field-error">{error}</span>}
    </>
  )
}

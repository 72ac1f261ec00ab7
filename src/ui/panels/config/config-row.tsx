// One configuration value: a number to drag or type, a switch, a colour, a text, or data as JSON.

import { useState } from 'react'
import type { ReactNode } from 'react'
import { Input, NumberField, Slider, SliderThumb, SliderTrack, Switch, TextField } from 'react-aria-components'
import { configKind, dragRange, roundToStep } from './config-field.ts'

export interface ConfigRowProps {
  readonly name: string
  readonly value: unknown
  /** The value the range is made around. */
  readonly start: unknown
  readonly error: string | undefined
  readonly onChange: (value: unknown) => void
}

export function ConfigRow({ name, value, start, error, onChange }: ConfigRowProps): ReactNode {
  return (
    <div className="config-row" data-error={error !== undefined}>
      <span className="config-name" title={name}>
        {name}
      </span>
      <Control name={name} value={value} start={start} onChange={onChange} />
      {error !== undefined && (
        <p className="config-error field-error" role="alert">
          {error}
        </p>
      )}
    </div>
  )
}

function Control({ name, value, start, onChange }: Omit<ConfigRowProps, 'error'>): ReactNode {
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

// A drop-down list of named choices: workspace, speed, filters.

import { ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components'
import { Tip } from './tip.tsx'

export interface ChoiceProps {
  readonly name: string
  readonly tip?: string
  readonly shortcut?: string
  readonly value: string
  readonly options: readonly { readonly id: string; readonly title: string }[]
  readonly className?: string
  /** The list is about to be shown. */
  readonly onOpen?: () => void
  readonly onChange: (id: string) => void
}

/** One of `options`, chosen from a list that opens below. */
export function Choice({ name, tip, value, options, className = '', onOpen, onChange }: ChoiceProps): ReactNode {
  return (
    <Select
      className={`choice ${className}`}
      aria-label={name}
      value={value}
      onOpenChange={(isOpen) => {
        if (isOpen) onOpen?.()
      }}
      onChange={(key) => {
        if (typeof key === 'string' && key !== value) onChange(key)
      }}
    >
      <Tip text={tip ?? name}>
        <Button className="choice-button">
          <SelectValue className="choice-value">
            {options.find((option) => option.id === value)?.title ?? value}
          </SelectValue>
          <ChevronDown size={12} aria-hidden />
        </Button>
      </Tip>
      <Popover className="popover" offset={4}>
        <ListBox className="menu" items={options}>
          {(option) => (
            <ListBoxItem id={option.id} className="menu-item" textValue={option.title}>
              {option.title}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  )
}

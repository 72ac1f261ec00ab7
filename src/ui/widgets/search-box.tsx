// A search field: filters the list beside it as one types; Escape empties it.

import { Search, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button, Input, SearchField } from 'react-aria-components'

export interface SearchBoxProps {
  readonly name: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly placeholder?: string
}

export function SearchBox({ name, value, onChange, placeholder }: SearchBoxProps): ReactNode {
  return (
    <SearchField className="search-box" aria-label={name} value={value} onChange={onChange}>
      <Search size={12} aria-hidden />
      <Input className="search-input" placeholder={placeholder ?? name} />
      {value !== '' && (
        <Button className="search-clear" aria-label={`Clear ${name.toLowerCase()}`}>
          <X size={12} aria-hidden />
        </Button>
      )}
    </SearchField>
  )
}

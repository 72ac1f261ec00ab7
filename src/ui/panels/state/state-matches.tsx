// What a query finds in the state of a module: paths with their values, as they are now. One picked is unfolded in the tree.

import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { Button } from 'react-aria-components'
import type { StateMatches } from '../../../protocol/state-query.ts'
import { messageOf } from '../../store/actions.ts'
import { askAgain } from '../../store/pace.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { EmptyNote } from '../../widgets/empty-note.tsx'
import { formatCount } from '../../widgets/format.ts'

const pollMs = 400

/** Looks through the whole state, and not only at what is unfolded. */
export function isStateQuery(search: string): boolean {
  return /[*<>=~]|\swhere\s/.test(search)
}

interface StateMatchListProps {
  readonly module: string
  readonly query: string
  readonly onPick: (path: string) => void
}

export function StateMatchList({ module, query, onPick }: StateMatchListProps): ReactNode {
  const { found, error } = useMatches(module, query)
  if (error !== undefined) return <EmptyNote title="Not a query yet">{error}</EmptyNote>
  if (found === undefined) return null
  if (found.total === 0) return <EmptyNote title="Nothing is so">No value of {module} matches, as it is now.</EmptyNote>
  return (
    <div className="state-matches">
      <p className="state-matches-count" role="status">
        {formatCount(found.total)}
        {found.isCut ? ' and more' : ''} found
        {found.total > found.matches.length && `, the first ${formatCount(found.matches.length)} shown`}
      </p>
      <ul className="panel-scroll" aria-label="Found in the state">
        {found.matches.map(({ text, preview }) => (
          <li key={text}>
            <Button className="state-match" onPress={() => onPick(text)}>
              <span className="state-match-path">{text}</span>
              <span className="state-match-value">{preview}</span>
            </Button>
          </li>
        ))}
      </ul>
    </div>
  )
}

interface Matched {
  readonly found?: StateMatches
  readonly error?: string
}

function useMatches(module: string, query: string): Matched {
  const { client, updates } = useServices()
  const isRunning = useUi((state) => state.status?.running ?? false)
  const moment = useUi((state) =>
    state.status?.running === true ? '' : `${state.status?.timeline}:${state.status?.frame}`,
  )
  const [matched, setMatched] = useState<Matched>({})
  useEffect(() => {
    let isOff = false
    const show = (next: Matched): void =>
      updates.show(() => {
        if (!isOff) setMatched(next)
      })
    const ask = (): Promise<void> =>
      client.command('findState', module, query).then(
        (found) => show({ found }),
        (error: unknown) => show({ error: messageOf(error) }),
      )
    const end = askAgain(client, pollMs, ask)
    return () => {
      isOff = true
      end()
    }
  }, [client, updates, module, query, isRunning, moment])
  return matched
}

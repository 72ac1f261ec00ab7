// What is wrong now: message, place, and what runs on despite it. A problem stands until its cause is gone.

import { CircleX, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { GridList, GridListItem } from 'react-aria-components'
import { openPlace } from '../../store/actions.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { EmptyNote } from '../../widgets/empty-note.tsx'
import { formatCount, formatPlace } from '../../widgets/format.ts'
import './problems.css'
import { ToldText } from '../../widgets/told-text.tsx'

export function ProblemsPanel(): ReactNode {
  const { store } = useServices()
  const problems = useUi((state) => state.problems)
  return (
    <section className="problems" aria-label="Problems">
      <GridList
        className="row-list panel-scroll"
        aria-label="Problems"
        items={problems}
        selectionMode="none"
        onAction={(key) => {
          const problem = problems.find((candidate) => candidate.id === key)
          if (problem !== undefined) openPlace(store, problem)
        }}
        renderEmptyState={() => (
          <EmptyNote title="No problems">
            Errors of compiling, loading and running appear here with their line, until they are fixed.
          </EmptyNote>
        )}
      >
        {(problem) => (
          <GridListItem id={problem.id} textValue={`${problem.severity}: ${problem.message}`} className="problem-row">
            {problem.severity === 'error' ? (
              <CircleX size={14} className="problem-icon" data-tone="error" aria-label="error" />
            ) : (
              <TriangleAlert size={14} className="problem-icon" data-tone="attention" aria-label="warning" />
            )}
            <div className="problem-body">
              <p className="problem-message">
                <ToldText text={problem.message} />
              </p>
              <p className="problem-line">
                {problem.source}
                {problem.module !== undefined && ` · ${problem.module}`}
                {problem.moment !== undefined && ` · frame ${formatCount(problem.moment.frame)}`}
                {problem.consequence !== undefined && (
                  <span className="problem-consequence">
                    {' '}
                    · <ToldText text={problem.consequence} />
                  </span>
                )}
              </p>
            </div>
            <span className="problem-place">{formatPlace(problem)}</span>
          </GridListItem>
        )}
      </GridList>
    </section>
  )
}

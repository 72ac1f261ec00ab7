// The code a reload changed, file by file, before beside after. Monaco is loaded when there is something to compare.

import { lazy, Suspense, useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import type { SourceChange } from '../../../client/source-changes.ts'
import type { Receipt } from '../../../protocol/receipt.ts'
import { messageOf } from '../../store/actions.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'

const CodeDiff = lazy(async () => ({ default: (await import('../../editor/code-diff.tsx')).CodeDiff }))

type Loading =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'loaded'; readonly changes: readonly SourceChange[] }

export function ReloadDiff({ receipt }: { readonly receipt: Receipt }): ReactNode {
  const { client } = useServices()
  const [loading, setLoading] = useState<Loading>({ kind: 'loading' })
  const [chosen, setChosen] = useState<string>()
  useEffect(() => {
    let isCurrent = true
    client.changesOf(receipt).then(
      (changes) => isCurrent && setLoading({ kind: 'loaded', changes }),
      (error: unknown) => isCurrent && setLoading({ kind: 'failed', message: messageOf(error) }),
    )
    return () => {
      isCurrent = false
    }
  }, [client, receipt])
  if (loading.kind === 'loading') return null
  if (loading.kind === 'failed') return <p className="reload-state">The change can’t be shown: {loading.message}</p>
  const { changes } = loading
  const shown = changes.find((change) => change.file === chosen) ?? changes[0]
  if (shown === undefined) return <p className="reload-state quiet">No text changed.</p>
  return (
    <section className="reload-code" aria-label={`Change of ${shown.file}`}>
      {changes.length > 1 ? (
        <ToggleButtonGroup
          className="reload-files"
          aria-label="Changed files"
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[shown.file]}
          onSelectionChange={([file]) => typeof file === 'string' && setChosen(file)}
        >
          {changes.map((change) => (
            <ToggleButton key={change.file} id={change.file} className="button reload-file">
              {change.file}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      ) : (
        <p className="reload-file-name">{shown.file}</p>
      )}
      <ChangeView change={shown} receipt={receipt} />
    </section>
  )
}

function ChangeView({ change, receipt }: { readonly change: SourceChange; readonly receipt: Receipt }): ReactNode {
  const theme = useUi((state) => state.theme)
  const { file, before, after } = change
  const module = receipt.modules.length === 1 ? receipt.modules[0] : undefined
  const name = (version: number | undefined, otherwise: string): string =>
    `${file}, ${version === undefined ? otherwise : `v${version}`}`
  return (
    <>
      {before === undefined && <p className="reload-state quiet">There was no text of it before.</p>}
      {after === undefined && <p className="reload-state quiet">The file was deleted.</p>}
      <div className="reload-code-box">
        <Suspense fallback={<p className="reload-state quiet">The comparison is loading.</p>}>
          <CodeDiff
            file={file}
            before={before ?? ''}
            after={after ?? ''}
            beforeName={name(module?.from, 'before')}
            afterName={name(module?.to, 'after')}
            theme={theme}
          />
        </Suspense>
      </div>
    </>
  )
}

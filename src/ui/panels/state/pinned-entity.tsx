// One entity of the state held at the top of the panel, whatever the tree below shows.

import { PinOff } from 'lucide-react'
import { useMemo } from 'react'
import type { ReactNode } from 'react'
import type { InspectionRequest } from '../../../protocol/inspection.ts'
import { ControlButton } from '../../widgets/control-button.tsx'
import { pathKey, pathOfKey, pathText } from './data-path.ts'
import type { InspectionValues, StateItem } from './inspection-values.ts'
import { useStateValue } from './state-row.tsx'
import { useInspection } from './use-inspection.ts'

export interface PinnedEntityProps {
  readonly module: string
  /** `pathKey` of the entity. */
  readonly pinned: string
  readonly onUnpin: () => void
}

export function PinnedEntity({ module, pinned, onUnpin }: PinnedEntityProps): ReactNode {
  const path = useMemo(() => pathOfKey(pinned) ?? [], [pinned])
  const expanded = useMemo((): InspectionRequest['expanded'] => {
    const above = path.map((step, length) => ({
      path: path.slice(0, length),
      ...(typeof step === 'number' ? { first: step, count: 1 } : {}),
    }))
    return [...above, { path, first: 0, count: 40 }]
  }, [path])
  const { root, values } = useInspection(module, expanded)
  const entity = root === undefined ? undefined : find(root, pinned)
  return (
    <div className="pinned" role="group" aria-label={`Pinned ${pathText(path)}`}>
      <div className="pinned-head">
        <span className="code">{pathText(path)}</span>
        <ControlButton name={`Unpin ${pathText(path)}`} onPress={onUnpin}>
          <PinOff size={12} aria-hidden />
        </ControlButton>
      </div>
      {entity === undefined ? (
        <p className="quiet pinned-gone">not there at this frame</p>
      ) : (
        <dl className="pinned-values">
          {entity.children.map((item) => (
            <PinnedValue key={item.id} item={item} values={values} />
          ))}
        </dl>
      )}
    </div>
  )
}

function PinnedValue({ item, values }: { readonly item: StateItem; readonly values: InspectionValues }): ReactNode {
  const value = useStateValue(values, item.id)
  return (
    <div className="pinned-value" data-changed={value?.was !== undefined}>
      <dt>{item.name}</dt>
      <dd className={value?.kind === 'primitive' ? 'state-value' : 'state-preview'} data-type={typeof value?.value}>
        {value?.text}
        {value?.was !== undefined && <span className="state-was"> was {value.was}</span>}
      </dd>
    </div>
  )
}

function find(item: StateItem, id: string): StateItem | undefined {
  if (item.id === id || id === pathKey(item.path)) return item
  for (const child of item.children) {
    const found = find(child, id)
    if (found !== undefined) return found
  }
  return undefined
}

// The replay from frame 0 at the top of the Reloads panel: how far it is and how to cancel it, then what it found and what that means.

import { CircleCheck, CircleX, Info, TriangleAlert, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button, ProgressBar } from 'react-aria-components'
import { openPlace } from '../../store/actions.ts'
import { closeReplay } from '../../store/replay-actions.ts'
import { progressWords, replayWords } from '../../store/replay-words.ts'
import type { ReplayWords } from '../../store/replay-words.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { ControlButton } from '../../widgets/control-button.tsx'
import { formatPlace } from '../../widgets/format.ts'

export function ReplayStrip(): ReactNode {
  const { store } = useServices()
  const replay = useUi((state) => state.replay)
  if (replay === undefined) return null
  if (replay.kind === 'running') {
    const words = progressWords(replay.progress)
    const { frame, of } = replay.progress ?? { frame: 0, of: 1 }
    return (
      <div className="replay" data-tone="quiet">
        <ProgressBar className="replay-progress" value={frame} maxValue={of} aria-label="Replay" valueLabel={words}>
          {({ percentage = 0 }) => (
            <>
              <span className="replay-text">{words}</span>
              <span className="replay-track" aria-hidden>
                <span className="replay-done" style={{ width: `${percentage}%` }} />
              </span>
            </>
          )}
        </ProgressBar>
        <ControlButton
          name="Cancel the replay"
          tip="End it; the program is not touched"
          kind="framed"
          onPress={replay.cancel}
        >
          Cancel
        </ControlButton>
      </div>
    )
  }
  const words: ReplayWords =
    replay.kind === 'done' ? replayWords(replay.result) : { tone: 'quiet', event: replay.message, meaning: '' }
  const Icon = icons[words.tone]
  const place = replay.kind === 'done' && replay.result.kind === 'threw' ? replay.result.error : undefined
  const placeWords = place === undefined ? undefined : formatPlace(place)
  return (
    <div className="replay" data-tone={words.tone} role="status" aria-label="Replay from frame 0">
      <Icon size={14} aria-hidden className="replay-icon" />
      <p className="replay-text">
        <strong>{words.event}</strong>
        {place !== undefined && placeWords !== undefined && (
          <>
            {' ('}
            <Button className="link" onPress={() => openPlace(store, place)}>
              {placeWords}
            </Button>
            )
          </>
        )}
        {/[.!?]$/.test(words.event) ? ' ' : '. '}
        {words.meaning}
      </p>
      <Button className="search-clear" aria-label="Close the replay’s result" onPress={() => closeReplay({ store })}>
        <X size={12} aria-hidden />
      </Button>
    </div>
  )
}

const icons = { good: CircleCheck, attention: TriangleAlert, error: CircleX, quiet: Info } as const

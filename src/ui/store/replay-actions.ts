// The replay from frame 0 that a user asks for: one at a time, told in the store until it is closed.

import { messageOf } from './actions.ts'
import type { ReplayState } from './replay-words.ts'
import type { UiServices } from './ui-context.tsx'

type Services = Pick<UiServices, 'client' | 'store'>

/** Begins one, where none is under way. */
export function beginReplay({ client, store }: Services): void {
  if (store.getState().replay?.kind === 'running') return
  const set = (replay: ReplayState): void => store.setState({ replay })
  try {
    const { result, cancel } = client.replay((progress) => {
      if (store.getState().replay?.kind === 'running') set({ kind: 'running', progress, cancel })
    })
    set({ kind: 'running', progress: undefined, cancel })
    const isShown = (): boolean => store.getState().replay?.kind === 'running'
    result.then(
      (found) => isShown() && set({ kind: 'done', result: found }),
      (error: unknown) => isShown() && set({ kind: 'ended', message: messageOf(error) }),
    )
  } catch (error) {
    set({ kind: 'ended', message: messageOf(error) })
  }
}

/** Its result is not shown any more; one under way is cancelled. */
export function closeReplay({ store }: Pick<Services, 'store'>): void {
  const { replay } = store.getState()
  if (replay?.kind === 'running') replay.cancel()
  store.setState({ replay: undefined })
}

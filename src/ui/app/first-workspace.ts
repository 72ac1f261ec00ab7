// Which workspace the page opens with: the one its address names, or, where there is none of that name, the server's first.

import type { CoppiceClient } from '../../client/coppice-client.ts'
import { CoppiceError } from '../../protocol/errors.ts'
import { attempt, reportFailure } from '../store/actions.ts'
import type { UiStore } from '../store/ui-store.ts'

/** Opens the workspace called `name`; an address that names one no longer there leads to another, and the page says so. */
export async function openFirstWorkspace(
  client: CoppiceClient,
  store: UiStore,
  name: string | undefined,
): Promise<void> {
  let refusal: CoppiceError | undefined
  await attempt(store, 'The workspace could not be opened', async () => {
    try {
      await client.open(name)
    } catch (error) {
      if (name === undefined || !(error instanceof CoppiceError) || error.code !== 'unknown-workspace') throw error
      refusal = error
      await client.open(undefined)
    }
  })
  if (refusal !== undefined) reportFailure(store, refusal.message)
}

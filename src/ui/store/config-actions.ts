// What a user does to a module's configuration: take up an offer, write live values to a file.

import type { ConfigNote, ConfigPath, ConfigValues } from '../../protocol/config.ts'
import { attempt } from './actions.ts'
import type { UiServices } from './ui-context.tsx'

type Services = Pick<UiServices, 'client' | 'store'>

/** Does what a note offers. Resolves when it is done or told why not. */
export async function takeOffer({ client, store }: Services, { module, path, offer }: ConfigNote): Promise<void> {
  if (offer === undefined) return
  await attempt(store, `${path.join('.')} could not be changed`, async () => {
    if (offer.kind === 'set') await client.command('setConfig', module, offer.changes)
    else await client.files.change((options) => client.request('takeOutConfig', module, path, offer.layers, options))
  })
}

/** Writes values to the file where they win. */
export async function writeConfig({ client, store }: Services, module: string, values: ConfigValues): Promise<void> {
  await attempt(store, `The configuration of ${module} could not be written`, () =>
    client.files.change((options) => client.request('writeConfig', module, values, options)),
  )
}

/** Takes live values back, these or all. */
export async function resetConfig(
  { client, store }: Services,
  module: string,
  paths: readonly ConfigPath[] | undefined,
): Promise<void> {
  await attempt(store, `The configuration of ${module} could not be reset`, async () => {
    const { applied, error } = await client.command('resetConfig', module, paths)
    if (!applied) throw new Error(error)
  })
}

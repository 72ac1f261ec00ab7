// A page that gets no shared memory, as its server sends no COOP and COEP: a hang is ended all the same, and new code is tried out first,
// from copies of captures [ML9].

import { expect, test } from './coppice-test.ts'
import { forever, guilty, manifest, witness } from './hanging-module.ts'
import { numberIn, openPanel } from './page-parts.ts'

test.use({
  serverArguments: ['--no-isolation'],
  source: { 'engine.json': manifest, 'a.ts': guilty(1), 'witness.ts': witness },
})

test('[ML9] without shared memory a hang is ended as well, and nothing reproducible is lost', async ({
  page,
  coppice,
}) => {
  expect(await coppice((c) => c.status())).toMatchObject({ isolated: false, copiedEvery: expect.any(Number) })
  const chip = page.getByRole('contentinfo', { name: 'Status' }).getByRole('button', { name: /^not isolated/ })
  await expect(chip).toHaveAccessibleName(/A copy of the program goes out every \d\.\d s/)
  await coppice((c) => c.setRehearsing(false))
  await coppice((c) => c.publish('note', 0))
  await coppice(
    async (c, text) => {
      const back = c.waitFor({ receipt: 'rolled-back' }, { timeoutFrames: 100_000 })
      await c.files.write('a.ts', text)
      await back
    },
    guilty(2, { process: `if (frame % 64 === 63) { ${forever} }` }),
  )
  await coppice((c) => c.publish('note', 1))
  await openPanel(page, 'Problems')
  const problems = page.getByRole('region', { name: 'Problems', exact: true })
  await expect(problems.getByRole('row', { name: /`process` of a did not come to an end/ })).toContainText(/v1 runs on/)
  const { frame } = await coppice((c) => c.status())
  await coppice((c, at) => c.waitFor({ frame: at }), frame + 5)
  expect(await coppice((c) => c.state('witness'))).toMatchObject({ behind: 0, notes: [0, 1] })
  expect(await coppice((c) => c.state('a'))).toMatchObject({ version: 1 })

  // The standby is there again, and tries out what comes next.
  await coppice((c) => c.setRehearsing(true))
  let version = 100
  await expect
    .poll(async () => {
      version += 1
      const [receipt] = await coppice((c, text) => c.files.write('a.ts', text), guilty(version))
      return receipt?.ms.rehearse
    })
    .toBeGreaterThan(0)
  const receipts = await coppice((c, text) => c.files.write('a.ts', text), guilty(2, { process: forever }))
  expect(receipts).toMatchObject([{ outcome: 'rejected', error: { message: expect.stringMatching(/`process` of a/) } }])
  expect(await numberIn(coppice, 'witness', 'behind')).toBe(0)
})

// What modules import besides code: images, data, shaders. Changing one reloads who uses it.

import { expect, test } from './journey-test.ts'
import { coloursOf, editorReady, numberIn, pictureOf } from './page-parts.ts'
import { solidPng } from './solid-png.ts'

test.describe('an image and data', () => {
  test.use({ source: 'picture' })

  test('[ML3] an image replaced by another program is drawn, and the state stays', async ({
    page,
    coppice,
    workspace,
  }) => {
    await expect.poll(() => coloursOf(page)).toEqual(['#c81e28'])
    const ticks = await numberIn(coppice, 'stamp', 'ticks')
    await workspace.write('stamp.png', solidPng(8, [20, 90, 200]))
    await expect.poll(() => coloursOf(page)).toEqual(['#145ac8'])
    expect(await numberIn(coppice, 'stamp', 'ticks')).toBeGreaterThan(ticks)
    expect((await coppice((c) => c.receipts())).at(-1)).toMatchObject({
      outcome: 'committed',
      trigger: 'disk',
      changedFiles: ['stamp.png'],
    })
  })

  test('[ML3] imported data changes', async ({ coppice }) => {
    await coppice((c) => c.waitFor({ module: 'stamp', path: 'words', equals: 'hello' }))
    await coppice((c) => c.files.write('words.json', '{ "greeting": "good day" }\n'))
    await coppice((c) => c.waitFor({ module: 'stamp', path: 'words', equals: 'good day' }))
  })
})

test.describe('a shader', () => {
  test.use({ source: 'boids' })

  test('[ML3] a shader edited in the editor draws the next picture, and the flock flies on', async ({
    page,
    coppice,
  }) => {
    await editorReady(page)
    await coppice((c) => c.pause())
    const { frame } = await coppice((c) => c.status())
    const hash = await coppice((c) => c.stateHash())
    await expect.poll(async () => (await pictureOf(page)).colours.length).toBeGreaterThan(5)
    const before = await pictureOf(page)
    await coppice(async (c) => {
      const text = (await c.editor?.text('streak.frag.glsl')) ?? ''
      await c.editor?.setText(
        'streak.frag.glsl',
        text.replace('vec4(colour * along * across, 0.0)', 'vec4(0.0, 1.0, 0.0, 1.0)'),
      )
      await c.editor?.open('streak.frag.glsl')
      await c.editor?.save()
    })
    await expect.poll(async () => (await coloursOf(page)).join(' ')).toMatch(/#..ff../)
    expect((await pictureOf(page)).checksum).not.toBe(before.checksum)
    expect(await coppice((c) => c.stateHash())).toBe(hash)
    await coppice((c) => c.resume())
    await coppice((c, at) => c.waitFor({ frame: at }), frame + 5)
  })

  test('[FL9] a shader that does not compile is told of, and the last picture stays', async ({ page, coppice }) => {
    await coppice((c) => c.pause())
    await expect.poll(async () => (await pictureOf(page)).colours.length).toBeGreaterThan(5)
    await coppice(async (c) => {
      const text = await c.files.read('streak.frag.glsl')
      await c.files.write('streak.frag.glsl', text.replace('light =', 'lihgt ='))
    })
    await expect.poll(() => coppice(async (c) => (await c.problems()).length)).toBeGreaterThan(0)
    await coppice(async (c) => {
      const text = await c.files.read('streak.frag.glsl')
      await c.files.write('streak.frag.glsl', text.replace('lihgt =', 'light ='))
    })
    await expect.poll(() => coppice((c) => c.problems())).toEqual([])
    await expect.poll(async () => (await pictureOf(page)).colours.length).toBeGreaterThan(5)
  })
})

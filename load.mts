import { chromium } from '/tmp/h/b/node_modules/@playwright/test/index.mjs'
import { chromiumFlags, findChromium } from '/tmp/h/b/e2e/chromium.ts'
const url = process.argv[2]
const shared = process.argv[3] === 'shared'
const b = await chromium.launch({ executablePath: findChromium(), args: [...chromiumFlags] })
let ctx = await b.newContext({ viewport: { width: 1440, height: 900 } })
for (let i = 0; i < 4; i++) {
  if (!shared) ctx = await b.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await ctx.newPage()
  let n = 0
  page.on('request', () => n++)
  const t = Date.now()
  const at = () => Date.now() - t
  await page.goto(url, { waitUntil: 'commit' })
  const tc = at()
  await page.waitForFunction(() => 'coppice' in window, undefined, { polling: 50 })
  const t1 = at()
  await page.evaluate(() => (window as any).coppice.ready)
  const t2 = at()
  await page.waitForFunction(() => (window as any).coppice.editor !== undefined, undefined, { polling: 50 })
  const t3 = at()
  const r3 = n
  await page.waitForLoadState('networkidle')
  const t4 = at()
  console.log({ commit: tc, coppice: t1, firstFrame: t2, editor: t3, idle: t4, requests: r3, all: n })
  if (!shared) await ctx.close()
  else await page.close()
}
await b.close()

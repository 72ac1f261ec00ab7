import { chromium } from '/tmp/h/b/node_modules/@playwright/test/index.mjs'
import { chromiumFlags, findChromium } from '/tmp/h/me/chromium.mjs'
const url = process.argv[2]
const shared = process.argv[3] === 'shared'
import { cpuByKind } from './cpu.mjs'
const roots = [process.pid, +process.argv[4]]
const diff = (a, b) => Object.fromEntries(Object.keys(b).map((k) => [k, +(b[k] - (a[k] ?? 0)).toFixed(2)]))
const b = await chromium.launch({ executablePath: findChromium(), args: [...chromiumFlags] })
let ctx = await b.newContext({ viewport: { width: 1440, height: 900 } })
for (let i = 0; i < 4; i++) {
  if (!shared) ctx = await b.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await ctx.newPage()
  const c0 = cpuByKind(roots)
  let n = 0
  page.on('request', () => n++)
  const t = Date.now()
  const at = () => Date.now() - t
  await page.goto(url, { waitUntil: 'commit' })
  const tc = at()
  await page.waitForFunction(() => 'coppice' in window, undefined, { polling: 50 })
  const t1 = at()
  await page.evaluate(() => window.coppice.ready)
  const t2 = at()
  const c2 = cpuByKind(roots)
  await page.waitForFunction(() => window.coppice.editor !== undefined, undefined, { polling: 50 })
  const t3 = at()
  const r3 = n
  await page.waitForLoadState('networkidle')
  const t4 = at()
  const c4 = cpuByKind(roots)
  console.log(
    JSON.stringify({
      toFrame: diff(c0, c2),
      toIdle: diff(c2, c4),
      commit: tc,
      coppice: t1,
      firstFrame: t2,
      editor: t3,
      idle: t4,
      requests: r3,
      all: n,
    }),
  )
  if (!shared) await ctx.close()
  else await page.close()
}
await b.close()

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ViteDevServer, createServer } from 'vite'
import { findPackageRoot } from './package-root.ts'
import { coppice } from './plugin.ts'

// The page as built is what every journey opens; here it is served from its sources, as `npm run dev` does.
describe('the page from its sources', () => {
  let server: ViteDevServer
  let address = ''

  beforeAll(async () => {
    server = await createServer({
      root: findPackageRoot(),
      configFile: false,
      logLevel: 'silent',
      optimizeDeps: { noDiscovery: true },
      server: { port: 0, host: '127.0.0.1' },
      plugins: [coppice()],
    })
    await server.listen()
    address = server.resolvedUrls?.local[0] ?? ''
  })
  afterAll(() => server.close())

  const get = (path: string) => fetch(new URL(path, address))

  test.each(['', '__coppice/', '__coppice'])('/%s is the page, isolated, with Vite’s client', async (path) => {
    const answer = await get(path)
    expect(answer.headers.get('Content-Type')).toContain('text/html')
    expect(answer.headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin')
    const html = await answer.text()
    expect(html).toContain('src="/@vite/client"')
    expect(html).toContain('src="/src/ui/main.tsx"')
  })

  test('nothing built is served', async () => {
    expect(await (await get('__coppice/page/index.html')).text()).not.toContain('assets/')
  })
})

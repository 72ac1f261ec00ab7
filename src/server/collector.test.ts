import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Collector, type GatheredChanges } from './collector.ts'

describe('[ML2] changes on disk', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  function collecting(): { readonly collector: Collector; readonly gone: GatheredChanges[] } {
    const gone: GatheredChanges[] = []
    return { collector: new Collector((changes) => gone.push(changes)), gone }
  }

  it('gather until none has arrived for 10 ms, each file once', () => {
    const { collector, gone } = collecting()
    for (const path of ['a.ts', 'b.ts', 'a.ts']) {
      collector.noteFile(path)
      vi.advanceTimersByTime(9)
    }
    expect(gone).toEqual([])
    vi.advanceTimersByTime(1)
    expect(gone).toMatchObject([{ paths: ['a.ts', 'b.ts'], hasPackages: false }])
    collector.noteFile('c.ts')
    collector.notePackages()
    vi.advanceTimersByTime(10)
    expect(gone[1]).toMatchObject({ paths: ['c.ts'], hasPackages: true })
  })

  it('go with a save that comes meanwhile, at once and once', () => {
    const { collector, gone } = collecting()
    collector.noteFile('a.ts')
    expect(collector.take()).toMatchObject({ paths: ['a.ts'] })
    expect(collector.take()).toBeUndefined()
    vi.advanceTimersByTime(100)
    expect(gone).toEqual([])
  })

  it('of a server that has closed lead to nothing', () => {
    const { collector, gone } = collecting()
    collector.noteFile('a.ts')
    collector.dispose()
    vi.advanceTimersByTime(100)
    expect(gone).toEqual([])
  })
})

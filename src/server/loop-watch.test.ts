import { describe, expect, test } from 'vitest'
import { watchLoops } from './loop-watch.ts'

/** Runs a text whose loops are watched; the clock goes on by one with each look. Gives where it was ended, or what it returns. */
function run(body: string, limit = 30): unknown {
  let now = 0
  const look = (begun?: number, line?: number, column?: number): number => {
    now++
    if (begun !== undefined && now - begun > limit) throw new Error(`${line}:${column}`)
    return now
  }
  const text = watchLoops(`export function run() {${body}\n}`).replace('export ', '')
  expect(text.split('\n').length).toBe(body.split('\n').length + 1)
  try {
    // oxlint-disable-next-line typescript/no-implied-eval, no-new-func -- texts are what is tested
    return new Function('__coppice_loop__', `"use strict";${text}\nreturn run()`)(look)
  } catch (error) {
    return error instanceof Error ? error.message : error
  }
}

describe('[ML9] a loop that does not come to an end is named by its place', () => {
  test.each([
    ['while', '\n  while (true);', '2:3'],
    ['for', '\n  for (;;) {}', '2:3'],
    ['do', '\n do void 0\n while (true)', '2:2'],
    ['for of', '\n const a = [1]; for (const x of a) a.push(x)', '2:17'],
    ['an inner one', '\n for (let i = 0; i < 3; i++)\n  while (i === 1);', '3:3'],
    ['an outer one, of inner ones that end', '\n for (;;)\n  for (let i = 0; i < 5; i++);', '2:2'],
    ['with a label', '\n outer: for (;;) { for (;;) continue outer }', '2:9'],
    ['after an if', '\n if (1) while (1) void 0; else for (;;);', '2:9'],
    ['in a function inside', '\n const f = () => { while (1); }; f()', '2:20'],
  ])('%s', (_name, body, place) => {
    expect(run(body)).toBe(place)
  })

  test('loops that end give what they gave', () => {
    const body = `
  let sum = 0
  outer: for (const a of [1, 2, 3]) for (let b = 0; ; b++) { if (b > a) continue outer; if (a === 3) break outer; sum += b }
  for (const key in { x: 1, y: 2 }) sum += key.length
  do sum++; while (sum < 10)
  for (;;) { if (sum++ > 20) break } while (sum < 40) sum++
  return sum`
    expect(run(body, 1000)).toBe(40)
  })

  test('a text without loops, or that does not parse, stays as it is', () => {
    for (const text of ['const a = 1\n', 'for (;', '']) expect(watchLoops(text)).toBe(text)
  })
})

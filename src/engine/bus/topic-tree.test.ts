import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { checkPattern, checkTopic, compilePattern } from '../../protocol/topic.ts'
import { TopicTree } from './topic-tree.ts'

const segment = fc.constantFrom('a', 'b', 'c')
const topic = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join(':'))
const pattern = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', 'c', '*'), { maxLength: 3 }), fc.constantFrom('', '**', 'a', '*'))
  .map(([segments, last]) => [...segments, ...(last === '' ? [] : [last])].join(':'))
  .filter((text) => text !== '')

/** The rule said directly, segment by segment. */
function matchesNaively(patternText: string, topicText: string): boolean {
  const match = (patterns: readonly string[], segments: readonly string[]): boolean => {
    const [first, ...rest] = patterns
    if (first === undefined) return segments.length === 0
    if (first === '**') return segments.length >= 1
    return segments.length > 0 && (first === '*' || first === segments[0]) && match(rest, segments.slice(1))
  }
  return match(patternText.split(':'), topicText.split(':'))
}

describe('patterns of topics', () => {
  test.each([
    ['game:player:*', 'game:player:7', true],
    ['game:player:*', 'game:player', false],
    ['game:player:*', 'game:player:7:hp', false],
    ['*:player:7', 'game:player:7', true],
    ['stats:**', 'stats:fps', true],
    ['stats:**', 'stats:fps:max', true],
    ['stats:**', 'stats', false],
    ['**', 'anything:at:all', true],
    ['tank:hit', 'tank:hit', true],
    ['tank:hit', 'tank:hits', false],
  ])('%s takes %s: %s', (patternText, topicText, expected) => {
    expect(compilePattern(patternText)(topicText)).toBe(expected)
  })

  test('a compiled pattern agrees with the rule said directly', () => {
    fc.assert(
      fc.property(pattern, topic, (patternText, topicText) => {
        expect(compilePattern(patternText)(topicText)).toBe(matchesNaively(patternText, topicText))
      }),
      { numRuns: 2000 },
    )
  })

  test('the tree finds exactly the patterns that match, also after some were taken away', () => {
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 12 }), fc.array(fc.nat(11)), topic, (patterns, removed, topicText) => {
        const tree = new TopicTree<number>()
        for (const [index, patternText] of patterns.entries()) tree.add(patternText, index)
        const gone = new Set(removed)
        for (const index of gone) {
          const patternText = patterns[index]
          if (patternText !== undefined) expect(tree.delete(patternText, index)).toBe(true)
        }
        const expected = patterns.flatMap((patternText, index) =>
          !gone.has(index) && matchesNaively(patternText, topicText) ? [index] : [],
        )
        expect(tree.match(topicText).sort((left, right) => left - right)).toEqual(expected)
      }),
      { numRuns: 1000 },
    )
  })

  test('taking away what is not there says so', () => {
    const tree = new TopicTree<string>()
    tree.add('a:*', 'x')
    expect(tree.delete('a:*', 'y')).toBe(false)
    expect(tree.delete('a:b', 'x')).toBe(false)
    expect(tree.delete('a:**', 'x')).toBe(false)
    expect(tree.delete('a:*', 'x')).toBe(true)
    expect(tree.match('a:b')).toEqual([])
  })

  test('a look-up costs by depth, not by the number of subscriptions', () => {
    const tree = new TopicTree<number>()
    const look = vi.spyOn(Map.prototype, 'get')
    const looksFor = (topic: string): number => {
      look.mockClear()
      expect(tree.match(topic)).toEqual([7])
      return look.mock.calls.length
    }
    for (let index = 0; index < 10; index++) tree.add(`entity:${index}:moved`, index)
    const looks = looksFor('entity:7:moved')
    for (let index = 10; index < 20_000; index++) tree.add(`entity:${index}:moved`, index)
    expect(looksFor('entity:7:moved')).toBe(looks)
    expect(looks).toBeLessThanOrEqual(3)
    look.mockRestore()
  })
})

describe('texts that are no topics or patterns', () => {
  test.each([
    [42, 'must be a string'],
    [null, 'not null'],
    ['', 'must not be empty'],
    ['tank hit', 'white space'],
    ['tank::hit', 'empty segment'],
    [':tank', 'empty segment'],
    ['tank:', 'empty segment'],
    ['tank:*', 'wildcards are for subscriptions'],
    ['x'.repeat(300), 'longer than 256'],
  ])('topic %j: %s', (text, message) => {
    expect(checkTopic(text)).toContain(message)
  })

  test.each([
    [undefined, 'must be a string'],
    ['**:tank', 'before its end'],
    ['tank*', '"*" inside the segment "tank*"'],
    ['tank:***', 'inside the segment'],
    ['a: b', 'white space'],
  ])('pattern %j: %s', (text, message) => {
    expect(checkPattern(text)).toContain(message)
  })

  test('good ones pass', () => {
    for (const text of ['a', 'tank:hit', 'größe:7', 'a-b_c.d:e']) expect(checkTopic(text)).toBeUndefined()
    for (const text of ['*', '**', 'a:*:b', 'a:*:**']) expect(checkPattern(text)).toBeUndefined()
  })
})

import assert from 'node:assert/strict'
import { merge, readAhead } from './read-ahead.js'

const nothing = async (): Promise<void> => undefined

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of source) items.push(item)
  return items
}

describe('reading ahead', () => {
  it('gives the items in order, and reads no further ahead than it may', async () => {
    let made = 0
    const numbers = async function* () {
      while (made < 10) yield made++
    }
    const ahead: number[] = []
    for await (const item of readAhead(numbers(), 2, nothing)) {
      await new Promise(setImmediate)
      ahead.push(made - 1 - item)
    }
    assert.deepEqual(ahead, [2, 2, 2, 2, 2, 2, 2, 2, 1, 0])
  })

  it('throws a failure in its turn, and stops once', async () => {
    let stops = 0
    const failing = async function* () {
      yield 1
      throw new Error('broken')
    }
    const seen: number[] = []
    await assert.rejects(async () => {
      for await (const item of readAhead(failing(), 3, async () => void stops++)) seen.push(item)
    }, /broken/)
    assert.deepEqual([seen, stops], [[1], 1])
  })

  it('frees a pending read when its reader leaves', async () => {
    let free = (): void => undefined
    let ended = false
    const waiting = async function* () {
      try {
        yield 1
        await new Promise<void>((resolve) => {
          free = resolve
        })
      } finally {
        ended = true
      }
    }
    for await (const _ of readAhead(waiting(), 1, async () => free())) break
    assert.equal(ended, true)
  })
})

describe('merging', () => {
  it('gives every item of every source', async () => {
    const count = async function* (from: number) {
      for (let at = 0; at < 5; at++) yield from + at
    }
    const items = await all(merge([count(0), count(10), count(20)]))
    assert.deepEqual(
      items.sort((a, b) => a - b),
      [0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 20, 21, 22, 23, 24],
    )
    assert.deepEqual(await all(merge([])), [])
  })
})

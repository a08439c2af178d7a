import assert from 'node:assert/strict'
import type { ReadContext } from '@tributary/connector-sdk'
import type { SourceStream } from './catalog.js'
import { estimateLater } from './slice-estimate.js'

const context = { signal: new AbortController().signal } as ReadContext<Record<string, unknown>>
const streamOf = (estimate: SourceStream['estimate']) => ({ estimate }) as SourceStream
const read = { rows: 20, bytes: 200 }
const settled = () => new Promise((resolve) => setTimeout(resolve, 1))

describe('the estimate of a slice', () => {
  const cases: readonly [string, SourceStream['estimate'], object | undefined][] = [
    ['is in rows where the source knows them', async () => ({ rows: 50, bytes: 900 }), { rows: 30 }],
    ['is in bytes otherwise', async () => ({ bytes: 900 }), { bytes: 700 }],
    ['is none where more came', async () => ({ rows: 10, bytes: 900 }), undefined],
    ['is none where the source cannot say', undefined, undefined],
    ['is none where the source fails', () => Promise.reject(new Error('no')), undefined],
  ]
  for (const [what, estimate, remaining] of cases)
    it(what, async () => {
      const later = estimateLater(streamOf(estimate), context, 0)
      while (estimate && remaining && later.remaining(read) === undefined) await settled()
      await settled()
      assert.deepEqual(later.remaining(read), remaining)
      later.stop()
    })

  it('ends with the slice', async () => {
    const asked: AbortSignal[] = []
    const estimate = (given: ReadContext<Record<string, unknown>>) => {
      asked.push(given.signal)
      return new Promise<never>(() => {})
    }
    const later = estimateLater(streamOf(estimate), context, 0)
    while (asked.length === 0) await settled()
    later.stop()
    assert.deepEqual(
      asked.map(({ aborted }) => aborted),
      [true],
    )
  })
})

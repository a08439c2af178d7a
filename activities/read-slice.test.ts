import assert from 'node:assert/strict'
import { ConnectorError, type StreamMessage } from '@tributary/connector-sdk'
import type { LoadWriter } from '../warehouse/loading/load-writer.js'
import { readSlice, SLICE_BUDGET, type SliceReading } from './read-slice.js'

/** Reads what a source says until it ends or fails; the rows that were given to the load, and the result or the error. */
async function slice(
  messages: readonly StreamMessage[],
  error?: Error,
  more: { readonly state?: Record<string, string>; readonly syncMode?: 'incremental' } = {},
) {
  const rows: unknown[] = []
  // Only what `readSlice` calls: what it decides is tested here, loading itself on the real engine (test/warehouse).
  const writer = {
    rows: 0,
    bytes: 0,
    appendRecords: async (records: readonly unknown[]) => void rows.push(...records),
    appendRejects: async () => undefined,
    finish: async () => ({ rows: rows.length, bytes: 0, rejects: 0 }),
  } as unknown as LoadWriter
  async function* read() {
    yield* messages
    if (error) throw error
  }
  const stream = { name: 'people', schema: { type: 'object', properties: { id: {} } }, read }
  const context = { signal: new AbortController().signal, primaryKey: [], ...more }
  const reading = { stream, connector: 'source-crm', context, writer, budget: SLICE_BUDGET }
  const quiet = { endRequested: () => undefined, onProgress: () => undefined }
  const result = await readSlice({ ...reading, ...quiet } as unknown as SliceReading).catch(
    (failure: unknown) => failure,
  )
  return { rows, result: result instanceof Error ? result.message : (result as { done: boolean }) }
}

const records = (...ids: number[]): StreamMessage => ({ type: 'records', records: ids.map((id) => ({ id })) })
const checkpoint = (at: string): StreamMessage => ({ type: 'checkpoint', state: { at } })
const limited = new ConnectorError('RateLimited', 'slow down', { until: 7 })

describe('a slice', () => {
  it('that is interrupted ends at its newest checkpoint', async () => {
    const { rows, result } = await slice([records(1), checkpoint('1'), records(2)], limited)
    assert.deepEqual(rows, [{ id: 1 }])
    assert.deepEqual(result, {
      totals: { rows: 1, bytes: 0, rejects: 0 },
      checkpoint: checkpoint('1'),
      done: false,
      endedBy: 'rate limit',
      resumeAtMs: 7,
    })
  })

  it('keeps what it read of data that cannot all be read, and fails where that is nothing', async () => {
    const unreadable = new ConnectorError('UnreadableData', 'b.csv is damaged')
    const kept = await slice([records(1), checkpoint('1')], unreadable)
    const none = await slice([], unreadable, { state: { at: '1' } })
    assert.deepEqual(
      [kept.rows, typeof kept.result === 'string' ? kept.result : kept.result.done, none.result],
      [[{ id: 1 }], false, 'b.csv is damaged'],
    )
  })

  it('fails where an interruption leaves the state as it was, so that attempts count', async () => {
    const { result } = await slice([checkpoint('1'), records(2)], limited, {
      state: { at: '1' },
    })
    assert.equal(result, 'slow down')
  })

  const BROKEN =
    'reading people: source-crm ended an incremental read with rows behind its last checkpoint, which the next read would bring again; its author must yield a checkpoint behind the last row'
  const rejects: StreamMessage = { type: 'rejects', rejects: [] }
  const ENDS: readonly [how: string, messages: readonly StreamMessage[], error?: string][] = [
    ['nothing at all', []],
    ['a checkpoint behind its rows', [records(1), checkpoint('1')]],
    ['no checkpoint', [records(1)], BROKEN],
    ['rows behind its last checkpoint', [records(1), checkpoint('1'), records(2)], BROKEN],
    ['rejects behind its last checkpoint', [records(1), checkpoint('1'), rejects], BROKEN],
  ]
  for (const [how, messages, error] of ENDS) {
    it(`that reads incrementally and ends with ${how} is ${error ? 'refused' : 'done'}`, async () => {
      const { result } = await slice(messages, undefined, { syncMode: 'incremental' })
      assert.deepEqual(typeof result === 'string' ? result : result.done, error ?? true)
    })
  }

  it('of a full read may end without a checkpoint', async () => {
    const { rows, result } = await slice([records(1)])
    assert.deepEqual([rows, typeof result === 'string' ? result : result.done], [[{ id: 1 }], true])
  })
})

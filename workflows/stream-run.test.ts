import assert from 'node:assert/strict'
import type { LoadResult, OpenedStream } from './contract.js'
import { StreamRun } from './stream-run.js'

const opened: OpenedStream = {
  position: { lane: 'live', epoch: '9', base: 4, sequence: 4, generation: 1, fold: 0, building: false },
  state: '{"at":1}',
  cursor: 'one',
}
const load = (sequence: number): LoadResult => ({
  loadId: `load-${sequence}`,
  sequence,
  rows: 10,
  bytes: 100,
  rejects: 1,
  state: `{"at":${sequence}}`,
  cursor: `cursor ${sequence}`,
})

describe('the state of a stream within a run', () => {
  it('keeps what a slice brought as pending, and what was pending as accepted', () => {
    const run = new StreamRun('orders', undefined, 1000)
    const first = run.advance(run.begin(opened), { done: false, load: load(5) })
    const second = run.advance(first, { done: false, load: load(6) })
    assert.deepEqual(second, {
      position: { ...opened.position, sequence: 6 },
      state: '{"at":6}',
      cursor: 'cursor 6',
      pending: load(6),
      slices: 2,
      rows: 20,
      bytes: 200,
      rejects: 2,
      startedAtMs: 1000,
    })
  })

  it('has nothing pending after a slice that read nothing, and stays where it was', () => {
    const run = new StreamRun('orders', undefined, 1000)
    const first = run.advance(run.begin(opened), { done: false, load: load(5) })
    const last = run.advance(first, { done: true })
    assert.deepEqual(
      { pending: last.pending, sequence: last.position.sequence, state: last.state, rows: last.rows },
      { pending: undefined, sequence: 5, state: '{"at":5}', rows: 10 },
    )
  })

  it('goes on from what an earlier execution did', () => {
    const before = new StreamRun('orders', undefined, 1000)
    const progress = before.advance(before.begin(opened), { done: false, load: load(5) })
    const run = new StreamRun('orders', progress, 9000)
    run.advance(progress, { done: true, load: load(6) })
    run.end('succeeded')
    assert.deepEqual(run.report(11_000), {
      name: 'orders',
      outcome: 'succeeded',
      rows: 20,
      bytes: 200,
      rejects: 2,
      seconds: 10,
      cursor: 'cursor 6',
      slices: 2,
    })
  })

  it('tells of a change of status at once, and of progress now and then', () => {
    const run = new StreamRun('orders', undefined, 0)
    const told = [run.shouldSignal(0), run.shouldSignal(5_000), run.shouldSignal(20_000)]
    run.sleepUntil('2026-01-01T00:00:00.000Z')
    told.push(run.shouldSignal(20_001))
    assert.deepEqual(told, [true, false, true, true])
    assert.equal(run.state().resumeAt, '2026-01-01T00:00:00.000Z')
  })
})

import assert from 'node:assert/strict'
import type { StreamPlan, StreamReport, SyncPlan } from './contract.js'
import { SourceRun } from './source-run.js'

const stream = (name: string): StreamPlan => ({
  name,
  syncMode: 'incremental',
  destinationSyncMode: 'append',
  resumable: true,
})
const plan: SyncPlan = {
  source: 'shop',
  revision: 'r1',
  connector: 'source-postgres',
  connectorVersion: '1.0.0',
  title: 'PostgreSQL → shop',
  parallelism: 2,
  streams: [stream('orders'), stream('people')],
}
const ended = (name: string): StreamReport => ({
  name,
  outcome: 'succeeded',
  rows: 5,
  bytes: 50,
  rejects: 0,
  seconds: 1,
  cursor: null,
  slices: 1,
})
const begun = () => {
  const run = new SourceRun({ source: 'shop', reason: 'manual' }, 0)
  run.begin(plan)
  return run
}
const ids = { workflowId: 'sync/shop', runId: 'run' }

describe('the state of a run', () => {
  const outcomes: readonly [string, (run: SourceRun) => void, string][] = [
    [
      'all streams succeeded',
      (run) => {
        for (const name of ['people', 'orders']) run.end(ended(name))
      },
      'succeeded',
    ],
    [
      'one failed',
      (run) => {
        run.end(ended('orders'))
        run.endFailed('people', 'failed', { type: 'NetworkError', message: 'cut' }, 10)
      },
      'partial',
    ],
    [
      'all failed',
      (run) => {
        for (const { name } of plan.streams)
          run.endFailed(name, 'failed', { type: 'NetworkError', message: 'cut' }, 10)
      },
      'failed',
    ],
    [
      'a stream loaded all but what cannot be read',
      (run) => {
        for (const { name } of plan.streams)
          run.endFailed(name, 'failed', { type: 'UnreadableData', message: 'a.gz is damaged' }, 10)
      },
      'partial',
    ],
    ['the run itself failed', (run) => run.fail({ type: 'ConfigInvalid', message: 'wrong' }), 'failed'],
    [
      'one was skipped',
      (run) => {
        run.end(ended('orders'))
        run.endFailed('people', 'skipped', { type: 'Skipped', message: 'by hand' }, 10)
      },
      'succeeded',
    ],
  ]
  for (const [when, act, outcome] of outcomes) {
    it(`is ${outcome} when ${when}`, () => {
      const run = begun()
      act(run)
      assert.equal(run.report(ids, false, 2000).outcome, outcome)
    })
  }

  it('takes what a failed stream had loaded from its failure before its last word', () => {
    const run = begun()
    const error = { type: 'UnreadableData', message: 'a.gz is damaged' }
    run.endFailed('people', 'failed', error, 2000, { ...ended('people'), outcome: 'failed' })
    assert.deepEqual(run.report(ids, false, 2000).streams, [{ ...ended('people'), outcome: 'failed', error }])
  })

  it('reports the streams in the order of the plan, with totals', () => {
    const run = begun()
    run.end(ended('people'))
    run.end(ended('orders'))
    const { streams, rows, bytes, seconds } = run.report(ids, false, 2000)
    assert.deepEqual(
      { names: streams.map(({ name }) => name), rows, bytes, seconds },
      { names: ['orders', 'people'], rows: 10, bytes: 100, seconds: 2 },
    )
  })

  it('does not let a late word undo the end of a stream, nor an unknown stream in', () => {
    const run = begun()
    run.end(ended('orders'))
    run.hear({ name: 'orders', status: 'running', rows: 1, bytes: 1, rejects: 0, slices: 0 })
    run.hear({ name: 'other', status: 'running', rows: 1, bytes: 1, rejects: 0, slices: 0 })
    assert.deepEqual(
      run.progress().streams.map(({ name, status }) => [name, status]),
      [
        ['orders', 'succeeded'],
        ['people', 'waiting'],
      ],
    )
    assert.deepEqual(
      [run.canSkip('orders'), run.canSkip('people'), run.canSkip('other')],
      [false, true, false],
    )
  })

  it('is reported in one payload, however many streams failed with however much to say', () => {
    const names = Array.from({ length: 1000 }, (_, index) => `public.table_${index}`)
    const run = new SourceRun({ source: 'shop', reason: 'manual' }, 0)
    run.begin({ ...plan, streams: names.map(stream) })
    for (const name of names) run.endFailed(name, 'failed', { type: 'Timeout', message: 'x'.repeat(800) }, 10)
    const { streams } = run.report(ids, false, 10)
    const lengths = streams.map(({ error }) => error?.message.length)
    assert.deepEqual([streams.length, lengths[49], lengths[50]], [1000, 800, 121])
    assert.ok(JSON.stringify(streams).length < 400_000)
  })
})

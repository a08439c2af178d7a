/** What people and machines do to runs that are going on, end to end: wait, drain, cancel, skip, reset, roll back, backfill. */
import assert from 'node:assert/strict'
import { WorkflowFailedError } from '@temporalio/client'
import { signalProcess } from '../../local/process-identity.js'
import { apply } from '../../operations/apply.js'
import { startBackfill } from '../../operations/backfill.js'
import { cancel } from '../../operations/cancel.js'
import { taskFailure } from '../../operations/follow-task.js'
import { startReset } from '../../operations/reset.js'
import { showSchedule, triggerSync } from '../../operations/schedules.js'
import { rollbackState, state } from '../../operations/state.js'
import { selectRow } from '../../warehouse/query.js'
import type { BackfillReport } from '../../workflows/command-contract.js'
import {
  progressQuery,
  type SliceResult,
  skipStreamUpdate,
  streamWorkflowId,
} from '../../workflows/contract.js'
import { findProcess } from '../crash/strike.js'
import { type GatedLoyalty, startGatedLoyalty } from '../support/loyalty.js'
import { ordersTable, startTestShop, type TestShop } from '../support/shop.js'
import { smallPostgres } from '../support/small-postgres.js'
import { startTestStack, type TestStack } from '../support/stack.js'
import { syncAndWait, waitForReport } from '../support/sync.js'
import { until } from '../support/until.js'

const DEDUP =
  'sync_mode: incremental, destination_sync_mode: append_dedup, cursor_field: updated_at, primary_key: [id]'
const ROWS = 12_000

describe('control of runs', function () {
  this.timeout(120_000)
  let shop: TestShop
  let loyalty: GatedLoyalty
  let stack: TestStack

  before(async () => {
    shop = await startTestShop()
    loyalty = await startGatedLoyalty(700)
    stack = await startTestStack({
      backoff: { firstMs: 100, maxMs: 500 },
      env: {
        TRIBUTARY_SECRET_SHOP_PASSWORD: shop.password,
        TRIBUTARY_SECRET_LOYALTY_SECRET: loyalty.secret,
        TRIBUTARY_ALLOW_PRIVATE_ADDRESSES: 'true',
        TRIBUTARY_HEARTBEAT_MS: '3000',
      },
    })
    await stack.write({
      'tributary.yaml': 'workspace: control\ntime_zone: UTC\n',
      ...smallPostgres({ block: 100, slice: 400 }),
    })
  })

  after(async () => {
    await stack?.stop()
    await loyalty?.stop()
    await shop?.stop()
  })

  /** A source of its own with one deduplicated stream for each table, made with so many rows. */
  async function publish(source: string, tables: Readonly<Record<string, number>>): Promise<void> {
    for (const [table, rows] of Object.entries(tables)) await shop.query(ordersTable(table, rows))
    const streams = Object.keys(tables).map((table) => `  - { name: public.${table}, ${DEDUP} }\n`)
    await stack.write({
      [`sources/${source}.yaml`]: `connector: ./connectors/small-postgres\nconfig: ${shop.config()}\nschedule: manual\nstreams:\n${streams.join('')}`,
    })
    await apply(stack.context, { author: 'test' })
  }

  async function count(source: string, stream: string): Promise<number> {
    const query = `SELECT count() AS n FROM \`${source}\`.\`${stream}\``
    return Number((await selectRow<{ n: string }>(await stack.context.warehouse(), query))?.n)
  }

  async function result(run: { readonly workflowId: string }): Promise<unknown> {
    return (await stack.context.temporal()).workflow.getHandle(run.workflowId).result()
  }

  async function eventsOf(workflowId: string) {
    const client = await stack.context.temporal()
    return (await client.workflow.getHandle(workflowId).fetchHistory()).events ?? []
  }

  const rowsWritten = async (source: string, stream: string): Promise<number> =>
    count(source, `${stream}__rows`).catch(() => 0)

  it('a rate limit is slept out on a durable timer, and no page is read twice', async () => {
    await stack.write({ 'sources/loyalty.yaml': loyalty.sourceFile })
    await apply(stack.context, { author: 'test' })
    loyalty.limitAfter(1, 8)
    const run = await triggerSync(stack.context, 'loyalty')
    const handle = (await stack.context.temporal()).workflow.getHandle(run.workflowId)
    await until(async () => (await handle.query(progressQuery)).streams[0]?.status === 'sleeping')
    const { raw } = await (await stack.context.temporal()).workflow
      .getHandle(streamWorkflowId('loyalty', 'members'))
      .describe()
    assert.deepEqual(raw.pendingActivities, [])
    assert.equal((await waitForReport(stack, run)).outcome, 'succeeded')
    assert.equal(await count('loyalty', 'members'), loyalty.members)
    assert.deepEqual([...new Set(loyalty.passed)], loyalty.passed)
  })

  it('five failed runs in a row pause the schedule', async () => {
    await shop.query(ordersTable('unread', 1))
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of the workspace's own
    const config = shop.config({ password: '${secret:NEVER_SET}' })
    await stack.write({
      'sources/broken.yaml': `connector: ./connectors/small-postgres\nconfig: ${config}\nschedule: manual\nstreams: [{ name: public.unread, ${DEDUP} }]\n`,
    })
    await apply(stack.context, { author: 'test' })
    const paused: boolean[] = []
    for (let run = 1; run <= 5; run += 1) {
      await syncAndWait(stack, 'broken')
      paused.push((await showSchedule(stack.context, 'broken')).paused)
    }
    assert.deepEqual(paused, [false, false, false, false, true])
    assert.match((await showSchedule(stack.context, 'broken')).note, /5 failed runs in a row.*NEVER_SET/)
  })

  it('a worker that is asked to stop ends its slice at a checkpoint, and the next slice goes on there', async () => {
    // Long enough to be asked in the middle, also where finding the process takes a while.
    const rows = 4 * ROWS
    await publish('drain', { drained: rows })
    const run = await triggerSync(stack.context, 'drain')
    await until(async () => (await rowsWritten('drain', 'public.drained')) > 500)
    signalProcess(await findProcess(stack.workspaceDir, 'worker 1'), 'SIGTERM')
    const report = await waitForReport(stack, run)
    assert.deepEqual([report.outcome, report.rows], ['succeeded', rows])
    assert.equal(await count('drain', 'public.drained'), rows)
    const events = await eventsOf(streamWorkflowId('drain', 'public.drained'))
    const unwanted = events.filter(
      (e) => e.activityTaskFailedEventAttributes ?? e.activityTaskTimedOutEventAttributes,
    )
    assert.deepEqual(unwanted, [])
    assert.equal(slices(events)[0]?.endedBy, 'worker shutdown')
    // Written once: nothing was read from the start again.
    assert.equal(await rowsWritten('drain', 'public.drained'), rows)
  })

  it('a cancelled run ends at once, and the next one brings what is missing', async () => {
    await publish('cancelled', { halved: ROWS })
    const run = await triggerSync(stack.context, 'cancelled')
    await until(async () => (await rowsWritten('cancelled', 'public.halved')) > 500)
    await cancel(stack.context, 'cancelled')
    await assert.rejects(waitForReport(stack, run), /cancelled/i)
    // All of them where it was about to finish; never a row twice.
    assert.ok((await count('cancelled', 'public.halved')) <= ROWS)
    assert.equal((await syncAndWait(stack, 'cancelled')).outcome, 'succeeded')
    assert.equal(await count('cancelled', 'public.halved'), ROWS)
  })

  it('a skipped stream leaves the others alone, and an unknown one is refused', async () => {
    await publish('skipped', { boring: ROWS, wanted: 4000 })
    const run = await triggerSync(stack.context, 'skipped')
    const handle = (await stack.context.temporal()).workflow.getHandle(run.workflowId)
    await until(async () => (await rowsWritten('skipped', 'public.boring')) > 200)
    await assert.rejects(handle.executeUpdate(skipStreamUpdate, { args: [{ stream: 'public.unknown' }] }))
    await handle.executeUpdate(skipStreamUpdate, { args: [{ stream: 'public.boring' }] })
    const { streams } = await waitForReport(stack, run)
    assert.deepEqual(
      streams.map(({ name, outcome }) => [name, outcome]),
      [
        ['public.boring', 'skipped'],
        ['public.wanted', 'succeeded'],
      ],
    )
    assert.equal(await count('skipped', 'public.wanted'), 4000)
  })

  it('a reset reads anew beside what people see, and what is gone at the source is gone', async () => {
    await publish('anew', { renewed: 5000 })
    await syncAndWait(stack, 'anew')
    await shop.query('DELETE FROM renewed WHERE id <= 1000')
    const reset = await startReset(stack.context, 'anew', 'public.renewed')
    const seen = new Set<number>()
    let ended = false
    const ending = result(reset).finally(() => {
      ended = true
    })
    await until(async () => {
      seen.add(await count('anew', 'public.renewed'))
      return ended
    })
    await ending
    assert.equal(await count('anew', 'public.renewed'), 4000)
    assert.deepEqual(
      [...seen].filter((rows) => rows !== 5000 && rows !== 4000),
      [],
    )
  })

  it('a rollback takes back what came after a step, and the next run reads on from there', async () => {
    await publish('undone', { turned: 1000 })
    await syncAndWait(stack, 'undone')
    const [before] = await state(stack.context, 'undone')
    await shop.query(`INSERT INTO turned SELECT n, 'late', now() FROM generate_series(1001, 1100) n;
      UPDATE turned SET note = 'changed', updated_at = now() WHERE id <= 10`)
    await syncAndWait(stack, 'undone')
    assert.equal(await count('undone', 'public.turned'), 1100)
    await rollbackState(stack.context, 'undone', 'public.turned', before!.sequence)
    assert.equal(await count('undone', 'public.turned'), 1000)
    const changed = "SELECT countIf(note = 'changed') AS n FROM undone.`public.turned`"
    assert.deepEqual(await selectRow(await stack.context.warehouse(), changed), { n: '0' })
    await syncAndWait(stack, 'undone')
    assert.equal(await count('undone', 'public.turned'), 1100)
    assert.deepEqual(await selectRow(await stack.context.warehouse(), changed), { n: '10' })
  })

  it('a backfill brings old rows and never moves the live cursor', async () => {
    await publish('past', { old: 1000 })
    await syncAndWait(stack, 'past')
    const [before] = await state(stack.context, 'past')
    await shop.query("UPDATE old SET note = 'corrected' WHERE id <= 300")
    const bounds = {
      from: '2026-01-01T00:00:00Z',
      to: '2026-01-01T00:10:00Z',
      step: '5m',
      name: 'corrections',
    }
    await result(await startBackfill(stack.context, 'past', bounds))
    const corrected = "SELECT countIf(note = 'corrected') AS n FROM past.`public.old`"
    assert.deepEqual(await selectRow(await stack.context.warehouse(), corrected), { n: '300' })
    const [after] = await state(stack.context, 'past')
    assert.deepEqual([after?.cursor, after?.sequence], [before?.cursor, before?.sequence])
    assert.equal(await count('past', 'public.old'), 1000)
    assert.equal((await syncAndWait(stack, 'past')).rows, 0)
  })

  it('a backfill that is started again goes on where it was, and reads nothing twice', async () => {
    const rows = 6000
    await shop.query(ordersTable('replayed', rows))
    await stack.write({
      'sources/again.yaml': `connector: ./connectors/small-postgres\nconfig: ${shop.config()}\nschedule: manual\nstreams: [{ name: public.replayed, sync_mode: incremental, destination_sync_mode: append, cursor_field: updated_at }]\n`,
    })
    await apply(stack.context, { author: 'test' })
    await syncAndWait(stack, 'again')
    const bounds = { from: '2026-01-01T00:00:00Z', to: '2026-01-01T01:40:00Z', step: '20m', name: 'twice' }
    const start = (over = {}) => startBackfill(stack.context, 'again', { ...bounds, ...over })
    // Cut in a window, and once more.
    for (const written of [1500, 3500]) {
      const run = await start()
      await until(async () => (await rowsWritten('again', 'public.replayed')) > rows + written)
      await cancel(stack.context, 'again')
      await assert.rejects(result(run), WorkflowFailedError)
    }
    const report = (await result(await start())) as BackfillReport
    assert.match(report.note ?? '', /^went on at 2026-01-01T0/)
    assert.ok(report.windows < 5, `${report.windows} windows`)
    assert.equal(await count('again', 'public.replayed'), rows + 5999)
    const twice = 'SELECT max(n) AS most FROM (SELECT count() AS n FROM again.`public.replayed` GROUP BY id)'
    assert.deepEqual(await selectRow(await stack.context.warehouse(), twice), { most: '2' })

    const { windows, note } = (await result(await start())) as BackfillReport
    assert.equal(windows, 0)
    assert.match(note ?? '', /^done earlier, nothing was read; give another --name/)
    // The same bounds, written otherwise.
    assert.equal(((await result(await start({ from: '2026-01-01' }))) as BackfillReport).windows, 0)
    for (const other of [{ to: '2026-01-01T02:00:00Z' }, { step: '10m' }]) {
      const refused = await result(await start(other)).catch((error: unknown) => taskFailure(error))
      assert.match(
        String(refused),
        /the backfill twice reads from 2026-01-01T00:00:00Z to 2026-01-01T01:40:00Z in steps of 1200000.*another --name/,
      )
    }
    assert.equal(await count('again', 'public.replayed'), rows + 5999)
  })

  it('a load that was accepted but not folded, as after a kill, is folded by the next run', async () => {
    await publish('unfolded', { left_over: 500 })
    await syncAndWait(stack, 'unfolded')
    const warehouse = await stack.context.warehouse()
    const wait = { clickhouse_settings: { mutations_sync: '1' } } as const
    await warehouse.command({ query: 'TRUNCATE TABLE unfolded.`public.left_over__current`', ...wait })
    await warehouse.command({
      query: "ALTER TABLE tributary.loads DELETE WHERE source = 'unfolded' AND event = 'folded'",
      ...wait,
    })
    assert.equal(await count('unfolded', 'public.left_over'), 0)
    assert.equal((await syncAndWait(stack, 'unfolded')).outcome, 'succeeded')
    assert.equal(await count('unfolded', 'public.left_over'), 500)
  })
})

interface HistoryEvent {
  readonly activityTaskCompletedEventAttributes?: {
    readonly result?: { readonly payloads?: readonly { readonly data?: Uint8Array | null }[] | null } | null
  } | null
}

/** What the slices of a stream's run returned, in order. */
function slices(events: readonly HistoryEvent[]): SliceResult[] {
  return events.flatMap(({ activityTaskCompletedEventAttributes: completed }) => {
    const data = completed?.result?.payloads?.[0]?.data
    const value: unknown = data?.length ? JSON.parse(Buffer.from(data).toString('utf8')) : undefined
    return typeof value === 'object' && value !== null && 'done' in value ? [value as SliceResult] : []
  })
}

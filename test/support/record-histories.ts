/**
 * Records the histories that test/replay.test.ts replays: real runs of every workflow on a real stack. Run it by
 * scripts/record-histories.mjs. A history that changes needs a patch or a new worker version: look at the difference.
 */
import { mkdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { apply } from '../../operations/apply.js'
import { startBackfill } from '../../operations/backfill.js'
import { cancel } from '../../operations/cancel.js'
import { startRefresh } from '../../operations/refresh.js'
import { replayRejects } from '../../operations/rejects.js'
import { startReset } from '../../operations/reset.js'
import { applyRetention } from '../../operations/retention.js'
import { triggerSync } from '../../operations/schedules.js'
import { rollbackState, state } from '../../operations/state.js'
import { progressQuery, skipStreamUpdate, streamWorkflowId, TASK_QUEUE } from '../../workflows/contract.js'
import { profilesWorkflowId } from '../../workflows/refresh-contract.js'
import { workspaceWorkflowId } from '../../workflows/workspace-contract.js'
import { recordActivations } from './activation-histories.js'
import { type GatedLoyalty, startGatedLoyalty } from './loyalty.js'
import { saveHistory } from './save-history.js'
import { ordersTable, startTestShop, type TestShop } from './shop.js'
import { smallPostgres } from './small-postgres.js'
import { startTestStack, type TestStack } from './stack.js'
import { syncAndWait, waitForReport } from './sync.js'

/** Writes `<workflow>-<case>.json` files into the folder. */
export async function recordHistories(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await recordActivations(folder)
  const shop = await startTestShop()
  const loyalty = await startGatedLoyalty(700)
  try {
    const stack = await startTestStack({
      env: {
        TRIBUTARY_SECRET_SHOP_PASSWORD: shop.password,
        TRIBUTARY_SECRET_LOYALTY_SECRET: loyalty.secret,
        TRIBUTARY_ALLOW_PRIVATE_ADDRESSES: 'true',
        TRIBUTARY_SLICE_ROWS: '400',
      },
    })
    try {
      await record({ folder, stack, shop, loyalty })
    } finally {
      await stack.stop()
    }
  } finally {
    await loyalty.stop()
    await shop.stop()
  }
}

interface Recording {
  readonly folder: string
  readonly stack: TestStack
  readonly shop: TestShop
  readonly loyalty: GatedLoyalty
}

async function record(recording: Recording): Promise<void> {
  const { stack, shop, loyalty } = recording
  await shop.query(ordersTable('orders', 1000))
  await shop.query(ordersTable('colours', 3))
  await stack.write({
    'tributary.yaml': 'workspace: histories\ntime_zone: UTC\n',
    ...smallPostgres({ block: 200, slice: 400 }),
    'sources/shop.yaml': `connector: ./connectors/small-postgres
config: ${shop.config()}
schedule: manual
streams:
  - { name: public.orders, sync_mode: incremental, destination_sync_mode: append_dedup, cursor_field: updated_at, primary_key: [id] }
  - { name: public.colours, sync_mode: full_refresh, destination_sync_mode: overwrite }
`,
    'sources/torn.yaml': `connector: ./connectors/small-postgres
config: ${shop.config()}
schedule: manual
streams:
  - { name: public.colours, sync_mode: full_refresh, destination_sync_mode: overwrite }
  - { name: public.gone, sync_mode: full_refresh, destination_sync_mode: overwrite }
`,
    'sources/loyalty.yaml': loyalty.sourceFile,
  })
  await apply(stack.context, { author: 'recorder' })
  await recordSyncs(recording)
  await recordWaits(recording)
  await recordCommands(recording)
  await recordRefreshes(recording)
  await recordRetention(recording)
  await save(recording, 'workspace-apply', workspaceWorkflowId('histories'))
}

async function recordSyncs(recording: Recording): Promise<void> {
  const { stack } = recording
  const run = await syncAndWait(stack, 'shop')
  await save(recording, 'syncSource-success', run.workflowId)
  await save(recording, 'syncStream-incremental', streamWorkflowId('shop', 'public.orders'))
  await save(recording, 'syncStream-overwrite', streamWorkflowId('shop', 'public.colours'))
  const torn = await syncAndWait(stack, 'torn')
  await save(recording, 'syncSource-failed-stream', torn.workflowId)
  await save(recording, 'syncStream-failed', streamWorkflowId('torn', 'public.gone'))
}

async function recordWaits(recording: Recording): Promise<void> {
  const { stack, loyalty } = recording
  const client = await stack.context.temporal()
  const stream = streamWorkflowId('loyalty', 'members')

  const cancelled = await limitedRun(recording, 60)
  await cancel(stack.context, 'loyalty')
  await client.workflow
    .getHandle(cancelled.workflowId)
    .result()
    .catch(() => undefined)
  await save(recording, 'syncSource-cancelled', cancelled.workflowId)
  await save(recording, 'syncStream-cancelled', stream)

  loyalty.limitAfter(0, 0)
  const skipped = await limitedRun(recording, 60)
  await client.workflow
    .getHandle(skipped.workflowId)
    .executeUpdate(skipStreamUpdate, { args: [{ stream: 'members' }] })
  await waitForReport(stack, skipped)
  await save(recording, 'syncSource-skipped-stream', skipped.workflowId)

  loyalty.limitAfter(0, 0)
  const limited = await limitedRun(recording, 8)
  await waitForReport(stack, limited)
  await save(recording, 'syncSource-rate-limit', limited.workflowId)
  await save(recording, 'syncStream-rate-limit', stream)
}

/** A run of the loyalty source that sleeps until a rate limit ends. */
async function limitedRun({ stack, loyalty }: Recording, seconds: number) {
  loyalty.limitAfter(1, seconds)
  const run = await triggerSync(stack.context, 'loyalty')
  const handle = (await stack.context.temporal()).workflow.getHandle(run.workflowId)
  for (;;) {
    const { streams } = await handle.query(progressQuery)
    if (streams.some(({ status }) => status === 'sleeping')) return run
    await sleep(100)
  }
}

async function recordCommands(recording: Recording): Promise<void> {
  const { stack } = recording
  const client = await stack.context.temporal()
  const bounds = { from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:15:00Z', step: '10m', name: 'past' }
  const backfill = await startBackfill(stack.context, 'shop', { ...bounds, streams: ['public.orders'] })
  await client.workflow.getHandle(backfill.workflowId).result()
  await save(recording, 'backfillSource-windows', backfill.workflowId)
  await rollbackState(stack.context, 'shop', 'public.orders', 2)
  await save(recording, 'rollbackStream-success', streamWorkflowId('shop', 'public.orders'))
  await replayRejects(stack.context, 'shop', 'public.orders')
  await save(recording, 'replayRejects-nothing', streamWorkflowId('shop', 'public.orders'))
  const orders = (await state(stack.context, 'shop')).find(({ stream }) => stream === 'public.orders')!
  await (await stack.context.warehouse()).insert({
    table: 'tributary.rejects',
    values: [
      {
        source: 'shop',
        stream: 'public.orders',
        load_id: orders.loadId,
        ordinal: 0,
        reason: 'recorded',
        raw: JSON.stringify({ id: 2001, note: 'late', updated_at: '2026-01-02T00:00:00Z' }),
      },
    ],
    columns: ['source', 'stream', 'load_id', 'ordinal', 'reason', 'raw'],
    format: 'JSONEachRow',
  })
  await replayRejects(stack.context, 'shop', 'public.orders')
  await save(recording, 'replayRejects-success', streamWorkflowId('shop', 'public.orders'))
  const reset = await startReset(stack.context, 'shop', 'public.orders')
  await client.workflow.getHandle(reset.workflowId).result()
  await save(recording, 'resetStream-success', reset.workflowId)
  for (const kind of ['check', 'discover'] as const) {
    const workflowId = `${kind}/shop/recorded`
    await client.workflow.execute('connectorCommand', {
      workflowId,
      taskQueue: TASK_QUEUE,
      args: [{ kind, source: 'shop' }],
    })
    await save(recording, `connectorCommand-${kind}`, workflowId)
  }
}

async function recordRefreshes(recording: Recording): Promise<void> {
  const { stack, shop } = recording
  const client = await stack.context.temporal()
  const refreshed = async () => (await startRefresh(stack.context)).result()
  const mapping = (column: string) => `stream: shop.public.orders
identifiers: { customer_id: id }
traits: { note: ${column} }
`
  await stack.write({
    'identity.yaml': 'identifiers: { customer_id: { unique: true } }\n',
    'mappings/orders.yaml': mapping('note'),
    'segments/noted.yaml': 'name: Noted\nwho: { trait: note, exists: true }\n',
  })
  await apply(stack.context, { author: 'recorder' })
  await refreshed()
  await save(recording, 'refreshProfiles-success', profilesWorkflowId('histories'))
  await stack.write({ 'mappings/orders.yaml': mapping('gone') })
  await apply(stack.context, { author: 'recorder' })
  await refreshed()
  await save(recording, 'refreshProfiles-partial', profilesWorkflowId('histories'))
  await shop.query("INSERT INTO orders VALUES (3001, 'fed', '2026-03-01Z')")
  const fed = await syncAndWait(stack, 'shop')
  await save(recording, 'syncSource-feeds-profiles', fed.workflowId)
  const workflowId = 'refresh/histories/recorded'
  await client.workflow.execute('requestRefresh', {
    workflowId,
    taskQueue: TASK_QUEUE,
    args: [{ workspace: 'histories' }],
  })
  await save(recording, 'requestRefresh-success', workflowId)
}

/** Rejects of old go; of the rows none are old. */
async function recordRetention(recording: Recording): Promise<void> {
  const { stack } = recording
  await stack.write({
    'tributary.yaml': 'workspace: histories\ntime_zone: UTC\nretention: { raw: 2y, audit: 1y }\n',
  })
  await apply(stack.context, { author: 'recorder' })
  await (await stack.context.warehouse()).insert({
    table: 'tributary.rejects',
    values: [{ source: 'shop', stream: 'public.orders', load_id: 1, at: '2020-01-01 00:00:00' }],
    columns: ['source', 'stream', 'load_id', 'at'],
    format: 'JSONEachRow',
  })
  const started = await applyRetention(stack.context)
  await started.result()
  await save(recording, 'applyRetention-success', started.workflowId)
}

const save = ({ folder, stack }: Recording, name: string, workflowId: string): Promise<void> =>
  saveHistory(folder, stack, name, workflowId)

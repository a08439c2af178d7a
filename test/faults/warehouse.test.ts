/** A warehouse that is away, stands still or is full, end to end: the run waits and goes on, and nothing is lost or doubled. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { signalProcess } from '../../local/process-identity.js'
import { apply } from '../../operations/apply.js'
import { triggerSync } from '../../operations/schedules.js'
import { stackPaths } from '../../runtime/stack.js'
import { selectRow } from '../../warehouse/query.js'
import { streamWorkflowId } from '../../workflows/contract.js'
import { findProcess } from '../crash/strike.js'
import { ordersTable, startTestShop, type TestShop } from '../support/shop.js'
import { smallPostgres } from '../support/small-postgres.js'
import { startTestStack, type TestStack } from '../support/stack.js'
import { retryWhileDown, waitForReport } from '../support/sync.js'
import { until } from '../support/until.js'

const run = promisify(execFile)
const ROWS = 8000
const DEDUP =
  'sync_mode: incremental, destination_sync_mode: append_dedup, cursor_field: updated_at, primary_key: [id]'

describe('faults of the warehouse', function () {
  this.timeout(300_000)
  let shop: TestShop
  let stack: TestStack
  let isSmallDisk = false

  before(async () => {
    shop = await startTestShop()
    stack = await startTestStack({
      // Long enough that people notice: a port that is closed for a while.
      backoff: { firstMs: 15_000, maxMs: 15_000 },
      env: { TRIBUTARY_SECRET_SHOP_PASSWORD: shop.password, TRIBUTARY_SLICE_ROWS: '400' },
      prepare: async (workspaceDir) => {
        const { clickhouse } = stackPaths(workspaceDir)
        await mkdir(clickhouse, { recursive: true })
        isSmallDisk = await run('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'tmpfs', clickhouse]).then(
          () => true,
          () => false,
        )
      },
      cleanUp: async (workspaceDir) => {
        if (isSmallDisk) await run('umount', [stackPaths(workspaceDir).clickhouse])
      },
    })
    await stack.write({
      'tributary.yaml': 'workspace: warehouse\ntime_zone: UTC\n',
      ...smallPostgres({ block: 200, slice: 400 }),
    })
  })

  after(async () => {
    await stack?.stop()
    await shop?.stop()
  })

  /** A source with one table, and its run under way with some rows written. */
  async function startRun(source: string) {
    await shop.query(ordersTable(source, ROWS))
    await stack.write({
      [`sources/${source}.yaml`]: `connector: ./connectors/small-postgres\nconfig: ${shop.config()}\nschedule: manual\nstreams: [{ name: public.${source}, ${DEDUP} }]\n`,
    })
    await apply(stack.context, { author: 'test' })
    const started = await triggerSync(stack.context, source)
    await until(async () => (await figures(source).catch(() => undefined))?.n !== undefined)
    return started
  }

  async function figures(source: string) {
    const query = `SELECT count() AS n, sum(id) AS ids FROM \`${source}\`.\`public.${source}\``
    return selectRow<{ n: string; ids: string }>(await stack.context.warehouse(), query)
  }

  const COMPLETE = { n: String(ROWS), ids: String((ROWS * (ROWS + 1)) / 2) }

  it('is waited for while its port is closed', async () => {
    const started = await startRun('away')
    signalProcess(await findProcess(stack.workspaceDir, 'ClickHouse'), 'SIGKILL')
    assert.equal((await retryWhileDown(() => waitForReport(stack, started))).outcome, 'succeeded')
    assert.deepEqual(await figures('away'), COMPLETE)
  })

  it('is waited for while it stands still', async () => {
    const started = await startRun('still')
    const clickhouse = await findProcess(stack.workspaceDir, 'ClickHouse')
    signalProcess(clickhouse, 'SIGSTOP')
    await sleep(8000)
    signalProcess(clickhouse, 'SIGCONT')
    assert.equal((await waitForReport(stack, started)).outcome, 'succeeded')
    assert.deepEqual(await figures('still'), COMPLETE)
  })

  it('is waited for while its disk is full, and says so', async function () {
    // Only who may mount can make a disk so small.
    if (!isSmallDisk) this.skip()
    const started = await startRun('crowded')
    // On a busy machine it would be over before the disk is full.
    const release = await shop.hold('crowded')
    const folder = stackPaths(stack.workspaceDir).clickhouse
    const fillers: string[] = []
    const fillUp = () => {
      fillers.push(join(folder, `filler-${fillers.length}`))
      return fill(folder, fillers.at(-1)!)
    }
    try {
      await fillUp().finally(release)
      await until(async () => {
        // Merges that were under way give room back.
        await fillUp()
        return (await lastFailure(streamWorkflowId('crowded', 'public.crowded'))) === 'DestinationFull'
      })
    } finally {
      for (const filler of fillers) await rm(filler, { force: true })
    }
    assert.equal((await waitForReport(stack, started)).outcome, 'succeeded')
    assert.deepEqual(await figures('crowded'), COMPLETE)
  })

  /** Type of the failure that the pending activity of a workflow is tried again after. */
  async function lastFailure(workflowId: string): Promise<string | undefined> {
    const client = await stack.context.temporal()
    const { raw } = await client.workflow.getHandle(workflowId).describe()
    const types = raw.pendingActivities?.map(({ lastFailure }) => lastFailure?.applicationFailureInfo?.type)
    return types?.find((type) => type != null) ?? undefined
  }
})

/** Leaves nothing free on the disk of the folder. */
async function fill(folder: string, path: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  await writeFile(path, Buffer.alloc(bavail * bsize)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOSPC') throw error
  })
}

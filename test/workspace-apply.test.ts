/** Workspaces applied for real: Temporal's dev server, the local ClickHouse engine, a worker, and files on disk. */
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client, Connection } from '@temporalio/client'
import { NativeConnection, Worker } from '@temporalio/worker'
import { createWorkspaceActivities } from '../activities/workspace.js'
import { type ClickHouseProcess, startClickHouse } from '../local/clickhouse/launch.js'
import { startTemporal, type Temporal } from '../local/temporal/start.js'
import { type ApplyContext, apply } from '../operations/apply.js'
import { findRevision } from '../operations/find-revision.js'
import { plan } from '../operations/plan.js'
import { pause, resume, showSchedule, triggerSync } from '../operations/schedules.js'
import { connectWarehouse, type Warehouse } from '../warehouse/client.js'
import { migrate } from '../warehouse/migrations/migrate.js'
import { latestRevision } from '../warehouse/revisions.js'
import { TASK_QUEUE } from '../workflows/contract.js'

describe('applying a workspace', function () {
  this.timeout(180_000)
  let folder: string
  let temporal: Temporal
  let clickhouse: ClickHouseProcess
  let connection: Connection
  let nativeConnection: NativeConnection
  let client: Client
  let warehouse: Warehouse
  let worker: Worker
  let running: Promise<void>
  let workspaces = 0

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tributary-apply-'))
    const credentials = { user: 'tributary', password: 'test' }
    temporal = await startTemporal({ dbFile: path.join(folder, 'temporal.db') })
    clickhouse = await startClickHouse({ dataDir: path.join(folder, 'clickhouse'), ...credentials })
    connection = await Connection.connect({ address: temporal.address })
    nativeConnection = await NativeConnection.connect({ address: temporal.address })
    client = new Client({ connection })
    warehouse = connectWarehouse({
      url: clickhouse.url,
      username: credentials.user,
      password: credentials.password,
    })
    await migrate(warehouse)
    worker = await Worker.create({
      connection: nativeConnection,
      taskQueue: TASK_QUEUE,
      workflowsPath: fileURLToPath(new URL('../workflows/workspace.js', import.meta.url)),
      activities: createWorkspaceActivities({ client, warehouse }),
      shutdownGraceTime: '5s',
    })
    running = worker.run()
  })

  after(async () => {
    worker?.shutdown()
    await running
    await warehouse?.close()
    await nativeConnection?.close()
    await connection?.close()
    await clickhouse?.stop()
    await temporal?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  interface Draft {
    readonly context: ApplyContext
    write(id: string, schedule: string, extra?: string): Promise<void>
    remove(id: string): Promise<void>
  }

  /** A new workspace and, as a warehouse holds one workspace only, an empty history. */
  const draft = async (): Promise<Draft> => {
    await warehouse.command({ query: 'TRUNCATE TABLE tributary.revisions' })
    return copyOf(`w${++workspaces}`)
  }

  const copyOf = async (name: string): Promise<Draft> => {
    const workspaceDir = await mkdtemp(path.join(folder, `${name}-`))
    await mkdir(path.join(workspaceDir, 'sources'), { recursive: true })
    await writeFile(path.join(workspaceDir, 'tributary.yaml'), `workspace: ${name}\n`)
    const file = (id: string) => path.join(workspaceDir, 'sources', `${id}.yaml`)
    const config = '{ location: { folder: ./data }, streams: [{ name: orders, glob: "*.csv" }] }'
    const stream = '{ name: orders, sync_mode: full_refresh, destination_sync_mode: overwrite }'
    return {
      context: { workspaceDir, temporal: async () => client, warehouse: async () => warehouse },
      write: (id, schedule, extra = '') =>
        writeFile(
          file(id),
          `connector: source-files\nconfig: ${config}\nschedule: ${schedule}\n${extra}streams: [${stream}]\n`,
        ),
      remove: (id) => rm(file(id)),
    }
  }
  const author = 'test'
  const counts = (created: number, updated: number, removed: number, unchanged: number) => ({
    created,
    updated,
    removed,
    unchanged,
  })

  it('publishes once, schedules each source, and changes nothing the second time', async () => {
    const { context, write } = await draft()
    await write('a_shop', '{ cron: "0 6 * * *", time_zone: Europe/Paris }')
    await write('a_till', '{ every: 1h, offset: 5m }')
    await write('a_files', 'manual')
    const first = await apply(context, { author, message: 'first' })
    assert.deepEqual([first.changed, first.schedules], [true, counts(4, 0, 0, 0)])
    assert.deepEqual((await plan(context)).changes, [])
    const second = await apply(context, { author })
    assert.deepEqual([second.changed, second.number, second.schedules.created], [false, first.number, 0])
    assert.deepEqual(second.schedules, counts(0, 0, 0, 4))

    const shop = await client.schedule.getHandle('sync/a_shop').describe()
    assert.equal(shop.spec.timezone, 'Europe/Paris')
    assert.equal(shop.info.nextActionTimes[0]?.getUTCMinutes() !== undefined, true)
    assert.deepEqual(shop.action.args, [{ source: 'a_shop', reason: 'schedule' }])
    assert.equal(shop.action.staticSummary, 'source-files → warehouse, at 0 6 * * * (Europe/Paris)')
    assert.deepEqual(shop.policies, { overlap: 'SKIP', catchupWindow: 3_600_000, pauseOnFailure: false })
    const till = await client.schedule.getHandle('sync/a_till').describe()
    assert.deepEqual(till.spec.intervals, [{ every: 3_600_000, offset: 300_000 }])
    assert.deepEqual((await showSchedule(context, 'a_files')).nextRuns, [])
    const { spec, action } = await client.schedule.getHandle(`retention/w${workspaces}`).describe()
    assert.deepEqual(
      [spec.timezone, action.type === 'startWorkflow' && [action.workflowType, action.args]],
      ['UTC', ['applyRetention', [{ workspace: `w${workspaces}` }]]],
    )
  })

  it('updates what changed, removes what is gone, and leaves the rest', async () => {
    const { context, write, remove } = await draft()
    for (const id of ['b_one', 'b_two', 'b_three']) await write(id, '{ every: 1h }')
    await apply(context, { author })
    await write('b_one', '{ every: 2h }')
    await write('b_two', '{ every: 1h }', 'parallelism: 5\n')
    await remove('b_three')
    const result = await apply(context, { author })
    assert.deepEqual(result.schedules, counts(0, 1, 1, 2))
    assert.deepEqual(
      result.changes.map(({ message }) => message),
      [
        'b_one: schedule every 1h → every 2h',
        'remove source b_three; its tables stay',
        'b_two: parallelism default → 5',
      ],
    )
    await assert.rejects(showSchedule(context, 'b_three'), { name: 'ScheduleMissing' })
  })

  it('keeps a pause and its note, however it was made', async () => {
    const { context, write } = await draft()
    for (const id of ['c_ours', 'c_foreign']) await write(id, '{ every: 1h }')
    await apply(context, { author })
    assert.equal((await pause(context, 'c_ours', 'AuthExpired: renew the token')).changed, true)
    assert.equal((await pause(context, 'c_ours', 'another reason')).changed, false)
    await client.schedule.getHandle('sync/c_foreign').pause('paused in the UI')
    for (const id of ['c_ours', 'c_foreign']) await write(id, '{ every: 3h }')
    assert.deepEqual((await apply(context, { author })).schedules, counts(0, 2, 0, 1))
    const [ours, foreign] = [await showSchedule(context, 'c_ours'), await showSchedule(context, 'c_foreign')]
    assert.deepEqual([ours.paused, ours.note], [true, 'AuthExpired: renew the token'])
    assert.deepEqual([foreign.paused, foreign.note], [true, 'paused in the UI'])
    assert.equal((await resume(context, 'c_ours')).changed, true)
    assert.equal((await showSchedule(context, 'c_ours')).paused, false)
    assert.deepEqual((await apply(context, { author })).schedules, counts(0, 0, 0, 3))
  })

  it('mends a schedule that somebody deleted, and one that was applied only in part', async () => {
    const { context, write } = await draft()
    for (const id of ['d_one', 'd_two']) await write(id, '{ every: 1h }')
    await apply(context, { author })
    await client.schedule.getHandle('sync/d_one').delete()
    await write('d_one', '{ every: 2h }')
    assert.deepEqual((await apply(context, { author })).schedules, counts(1, 0, 0, 2))
  })

  it('refuses a change that was planned against another revision', async () => {
    const { context, write } = await draft()
    await write('e_one', 'manual')
    const first = await apply(context, { author })
    await write('e_one', '{ every: 1h }')
    await assert.rejects(apply(context, { author, parent: 'f'.repeat(64) }), {
      name: 'ApplyFailed',
      type: 'ParentOutdated',
      message: /planned against ffffffffffff, but revision \d+ .* is current; look at the plan again/,
    })
    const results = await Promise.allSettled(
      ['2h', '3h', '4h'].map(async (every) => {
        const copy = await copyOf(`w${workspaces}`)
        await copy.write('e_one', `{ every: ${every} }`)
        return apply(copy.context, { author, parent: first.revision })
      }),
    )
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected', 'rejected'])
  })

  it('publishes drafts of several people who do it at the same moment, each over the others', async () => {
    const { context, write } = await draft()
    await apply(context, { author })
    const ids = ['z_one', 'z_two', 'z_three', 'z_four']
    for (const id of ids) await write(id, 'manual')
    const results = await Promise.all(
      ids.map((id) => apply(context, { author: id, files: [`sources/${id}.yaml`] })),
    )
    const numbers = results.map(({ number }) => number).sort((a, b) => a - b)
    assert.deepEqual(numbers, [2, 3, 4, 5])
    const published = Object.keys((await latestRevision(warehouse))!.files).sort()
    assert.deepEqual(published, [...ids.map((id) => `sources/${id}.yaml`).sort(), 'tributary.yaml'])
  })

  it('takes names of files that a workspace can have', async () => {
    const { context } = await draft()
    await apply(context, { author })
    for (const file of ['__proto__', 'constructor', '../tributary.yaml', 'segments/a/b.yaml'])
      await assert.rejects(apply(context, { author, files: [file] }), { name: 'FileNameInvalid' }, file)
  })

  it('finds an older revision by the beginning of its hash, and never guesses', async () => {
    const row = (revision: string, number: number) => ({ revision, number, files: '{}' })
    await warehouse.insert({
      table: 'tributary.revisions',
      columns: ['revision', 'number', 'files'],
      values: [
        row(`abcdef01${'0'.repeat(56)}`, 1),
        row(`abcdef02${'0'.repeat(56)}`, 2),
        row(`abcdef02${'0'.repeat(56)}`, 3),
        row(`abcdef99${'0'.repeat(56)}`, 0),
      ],
      format: 'JSONEachRow',
    })
    assert.equal(await findRevision(warehouse, 'ABCDEF02'), `abcdef02${'0'.repeat(56)}`)
    for (const [prefix, error] of [
      ['abcdef0', { name: 'RevisionAmbiguous', message: /abcdef01000 \(1\), abcdef02000 \(3\); give more/ }],
      ['abcdef99', { name: 'RevisionUnknown', message: /never published/ }],
      ['abcdef', { name: 'RevisionUnknown', message: /at least its first 7 digits/ }],
      ["abcdef0' OR 1", { name: 'RevisionUnknown', message: /it is no hash/ }],
    ] as const)
      await assert.rejects(findRevision(warehouse, prefix), error)
    await warehouse.command({ query: 'TRUNCATE TABLE tributary.revisions' })
  })

  it('rolls back by applying an older revision, under a new number', async () => {
    const { context, write } = await draft()
    await write('f_one', '{ every: 1h }')
    const first = await apply(context, { author })
    await write('f_one', '{ every: 2h }')
    const second = await apply(context, { author })
    const third = await apply(context, { author, revision: first.revision.slice(0, 12), message: 'back' })
    assert.deepEqual(
      [third.revision, third.number, third.schedules.updated],
      [first.revision, second.number + 1, 1],
    )
    const latest = await latestRevision(warehouse)
    assert.deepEqual(
      [latest?.number, latest?.parent, latest?.author, latest?.message],
      [third.number, second.revision, author, 'back'],
    )
  })

  it('refuses a source whose schedule belongs to another workspace', async () => {
    const mine = await draft()
    await mine.write('g_one', 'manual')
    await apply(mine.context, { author })
    const theirs = await draft()
    await theirs.write('g_one', 'manual')
    await assert.rejects(
      apply(theirs.context, { author, force: true }),
      /belongs to workspace w\d+; rename the source/,
    )
  })

  it('refuses another workspace in the same warehouse, unless it is meant', async () => {
    const mine = await draft()
    await mine.write('i_one', 'manual')
    await apply(mine.context, { author })
    const other = await copyOf('another')
    await other.write('i_two', 'manual')
    const problem = /tributary.yaml:1:1 workspace: this warehouse holds the workspace w\d+/
    await assert.rejects(apply(other.context, { author }), problem)
    assert.equal((await plan(other.context)).ok, false)
    assert.equal((await apply(other.context, { author, force: true })).changed, true)
  })

  it('goes on after the warehouse was emptied, when it is forced', async () => {
    const { context, write } = await draft()
    await write('j_one', 'manual')
    await apply(context, { author })
    await warehouse.command({ query: 'TRUNCATE TABLE tributary.revisions' })
    await write('j_one', '{ every: 1h }')
    await assert.rejects(apply(context, { author }), { type: 'ParentOutdated' })
    assert.equal((await apply(context, { author, force: true })).number, 2)
  })

  it('triggers a run once: a second trigger finds it', async () => {
    const { context, write } = await draft()
    await write('h_one', 'manual')
    await apply(context, { author })
    // No worker knows the workflow type here, so the run stays open.
    const first = await triggerSync(context, 'h_one')
    const second = await triggerSync(context, 'h_one')
    assert.deepEqual([first.started, second], [true, { ...first, started: false }])
    await client.workflow.getHandle(first.workflowId).terminate()
  })
})

/** What goes wrong at a source, end to end: who hears of it, what goes on, and what heals. */
import assert from 'node:assert/strict'
import { createServer, connect as openSocket, type Server } from 'node:net'
import { freePort } from '../../local/ports.js'
import { apply, WorkspaceInvalid } from '../../operations/apply.js'
import { startReset } from '../../operations/reset.js'
import { resume, showSchedule, triggerSync } from '../../operations/schedules.js'
import { rollbackState, state } from '../../operations/state.js'
import { selectRows } from '../../warehouse/query.js'
import { ordersTable, startTestShop, type TestShop } from '../support/shop.js'
import { smallPostgres } from '../support/small-postgres.js'
import { startTestStack, type TestStack } from '../support/stack.js'
import { syncAndWait, waitForReport } from '../support/sync.js'
import { until } from '../support/until.js'

describe('faults of sources', function () {
  this.timeout(120_000)
  let shop: TestShop
  let stack: TestStack

  before(async () => {
    shop = await startTestShop()
    stack = await startTestStack({
      env: { TRIBUTARY_SECRET_SHOP_PASSWORD: shop.password, TRIBUTARY_SLICE_ROWS: '400' },
    })
    await stack.write({
      'tributary.yaml': 'workspace: faults\ntime_zone: UTC\n',
      ...smallPostgres({ block: 200, slice: 400 }),
    })
  })

  after(async () => {
    await stack?.stop()
    await shop?.stop()
  })

  const WHOLE = 'sync_mode: full_refresh, destination_sync_mode: overwrite'
  const DEDUP =
    'sync_mode: incremental, destination_sync_mode: append_dedup, cursor_field: updated_at, primary_key: [id]'

  async function publish(source: string, config: string, ...streams: string[]): Promise<void> {
    const list = streams.map((stream) => `  - { name: ${stream} }\n`).join('')
    await stack.write({
      [`sources/${source}.yaml`]: `connector: ./connectors/small-postgres\nconfig: ${config}\nschedule: manual\nstreams:\n${list}`,
    })
    await apply(stack.context, { author: 'test' })
  }

  async function count(source: string, stream: string): Promise<number> {
    const warehouse = await stack.context.warehouse()
    const [row] = await selectRows<{ n: string }>(
      warehouse,
      `SELECT count() AS n FROM \`${source}\`.\`${stream}\``,
    )
    return Number(row?.n)
  }

  it('a wrong config is refused with its file and line, and nothing is applied', async () => {
    await stack.write({
      'sources/wrong.yaml':
        'connector: ./connectors/small-postgres\nconfig:\n  host: localhost\n  databas: shop\nschedule: manual\nstreams: []\n',
    })
    await assert.rejects(apply(stack.context, { author: 'test' }), (error: unknown) => {
      assert.ok(error instanceof WorkspaceInvalid)
      const found = error.problems.find(({ path }) => path === 'config.databas')
      assert.deepEqual([found?.file, found?.line], ['sources/wrong.yaml', 4])
      return true
    })
  })

  afterEach(() => stack.remove('sources/wrong.yaml').catch(() => undefined))

  it('a missing secret fails the run and is named, never its neighbours', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of the workspace's own
    await publish('nosecret', shop.config({ password: '${secret:NOBODY_SET_IT}' }), `"public.*", ${WHOLE}`)
    const report = await syncAndWait(stack, 'nosecret')
    assert.deepEqual([report.outcome, report.error?.type], ['failed', 'ConfigInvalid'])
    assert.match(report.error!.message, /NOBODY_SET_IT/)
  })

  it('a host that does not answer is waited for', async () => {
    await shop.query(ordersTable('late', 500))
    const port = await freePort()
    await publish('unreachable', shop.config({ port }), `public.late, ${WHOLE}`)
    const run = await triggerSync(stack.context, 'unreachable')
    await until(async () => (await pendingAttempts(run)) >= 2)
    const relay = await listen(port, shop.postgres.port)
    try {
      assert.equal((await waitForReport(stack, run)).outcome, 'succeeded')
    } finally {
      relay.close()
    }
    assert.equal(await count('unreachable', 'public.late'), 500)
  })

  it('a refused login pauses the schedule with a note, and resuming works once it is mended', async () => {
    await shop.query(`CREATE ROLE reader LOGIN PASSWORD 'old'; GRANT pg_read_all_data TO reader`)
    await shop.query(ordersTable('guarded', 10))
    await publish('refused', shop.config({ user: 'reader' }), `public.guarded, ${WHOLE}`)
    const report = await syncAndWait(stack, 'refused')
    assert.deepEqual([report.outcome, report.error?.type], ['failed', 'AuthExpired'])
    const paused = await showSchedule(stack.context, 'refused')
    assert.equal(paused.paused, true)
    assert.match(paused.note, /AuthExpired.*tributary resume refused/)
    assert.doesNotMatch(JSON.stringify([report, paused]), new RegExp(shop.password))
    await shop.query(`ALTER ROLE reader PASSWORD '${shop.password}'`)
    await resume(stack.context, 'refused')
    assert.equal((await showSchedule(stack.context, 'refused')).paused, false)
    assert.equal((await syncAndWait(stack, 'refused')).outcome, 'succeeded')
  })

  it('a table that is dropped while it is read fails alone', async () => {
    await shop.query(ordersTable('doomed', 20_000))
    await shop.query(ordersTable('spared', 3_000))
    await publish('torn', shop.config(), `public.doomed, ${DEDUP}`, `public.spared, ${DEDUP}`)
    const run = await triggerSync(stack.context, 'torn')
    await until(async () => (await count('torn', 'public.doomed').catch(() => 0)) > 0)
    await shop.query('DROP TABLE doomed')
    const report = await waitForReport(stack, run)
    assert.equal(report.outcome, 'partial')
    assert.deepEqual(Object.fromEntries(report.streams.map(({ name, outcome }) => [name, outcome])), {
      'public.doomed': 'failed',
      'public.spared': 'succeeded',
    })
    assert.equal(await count('torn', 'public.spared'), 3000)
  })

  describe('a schema that changes', () => {
    before(async () => {
      await shop.query(ordersTable('changing', 1000))
      await shop.query('ALTER TABLE changing ADD COLUMN due int NOT NULL DEFAULT 5')
      await publish('schema', shop.config(), `public.changing, ${DEDUP}`)
      await syncAndWait(stack, 'schema')
    })

    it('gets a further column without a new read', async () => {
      await shop.query(`ALTER TABLE changing ADD COLUMN channel text;
        INSERT INTO changing VALUES (1001, 'new', now(), 5, 'web')`)
      const report = await syncAndWait(stack, 'schema')
      assert.deepEqual([report.outcome, report.rows], ['succeeded', 1])
      const rows = await selectRows(
        await stack.context.warehouse(),
        'SELECT channel, count() AS n FROM schema.`public.changing` GROUP BY channel ORDER BY channel NULLS LAST',
      )
      assert.deepEqual(rows, [
        { channel: 'web', n: '1' },
        { channel: null, n: '1000' },
      ])
    })

    it('is refused where old rows cannot take it, and a reset reads it anew', async () => {
      await shop.query(`ALTER TABLE changing ALTER COLUMN due DROP DEFAULT;
        ALTER TABLE changing ALTER COLUMN due TYPE date USING date '2026-05-01';
        UPDATE changing SET updated_at = now() WHERE id = 1`)
      const report = await syncAndWait(stack, 'schema')
      const [stream] = report.streams
      assert.deepEqual([stream?.outcome, stream?.error?.type], ['failed', 'SchemaIncompatible'])
      assert.match(stream!.error!.message, /due: .* `tributary reset`/)
      const dues = async () =>
        selectRows(
          await stack.context.warehouse(),
          'SELECT toString(due) AS due, count() AS n FROM schema.`public.changing` GROUP BY due',
        )
      assert.deepEqual(await dues(), [{ due: '5', n: '1001' }])
      // The way back is open all the same: it asks the warehouse alone.
      const [newest] = await state(stack.context, 'schema')
      const back = await rollbackState(stack.context, 'schema', 'public.changing', newest!.sequence)
      assert.equal(back.sequence, newest!.sequence)
      assert.deepEqual(await dues(), [{ due: '5', n: '1001' }])
      const reset = await startReset(stack.context, 'schema', 'public.changing')
      const handle = (await stack.context.temporal()).workflow.getHandle(reset.workflowId)
      let ended = false
      const ending = handle.result().finally(() => {
        ended = true
      })
      const seen = new Set<string>()
      await until(async () => {
        seen.add(JSON.stringify(await dues()))
        return ended
      })
      await ending
      const [old, anew] = [[{ due: '5', n: '1001' }], [{ due: '2026-05-01', n: '1001' }]]
      assert.deepEqual(
        [...seen].filter((text) => ![old, anew].some((value) => JSON.stringify(value) === text)),
        [],
      )
      assert.deepEqual(await dues(), [{ due: '2026-05-01', n: '1001' }])
      assert.equal((await syncAndWait(stack, 'schema')).outcome, 'succeeded')
    })
  })

  it('other settings of a table are taken in place, or by a reset that the failure asks for', async () => {
    await shop.query(ordersTable('stored', 100))
    const publishWith = (table: string) =>
      publish('stored', shop.config(), `public.stored, ${DEDUP}, schema_change: freeze, table: { ${table} }`)
    const stored = async () =>
      selectRows(
        await stack.context.warehouse(),
        `SELECT sorting_key AS sorted, extract(engine_full, ' TTL (.*) SETTINGS') AS ttl FROM system.tables
         WHERE database = 'stored' AND name = 'public.stored__rows'`,
      )
    await publishWith('order_by: [id, updated_at]')
    await syncAndWait(stack, 'stored')
    await publishWith('order_by: [id, updated_at], ttl: updated_at + INTERVAL 90 YEAR')
    assert.equal((await syncAndWait(stack, 'stored')).outcome, 'succeeded')
    assert.deepEqual(await stored(), [{ sorted: 'id, updated_at', ttl: 'updated_at + toIntervalYear(90)' }])
    await publishWith('order_by: [updated_at, id]')
    const { outcome, streams } = await syncAndWait(stack, 'stored')
    assert.deepEqual([outcome, streams[0]?.error?.type], ['failed', 'SchemaIncompatible'])
    assert.match(
      streams[0]!.error!.message,
      /order_by from id, updated_at to updated_at, id .*`tributary reset`/,
    )
    const reset = await startReset(stack.context, 'stored', 'public.stored')
    await (await stack.context.temporal()).workflow.getHandle(reset.workflowId).result()
    assert.deepEqual(await stored(), [{ sorted: 'updated_at, id', ttl: '' }])
    assert.deepEqual(
      [(await syncAndWait(stack, 'stored')).outcome, await count('stored', 'public.stored')],
      ['succeeded', 100],
    )
    await publishWith('order_by: [updated_at, id], ttl: noted + INTERVAL 1 DAY')
    const refused = (await syncAndWait(stack, 'stored')).streams[0]?.error
    assert.equal(refused?.type, 'ConfigInvalid')
    assert.match(refused!.message, /noted.*sources\/stored\.yaml/)
  })

  /** Attempts of the activity that a run waits for. */
  async function pendingAttempts(run: { workflowId: string; runId: string }): Promise<number> {
    const client = await stack.context.temporal()
    const { raw } = await client.workflow.getHandle(run.workflowId, run.runId).describe()
    return Math.max(0, ...(raw.pendingActivities ?? []).map(({ attempt }) => attempt ?? 0))
  }
})

/** Forwards a port of this machine to another. */
async function listen(port: number, target: number): Promise<Server> {
  const server = createServer((socket) => {
    const upstream = openSocket(target, '127.0.0.1')
    for (const end of [socket, upstream]) end.on('error', () => undefined)
    socket.pipe(upstream).pipe(socket)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return server
}

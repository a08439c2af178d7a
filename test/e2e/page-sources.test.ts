/** What the page asks of sources and mappings, over a stack that runs: a marketer connects a database, from its form to people. */
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openTestApp, type TestServer, type TestSession } from '../../server/testing/test-server.js'
import { ask, events, get } from '../support/page-api.js'
import { ordersTable, startTestShop, type TestShop } from '../support/shop.js'
import { startTestStack, type TestStack } from '../support/stack.js'
import { type RunView, steering } from './page-sources/steering.js'

interface Document {
  readonly state: string
  readonly etag: string
  readonly text: string
  readonly definition: { readonly config: Readonly<Record<string, unknown>> } | null
  readonly problems: readonly object[]
}

const STREAMS = [{ name: 'public.orders', sync_mode: 'full_refresh', destination_sync_mode: 'overwrite' }]

describe('the API of sources and mappings', function () {
  this.timeout(180_000)
  let shop: TestShop
  let stack: TestStack
  let server: TestServer
  let [viewer, marketer, operator] = [] as unknown as [TestSession, TestSession, TestSession]
  let config: Record<string, unknown>
  /** To the password as it was tried. */
  let trialReference: string

  before(async () => {
    ;[shop, stack] = await Promise.all([
      startTestShop(),
      startTestStack({ env: { TRIBUTARY_MASTER_KEY: 'a key of this test' } }),
    ])
    await shop.query(`${ordersTable('orders', 40)}
      ALTER TABLE orders ADD COLUMN email text; UPDATE orders SET email = 'c' || id % 8 || '@example.com'`)
    await stack.write({
      'tributary.yaml': 'workspace: page # a test\ntime_zone: Europe/Paris\nrefresh: manual\n',
    })
    server = await openTestApp(stack.context)
    viewer = await server.signIn('viewer')
    marketer = await server.signIn('marketer')
    operator = await server.signIn('operator')
    config = { ...(JSON.parse(shop.config()) as object), password: shop.password }
  })
  after(async () => {
    await server?.close()
    await stack?.stop()
    await shop?.stop()
  })

  async function ended(workflowId: string, runId: string): Promise<RunView> {
    // The answer ends when the run does.
    const path = `/runs/${encodeURIComponent(workflowId)}/progress?run=${runId}`
    const views = await events<RunView>(viewer, path)
    assert.equal(views.filter(({ endedAt }) => endedAt !== null).length, 1)
    return views.at(-1)!
  }

  it('try a config by a worker, with a password that nobody sees again', async () => {
    const body = { id: 'shop', config }
    const tried = await ask<{ check: { ok: boolean; by: string }; config: object }>(
      marketer,
      'POST',
      '/connectors/source-postgres/check',
      { body },
    )
    assert.deepEqual([tried.check.ok, tried.check.by], [true, 'worker'])
    const { password: trial, ...rest } = tried.config as { password: string }
    assert.match(trial, /^\$\{secret:DRAFT_SOURCE_SHOP__PASSWORD_[0-9A-F]{32}\}$/)
    assert.deepEqual({ ...rest, password: shop.password }, config)
    trialReference = trial
    const wrong = await ask<{ check: { ok: boolean; type: string } }>(
      marketer,
      'POST',
      '/connectors/source-postgres/check',
      { body: { ...body, config: { ...config, password: 'wrong' } } },
    )
    assert.deepEqual([wrong.check.ok, wrong.check.type], [false, 'AuthExpired'])
    const { discovered } = await ask<{
      discovered: { streams: { name: string; fields: { name: string }[] }[] }
    }>(marketer, 'POST', '/connectors/source-postgres/discover', { body })
    assert.deepEqual(
      discovered.streams.map(({ name, fields }) => [name, fields.map((field) => field.name)]),
      [['public.orders', ['id', 'note', 'updated_at', 'email', '_original_values']]],
    )
  })

  it('keep a source whose secrets are references, and publish it', async () => {
    const definition = {
      connector: 'source-postgres',
      config: { ...config, password: trialReference },
      schedule: 'manual',
      streams: STREAMS,
    }
    const kept = await ask<Document>(marketer, 'PUT', '/sources/shop', { body: { definition } })
    assert.deepEqual([kept.state, kept.problems], ['new', []])
    assert.deepEqual(kept.definition?.config, { ...config, password: reference('SOURCE_SHOP__PASSWORD') })
    const file = await readFile(join(stack.workspaceDir, 'sources/shop.yaml'), 'utf8')
    assert.ok(!file.includes(shop.password))
    const applied = await ask<{ number: number; changes: { message: string }[] }>(
      marketer,
      'POST',
      '/sources/shop/publish',
      { body: { message: 'the shop' } },
    )
    assert.equal(applied.number, 1)
    assert.deepEqual(
      applied.changes.map(({ message }) => message),
      ['add source shop: source-postgres, 1 stream entry, by hand'],
    )
    await ask(viewer, 'PUT', '/sources/shop', { body: { definition }, status: 403 })
  })

  it('answer an edit of what was changed meanwhile with the text that is there now', async () => {
    const file = join(stack.workspaceDir, 'sources/shop.yaml')
    const { etag } = await get<Document>(marketer, '/sources/shop')
    await writeFile(file, `# The engineer was here.\n${await readFile(file, 'utf8')}`)
    const now = await get<Document & { definition: object }>(marketer, '/sources/shop')
    const { error } = await ask<{ error: { name: string; details: object } }>(
      marketer,
      'PUT',
      '/sources/shop',
      {
        body: { definition: { ...now.definition, parallelism: 2 } },
        headers: { 'if-match': etag },
        status: 409,
      },
    )
    assert.equal(error.name, 'EtagMismatch')
    assert.deepEqual(error.details, {
      file: 'sources/shop.yaml',
      current: { text: now.text, etag: now.etag },
    })
    const merged = await ask<Document>(marketer, 'PUT', '/sources/shop', {
      body: { definition: { ...now.definition, parallelism: 2 } },
      headers: { 'if-match': now.etag },
    })
    assert.match(merged.text, /^# The engineer was here\.\n/)
    assert.match(merged.text, /\nparallelism: 2\n/)
  })

  it('never show a secret that an engineer wrote into a file, and take it over when a form is saved', async () => {
    const file = join(stack.workspaceDir, 'sources/shop.yaml')
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replace(/password: .*/, `password: ${shop.password}`))
    const shown = await get<Document & { definition: object }>(viewer, '/sources/shop')
    assert.ok(!JSON.stringify(shown).includes(shop.password))
    assert.equal(shown.definition?.config.password, '•••')
    assert.equal(shown.problems.length, 1)
    const saved = await ask<Document>(marketer, 'PUT', '/sources/shop', {
      body: { definition: shown.definition },
      headers: { 'if-match': shown.etag },
    })
    assert.deepEqual(saved.problems, [])
    assert.equal(saved.definition?.config.password, reference('SOURCE_SHOP__PASSWORD'))
  })

  it('sync a source, and tell how far it is until it has ended', async () => {
    const started = await ask<{ workflowId: string; runId: string }>(marketer, 'POST', '/sources/shop/sync', {
      body: {},
    })
    const view = await ended(started.workflowId, started.runId)
    assert.deepEqual(
      [view.kind, view.subject, view.outcome, view.counts.rows],
      ['sync', 'shop', 'succeeded', 40],
    )
    assert.deepEqual(
      view.streams.map(({ name, status, rows }) => [name, status, rows]),
      [['public.orders', 'succeeded', 40]],
    )
    assert.match(view.temporalUrl ?? '', /\/namespaces\/default\/workflows\/sync%2Fshop-.*\/history$/)
    const same = await get<RunView>(viewer, `/runs/${encodeURIComponent(started.workflowId)}`)
    assert.deepEqual(same, view)
    await ask(viewer, 'GET', '/runs/sync%2Fnothing', { status: 404 })
  })

  it('map a stream to people, from a suggestion that is tried on its rows', async () => {
    const { streams } = await get<{ streams: { name: string; columns: object[] }[] }>(
      viewer,
      '/sources/shop/streams',
    )
    assert.deepEqual(streams, [
      {
        name: 'public.orders',
        columns: [
          { name: 'id', type: 'Int32', kind: 'number' },
          { name: 'note', type: 'Nullable(String)', kind: 'text' },
          { name: 'updated_at', type: "DateTime64(6, 'UTC')", kind: 'time' },
          { name: 'email', type: 'Nullable(String)', kind: 'text' },
          { name: '_original_values', type: 'Nullable(String)', kind: 'text' },
        ],
        mappings: [],
      },
    ])
    const suggested = await ask<{ id: string; definition: object; missingIdentifiers: string[] }>(
      marketer,
      'POST',
      '/mappings/suggest',
      { body: { stream: 'shop.public.orders' } },
    )
    assert.deepEqual([suggested.id, suggested.missingIdentifiers], ['orders', ['email']])
    assert.deepEqual(suggested.definition, {
      stream: 'shop.public.orders',
      identifiers: { email: 'email' },
      events: [
        {
          name: 'Order Completed',
          message_id: ['id'],
          timestamp: 'updated_at',
          properties: { note: 'note' },
        },
      ],
    })
    interface Preview {
      readonly problems: readonly { path: string }[]
      readonly counts: { rows: number; withoutIdentifier: number; events: object } | null
    }
    const preview = () =>
      ask<Preview>(marketer, 'POST', '/mappings/preview', {
        body: { definition: suggested.definition, rows: 3 },
      })
    assert.deepEqual(
      (await preview()).problems.map(({ path }) => path),
      ['identifiers.email'],
    )
    await ask(marketer, 'POST', '/mappings/identifiers', { body: { types: ['email'] } })
    const { counts } = await preview()
    assert.deepEqual(counts, {
      rows: 40,
      isWhole: true,
      repeated: 0,
      withoutIdentifier: 0,
      blocked: { email: 0 },
      events: { 'Order Completed': 40 },
    })
    const kept = await ask<Document>(marketer, 'PUT', '/mappings/orders', {
      body: { definition: suggested.definition },
    })
    assert.deepEqual(kept.problems, [])
    await ask(marketer, 'POST', '/mappings/orders/publish', { body: {} })
    const { mappings } = await get<{ mappings: object[] }>(viewer, '/mappings')
    assert.deepEqual(mappings, [
      {
        id: 'orders',
        state: 'published',
        etag: kept.etag,
        stream: 'shop.public.orders',
        identifiers: ['email'],
        events: ['Order Completed'],
        traits: [],
      },
    ])
  })

  steering(() => ({ stack, viewer, marketer, operator, ended }))
})

function reference(name: string): string {
  return `\${secret:${name}}`
}

/**
 * What the page asks of sources, mappings, runs and the workspace, over a stack that runs: a marketer connects a database
 * by a form, from its password to people, and an operator looks at what came of it.
 */
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openTestApp, type TestServer, type TestSession } from '../../server/testing/test-server.js'
import { ordersTable, startTestShop, type TestShop } from '../support/shop.js'
import { startTestStack, type TestStack } from '../support/stack.js'

interface Document {
  readonly state: string
  readonly etag: string
  readonly text: string
  readonly definition: { readonly config: Readonly<Record<string, unknown>> } | null
  readonly problems: readonly object[]
}

interface RunView {
  readonly kind: string
  readonly subject: string
  readonly outcome: string
  readonly endedAt: string | null
  readonly counts: Readonly<Record<string, number>>
  readonly streams: readonly { readonly name: string; readonly status: string; readonly rows: number }[]
  readonly temporalUrl: string | null
}

const STREAMS = [{ name: 'public.orders', sync_mode: 'full_refresh', destination_sync_mode: 'overwrite' }]

describe('the API of sources, mappings, runs and the workspace', function () {
  this.timeout(180_000)
  let shop: TestShop
  let stack: TestStack
  let server: TestServer
  let [viewer, marketer, operator] = [] as unknown as [TestSession, TestSession, TestSession]
  let config: Record<string, unknown>

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

  interface Asked {
    readonly body?: object
    readonly etag?: string
    readonly status?: number
  }

  async function ask<Answer>(
    as: TestSession,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    { body, etag, status = 200 }: Asked = {},
  ): Promise<Answer> {
    const answer = await as.send({
      method,
      url: `/api/v1${path}`,
      ...(body && { payload: body }),
      ...(etag !== undefined && { headers: { 'if-match': etag } }),
    })
    assert.equal(answer.statusCode, status, `${method} ${path}: ${answer.body}`)
    return answer.json<Answer>()
  }
  const get = <Answer>(as: TestSession, path: string) => ask<Answer>(as, 'GET', path)

  async function ended(workflowId: string, runId: string): Promise<RunView> {
    // The answer ends when the run does.
    const answer = await viewer.send({
      method: 'GET',
      url: `/api/v1/runs/${encodeURIComponent(workflowId)}/progress?run=${runId}`,
    })
    const events = answer.body.split('\n').filter((line) => line.startsWith('data: '))
    const views = events.map((line) => JSON.parse(line.slice(6)) as RunView)
    assert.equal(views.filter(({ endedAt }) => endedAt !== null).length, 1, answer.body)
    return views.at(-1)!
  }

  it('list what can be connected, and what it asks for', async () => {
    const { connectors } = await get<{
      connectors: { name: string; reference: string; icon: string | null }[]
    }>(viewer, '/connectors?kind=source')
    const postgres = connectors.find(({ name }) => name === 'source-postgres')
    assert.equal(postgres?.reference, 'source-postgres')
    assert.match(postgres?.icon ?? '', /^data:image\/svg\+xml;base64,/)
    const { spec, guide } = await get<{ spec: { properties: object }; guide: string }>(
      viewer,
      '/connectors/source-postgres/spec',
    )
    assert.ok('password' in spec.properties)
    assert.match(guide, /^# /)
    await ask(viewer, 'GET', '/connectors/source-postgre/spec', { status: 404 })
  })

  it('try a config by a worker, with a password that nobody sees again', async () => {
    const body = { id: 'shop', config }
    const tried = await ask<{ check: { ok: boolean; by: string }; config: object }>(
      marketer,
      'POST',
      '/connectors/source-postgres/check',
      { body },
    )
    assert.deepEqual([tried.check.ok, tried.check.by], [true, 'worker'])
    assert.deepEqual(tried.config, { ...config, password: reference('DRAFT_SOURCE_SHOP__PASSWORD') })
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
      config: { ...config, password: reference('DRAFT_SOURCE_SHOP__PASSWORD') },
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
        etag,
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
      etag: now.etag,
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
      etag: shown.etag,
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

  it('are said by operators: pause, resume, state, rows, reset', async () => {
    for (const verb of ['pause', 'resume', 'cancel'])
      await ask(marketer, 'POST', `/sources/shop/${verb}`, {
        ...(verb === 'pause' && { body: {} }),
        status: 403,
      })
    const paused = await ask<object>(operator, 'POST', '/sources/shop/pause', {
      body: { reason: 'stocktaking' },
    })
    assert.deepEqual(paused, { source: 'shop', paused: true, changed: true })
    const status = await get<{ paused: boolean; note: string }>(viewer, '/sources/shop/status')
    assert.deepEqual([status.paused, status.note], [true, `stocktaking (${operator.member.name})`])
    await ask(operator, 'POST', '/sources/shop/resume')
    const { streams } = await get<{ streams: { stream: string; rows: number }[] }>(
      operator,
      '/sources/shop/state',
    )
    assert.deepEqual(
      streams.map(({ stream, rows }) => [stream, rows]),
      [['public.orders', 40]],
    )
    const { rows } = await get<{ rows: string[][] }>(
      operator,
      '/sources/shop/streams/public.orders/rows?limit=2',
    )
    assert.deepEqual([rows.length, rows[0]?.length], [2, 5])
    assert.deepEqual(await get(operator, '/sources/shop/rejects'), { rejects: [] })
    const reset = await ask<{ workflowId: string; runId: string }>(operator, 'POST', '/sources/shop/reset', {
      body: { stream: 'public.orders' },
    })
    const view = await ended(reset.workflowId, reset.runId)
    assert.deepEqual([view.kind, view.outcome, view.counts.rows], ['reset', 'succeeded', 40])
  })

  it('list runs of every kind in pages, what goes on first', async () => {
    await ask(marketer, 'POST', '/sources/shop/sync', { body: {} }).then(async (run) => {
      const { workflowId, runId } = run as { workflowId: string; runId: string }
      await ended(workflowId, runId)
    })
    interface Page {
      readonly runs: readonly { kind: string; outcome: string; endedAt: string | null; run: string }[]
      readonly next: string | null
    }
    const first = await get<Page>(viewer, '/runs?kind=sync&limit=1')
    assert.equal(first.runs.length, 1)
    const second = await get<Page>(viewer, `/runs?kind=sync&limit=1&after=${encodeURIComponent(first.next!)}`)
    assert.equal(second.next, null)
    const all = await get<Page>(viewer, '/runs')
    // People may be refreshed by now, since their stream was synced.
    assert.deepEqual(
      all.runs.filter(({ kind }) => kind !== 'refresh').map(({ kind, outcome }) => [kind, outcome]),
      [
        ['sync', 'succeeded'],
        ['reset', 'succeeded'],
        ['sync', 'succeeded'],
      ],
    )
    assert.deepEqual(
      all.runs.filter(({ kind }) => kind === 'sync').map(({ run }) => run),
      [...first.runs, ...second.runs].map(({ run }) => run),
    )
    const none = await get<Page>(viewer, '/runs?subject=other')
    assert.deepEqual(none, { runs: [], next: null })
  })

  it('say how everything goes, and what needs attention', async () => {
    await stack.write({ 'segments/broken.yaml': 'name: Broken\nwho: { trait: nothing, eq: 1 }\n' })
    const overview = await get<{
      name: string
      timeZone: string
      drafts: object
      sources: { id: string; title: string; rows: number; last: { outcome: string } }[]
      mappings: number
      workers: number
      attention: { about: string; severity: string; message: string }[]
    }>(viewer, '/workspace')
    assert.deepEqual(
      [overview.name, overview.timeZone, overview.drafts, overview.mappings, overview.workers],
      ['page', 'Europe/Paris', { changed: 2, faulty: 1 }, 1, 1],
    )
    assert.deepEqual(
      overview.sources.map(({ id, title, rows, last }) => [id, title, rows, last.outcome]),
      [['shop', 'PostgreSQL', 120, 'succeeded']],
    )
    assert.deepEqual(
      overview.attention.map(({ about, severity, message }) => [about, severity, message]),
      [
        ['workspace', 'warning', 'Errors in segments/broken.yaml'],
        ['workspace', 'info', 'Not published yet: 2 files'],
      ],
    )
  })

  it('show, write and publish files, and go back to an older revision', async () => {
    const { files } = await get<{ files: { path: string; state: string }[] }>(viewer, '/workspace/files')
    assert.deepEqual(
      files.map(({ path, state }) => [path, state]),
      [
        ['identity.yaml', 'published'],
        ['mappings/orders.yaml', 'published'],
        ['segments/broken.yaml', 'new'],
        ['sources/shop.yaml', 'changed'],
        ['tributary.yaml', 'published'],
      ],
    )
    const broken = await get<{ etag: string; problems: { path: string }[] }>(
      operator,
      '/workspace/files/segments/broken.yaml',
    )
    assert.deepEqual(
      broken.problems.map(({ path }) => path),
      ['who.trait'],
    )
    await ask(operator, 'PUT', '/workspace/files/segments/broken.yaml', {
      body: { text: 'name: x\n' },
      status: 409,
    })
    await ask(operator, 'PUT', '/workspace/files/package.json', { body: { text: '{}' }, status: 400 })
    await ask(operator, 'DELETE', '/workspace/files/segments/broken.yaml', { etag: broken.etag })
    const plan = await ask<{ ok: boolean; changes: { message: string }[] }>(viewer, 'POST', '/workspace/plan')
    assert.deepEqual(
      plan.changes.map(({ message }) => message),
      ['shop: parallelism default → 2'],
    )
    await ask(marketer, 'POST', '/workspace/apply', { body: {}, status: 403 })
    await ask(operator, 'POST', '/workspace/apply', { body: { message: 'two at once' } })
    interface Revisions {
      readonly revisions: readonly { revision: string; number: number; author: string; message: string }[]
    }
    const { revisions } = await get<Revisions>(viewer, '/workspace/revisions')
    assert.deepEqual(
      revisions.map(({ number, author, message }) => [number, author, message]),
      [
        [4, operator.member.name, 'two at once'],
        [3, marketer.member.name, ''],
        [2, marketer.member.name, ''],
        [1, marketer.member.name, 'the shop'],
      ],
    )
    const third = revisions[1]!.revision
    const diff = await get<{ changes: { message: string }[] }>(
      viewer,
      `/workspace/revisions/${third}/diff?against=current`,
    )
    assert.deepEqual(
      diff.changes.map(({ message }) => message),
      ['shop: parallelism 2 → default'],
    )
    const back = await ask<{ number: number }>(operator, 'POST', '/workspace/apply', {
      body: { revision: third },
    })
    assert.equal(back.number, 5)
    const validation = await ask<{ ok: boolean }>(viewer, 'POST', '/workspace/validate')
    assert.equal(validation.ok, true)
  })
})

function reference(name: string): string {
  return `\${secret:${name}}`
}

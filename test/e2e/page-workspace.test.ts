/** What the page asks of connectors, of runs and of the workspace as a whole, over a stack that runs. */
import assert from 'node:assert/strict'
import { signalProcess } from '../../local/process-identity.js'
import type { TestSession } from '../../server/testing/test-server.js'
import { findProcess } from '../crash/strike.js'
import { ask, events, get, type PageApi, startPageApi } from '../support/page-api.js'
import { until } from '../support/until.js'

describe('the API of connectors, runs and the workspace', function () {
  this.timeout(180_000)
  let api: PageApi
  let viewer: TestSession
  let marketer: TestSession
  let operator: TestSession

  before(async () => {
    api = await startPageApi()
    ;({ viewer, marketer } = api)
    operator = await api.server.signIn('operator')
  })
  after(() => api?.stop())

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

  it('list runs of every kind in pages', async () => {
    const { workflowId, runId } = await ask<{ workflowId: string; runId: string }>(
      marketer,
      'POST',
      '/sources/files/sync',
      { body: {} },
    )
    // The answer ends when the run does.
    await events(viewer, `/runs/${encodeURIComponent(workflowId)}/progress?run=${runId}`)
    interface Page {
      readonly runs: readonly { kind: string; outcome: string; endedAt: string | null; run: string }[]
      readonly next: string | null
    }
    const first = await get<Page>(viewer, '/runs?kind=sync&limit=1')
    assert.equal(first.runs.length, 1)
    const second = await get<Page>(viewer, `/runs?kind=sync&limit=1&after=${encodeURIComponent(first.next!)}`)
    assert.equal(second.next, null)
    const all = await get<Page>(viewer, '/runs')
    // The sync asks for another refresh, which waits for further syncs.
    const ended = all.runs.filter(({ endedAt }) => endedAt !== null)
    assert.deepEqual(
      ended.map(({ kind, outcome }) => [kind, outcome]),
      [
        ['sync', 'succeeded'],
        ['refresh', 'succeeded'],
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
    await api.audience.stack.write({
      'segments/broken.yaml': 'name: Broken\nwho: { trait: nothing, eq: 1 }\n',
    })
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
      ['audience', 'UTC', { changed: 1, faulty: 1 }, 1, 1],
    )
    assert.deepEqual(
      overview.sources.map(({ id, title, rows, last }) => [id, title, rows, last.outcome]),
      [['files', 'Files', 18, 'succeeded']],
    )
    assert.deepEqual(
      overview.attention.map(({ about, severity, message }) => [about, severity, message]),
      [
        ['workspace', 'warning', 'Errors in segments/broken.yaml'],
        ['workspace', 'info', 'Not published yet: segments/broken.yaml'],
      ],
    )
  })

  it('show, write and publish files, and go back to an older revision', async () => {
    const { files } = await get<{ files: { path: string; state: string }[] }>(viewer, '/workspace/files')
    assert.deepEqual(
      files.map(({ path, state }) => [path, state]),
      [
        ['activations/parisians.yaml', 'published'],
        ['destinations/mailer.yaml', 'published'],
        ['identity.yaml', 'published'],
        ['mappings/customers.yaml', 'published'],
        ['segments/broken.yaml', 'new'],
        ['segments/parisians.yaml', 'published'],
        ['sources/files.yaml', 'published'],
        ['tributary.yaml', 'published'],
      ],
    )
    const path = '/workspace/files/segments/broken.yaml'
    const broken = await get<{ etag: string; problems: { path: string }[] }>(operator, path)
    assert.deepEqual(
      broken.problems.map(({ path }) => path),
      ['who.trait'],
    )
    await ask(operator, 'PUT', path, { body: { text: 'name: x\n' }, status: 409 })
    await ask(operator, 'PUT', '/workspace/files/package.json', { body: { text: '{}' }, status: 400 })
    await ask(operator, 'DELETE', path, { headers: { 'if-match': broken.etag } })
    await changeParallelism(2)
    const plan = await ask<{ ok: boolean; changes: { message: string }[] }>(viewer, 'POST', '/workspace/plan')
    assert.deepEqual(
      plan.changes.map(({ message }) => message),
      ['files: parallelism default → 2'],
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
        [2, operator.member.name, 'two at once'],
        [1, 'test', ''],
      ],
    )
    const first = revisions[1]!.revision
    const diff = await get<{ changes: { message: string }[] }>(
      viewer,
      `/workspace/revisions/${first}/diff?against=current`,
    )
    assert.deepEqual(
      diff.changes.map(({ message }) => message),
      ['files: parallelism 2 → default'],
    )
    const back = await ask<{ number: number }>(operator, 'POST', '/workspace/apply', {
      body: { revision: first },
    })
    assert.equal(back.number, 3)
    const validation = await ask<{ ok: boolean }>(viewer, 'POST', '/workspace/validate')
    assert.equal(validation.ok, true)
  })

  /** As a form does it. */
  async function changeParallelism(parallelism: number): Promise<void> {
    const { etag, definition } = await get<{ etag: string; definition: object }>(marketer, '/sources/files')
    await ask(marketer, 'PUT', '/sources/files', {
      body: { definition: { ...definition, parallelism } },
      headers: { 'if-match': etag },
    })
  }

  it('say that a source runs while no worker can tell how far', async () => {
    const worker = await findProcess(api.audience.stack.workspaceDir, 'worker 1')
    signalProcess(worker, 'SIGSTOP')
    const started = await ask<{ workflowId: string; runId: string }>(
      marketer,
      'POST',
      '/sources/files/sync',
      { body: {} },
    )
    try {
      const running = async () =>
        (await get<{ running: object | null }>(viewer, '/sources/files/status')).running
      await until(async () => (await running()) !== null)
      const { startedAt, ...rest } = (await running()) as { startedAt: string }
      assert.deepEqual(rest, { workflowId: started.workflowId, runId: started.runId, rows: 0 })
      assert.match(startedAt, /^\d{4}-/)
      const { runs } = await get<{ runs: { subject: string; outcome: string }[] }>(viewer, '/runs?kind=sync')
      assert.deepEqual(
        runs.filter(({ outcome }) => outcome === 'running').map(({ subject }) => subject),
        ['files'],
      )
    } finally {
      signalProcess(worker, 'SIGCONT')
    }
    await events(viewer, `/runs/${encodeURIComponent(started.workflowId)}/progress?run=${started.runId}`)
  })
})

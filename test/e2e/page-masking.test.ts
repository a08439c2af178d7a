/** Everything that a viewer may ask, over a stack that runs: what is about a person comes back hidden, wherever it stands. */
import assert from 'node:assert/strict'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { routes } from '../../server/api/index.js'
import type { Route } from '../../server/route.js'
import type { TestSession } from '../../server/testing/test-server.js'
import { customer } from '../support/audience.js'
import { ask, get, NINE, type PageApi, startPageApi } from '../support/page-api.js'
import { syncUntilSucceeded } from '../support/sync.js'
import { until } from '../support/until.js'

/** Of the people: addresses and names. Their cities are no secret, since segments speak of them. */
const PERSONAL = /c\d+@example|Customer \d|Lovelace/
const DRAFT = { definition: { name: 'Drafted', who: { trait: 'city', eq: 'Paris' } } }

describe('what a viewer is told', function () {
  this.timeout(300_000)
  let api: PageApi
  let viewer: TestSession
  /** What stands in the addresses of routes. */
  let named: Readonly<Record<string, string>>

  before(async () => {
    api = await startPageApi()
    viewer = api.viewer
    await happen()
  })
  after(() => api?.stop())

  /** People are sent, wait for an approval and are not taken; some are on a list, one is merged, one row is no row. */
  async function happen(): Promise<void> {
    const { marketer, audience } = api
    const person = await api.idOf('c1@example.com')
    await ask(marketer, 'POST', '/lists/friends/add', { body: { type: 'email', values: ['c1@example.com'] } })
    await ask(marketer, 'POST', '/profiles/merge', {
      body: { a: { id: person }, b: { type: 'email', value: 'c2@example.com' } },
    })
    await audience.haveCustomers([...NINE, customer(10, { email: null })])
    await appendFile(
      join(audience.stack.workspaceDir, 'data/customers.ndjson'),
      '{"email":"c11@example.com"\n',
    )
    await syncUntilSucceeded(audience.stack, 'files')
    await audience.refresh()
    const sent = await ask<{ runId: string }>(marketer, 'POST', '/activations/parisians/apply')
    await viewer.send({ method: 'GET', url: `/api/v1/activations/parisians/progress?run=${sent.runId}` })
    await audience.haveCustomers([customer(1)])
    await audience.refresh()
    await ask(marketer, 'POST', '/activations/parisians/apply')
    await until(async () => (await answerOf('/activations/parisians/waiting')).statusCode === 200)
    const { revisions } = await get<{ revisions: { revision: string }[] }>(viewer, '/workspace/revisions')
    const { runs } = await get<{ runs: { workflowId: string }[] }>(viewer, '/runs?kind=sync')
    named = {
      ':revision': revisions[0]!.revision,
      ':workflowId': encodeURIComponent(runs[0]!.workflowId),
      ':run': sent.runId,
      ':name': 'source-files',
      ':stream': 'customers',
      ':trait': 'name',
      ':list': 'friends',
      'sources/:id': 'sources/files',
      'mappings/:id': 'mappings/customers',
      'segments/:id': 'segments/parisians',
      'activations/:id': 'activations/parisians',
      'destinations/:id': 'destinations/mailer',
      'profiles/:id': `profiles/${person}`,
    }
  }

  const QUERY: Readonly<Record<string, string>> = {
    '/api/v1/profiles/search': '?q=c1@example.com',
    '/api/v1/segments/:id/history': '?changes=100',
    '/api/v1/segments/:id/overlap': '?with=parisians',
    '/api/v1/segments/:id/explain': '?type=email&value=c1@example.com',
    '/api/v1/workspace/revisions/:revision/diff': '?against=parent',
  }
  const addressOf = ({ path }: Route) =>
    Object.entries(named).reduce((address, [name, value]) => address.replace(name, value), path as string) +
    (QUERY[path] ?? '')

  const answerOf = (path: string, as = viewer) => as.send({ method: 'GET', url: `/api/v1${path}` })

  /** It never ends, and says only that something changed. */
  const HINTS = '/api/v1/events'
  /** It ends with the run, which waits for an approval: what it tells is in the run, too. */
  const WAITING = '/api/v1/activations/:id/progress'
  const asked = routes.filter(
    ({ method, role, path }) => method === 'GET' && role === 'viewer' && path !== HINTS && path !== WAITING,
  )

  for (const route of asked) {
    it(`names nobody: GET ${route.path}`, async () => {
      const { statusCode, body } = await viewer.send({ method: 'GET', url: addressOf(route) })
      assert.deepEqual([statusCode, PERSONAL.exec(body)?.[0]], [200, undefined], addressOf(route))
    })
  }

  for (const [path, payload] of [
    ['/segments/sql', DRAFT],
    ['/workspace/validate', undefined],
    ['/workspace/plan', undefined],
  ] as const) {
    it(`names nobody: POST ${path}`, async () => {
      const { statusCode, body } = await viewer.send({
        method: 'POST',
        url: `/api/v1${path}`,
        ...(payload && { payload }),
      })
      assert.deepEqual([statusCode, PERSONAL.exec(body)?.[0]], [200, undefined])
    })
  }

  it('names nobody where nobody is found, either', async () => {
    for (const path of [
      '/segments/parisians/explain?type=email&value=c0@nowhere.example',
      '/segments/parisians/explain?type=mail&value=c0@nowhere.example',
      '/profiles/p999999',
      '/profiles/p999999/events',
      '/profiles/search?q=c1@exampl',
    ]) {
      const { body } = await answerOf(path)
      assert.equal(PERSONAL.exec(body)?.[0], undefined, path)
    }
  })

  it('is what a marketer sees, so that there was something to hide', async () => {
    const open = await Promise.all(
      asked.map(async (route) => {
        const { body } = await api.marketer.send({ method: 'GET', url: addressOf(route) })
        return PERSONAL.test(body) ? [route.path.replace('/api/v1', '')] : []
      }),
    )
    assert.deepEqual(open.flat().sort(), [
      '/activations/:id/runs/:run',
      '/activations/:id/waiting',
      '/lists/:list',
      '/profiles/:id',
      '/profiles/:id/destinations',
      '/profiles/:id/evidence',
      '/profiles/records',
      '/profiles/search',
      '/segments/:id/explain',
      '/segments/:id/history',
      '/segments/:id/sample',
    ])
  })
})

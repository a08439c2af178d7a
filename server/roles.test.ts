import { deepEqual, equal } from 'node:assert/strict'
import { ROLES, type Role } from '../operations/members/roles.js'
import { createToken } from '../operations/members/tokens.js'
import { routes } from './api/index.js'
import type { Route } from './route.js'
import { json } from './schema.js'
import { startTestServer, type TestServer, type TestSession } from './testing/test-server.js'

/** What the least role may do; each may do all that the one before may. A new route is written here, or the test fails. */
const TABLE: Readonly<Record<Role | 'anyone', readonly string[]>> = {
  anyone: ['POST /api/v1/session'],
  viewer: [
    'GET /api/v1/session',
    'DELETE /api/v1/session',
    'POST /api/v1/session/use',
    'GET /api/v1/events',
    'GET /api/v1/vitals',
    'GET /api/v1/workspace',
    'GET /api/v1/workspace/files',
    'POST /api/v1/workspace/validate',
    'POST /api/v1/workspace/plan',
    'GET /api/v1/workspace/revisions',
    'GET /api/v1/workspace/revisions/:revision/diff',
    'GET /api/v1/connectors',
    'GET /api/v1/connectors/:name/spec',
    'GET /api/v1/sources',
    'GET /api/v1/sources/:id/status',
    'GET /api/v1/sources/:id',
    'GET /api/v1/sources/:id/streams',
    'GET /api/v1/mappings',
    'GET /api/v1/mappings/:id',
    'GET /api/v1/runs',
    'GET /api/v1/runs/:workflowId',
    'GET /api/v1/runs/:workflowId/progress',
    'GET /api/v1/profiles/search',
    'GET /api/v1/profiles/records',
    'GET /api/v1/profiles/:id',
    'GET /api/v1/profiles/:id/events',
    'GET /api/v1/profiles/:id/evidence',
    'GET /api/v1/profiles/:id/destinations',
    'GET /api/v1/segments',
    'POST /api/v1/segments/sql',
    'GET /api/v1/segments/:id',
    'GET /api/v1/segments/:id/sample',
    'GET /api/v1/segments/:id/history',
    'GET /api/v1/segments/:id/overlap',
    'GET /api/v1/segments/:id/explain',
    'GET /api/v1/segments/:id/dependents',
    'GET /api/v1/vocabulary',
    'GET /api/v1/vocabulary/events',
    'GET /api/v1/traits',
    'GET /api/v1/lists',
    'GET /api/v1/lists/:list',
    'GET /api/v1/traits/:trait/dependents',
    'GET /api/v1/refresh',
    'GET /api/v1/refresh/progress',
    'GET /api/v1/activations',
    'GET /api/v1/activations/:id',
    'GET /api/v1/activations/:id/status',
    'GET /api/v1/activations/:id/progress',
    'GET /api/v1/activations/:id/waiting',
    'GET /api/v1/activations/:id/history',
    'GET /api/v1/activations/:id/runs/:run',
    'GET /api/v1/activations/:id/rejects',
    'GET /api/v1/activations/:id/rejects.ndjson',
    'GET /api/v1/destinations',
    'GET /api/v1/destinations/:id',
  ],
  marketer: [
    'GET /api/v1/secrets',
    'PUT /api/v1/secrets/:name',
    'DELETE /api/v1/secrets/:name',
    'POST /api/v1/connectors/:name/check',
    'POST /api/v1/connectors/:name/discover',
    'PUT /api/v1/sources/:id',
    'DELETE /api/v1/sources/:id',
    'POST /api/v1/sources/:id/publish',
    'POST /api/v1/sources/:id/check',
    'POST /api/v1/sources/:id/discover',
    'POST /api/v1/sources/:id/sync',
    'GET /api/v1/uploads/:folder',
    'POST /api/v1/uploads/:folder/:file',
    'DELETE /api/v1/uploads/:folder/:file',
    'POST /api/v1/uploads/:folder/:file/restore',
    'POST /api/v1/mappings/preview',
    'POST /api/v1/mappings/suggest',
    'POST /api/v1/mappings/identifiers',
    'PUT /api/v1/mappings/:id',
    'DELETE /api/v1/mappings/:id',
    'POST /api/v1/mappings/:id/publish',
    'POST /api/v1/profiles/explain',
    'POST /api/v1/profiles/merge',
    'POST /api/v1/profiles/merge/simulate',
    'POST /api/v1/profiles/split',
    'POST /api/v1/profiles/split/simulate',
    'POST /api/v1/profiles/undo',
    'POST /api/v1/profiles/undo/simulate',
    'POST /api/v1/profiles/simulate',
    'POST /api/v1/segments/check',
    'POST /api/v1/segments/preview',
    'GET /api/v1/segments/:id/export',
    'POST /api/v1/lists/:list/add',
    'POST /api/v1/lists/:list/remove',
    'PUT /api/v1/segments/:id',
    'DELETE /api/v1/segments/:id',
    'POST /api/v1/segments/:id/publish',
    'GET /api/v1/vocabulary/values',
    'GET /api/v1/traits/:trait/values',
    'POST /api/v1/refresh',
    'POST /api/v1/activations/check',
    'POST /api/v1/activations/preview',
    'PUT /api/v1/activations/:id',
    'DELETE /api/v1/activations/:id',
    'POST /api/v1/activations/:id/publish',
    'POST /api/v1/activations/:id/plan',
    'POST /api/v1/activations/:id/apply',
    'POST /api/v1/activations/:id/approve',
    'POST /api/v1/activations/:id/refuse',
    'POST /api/v1/activations/:id/undo',
    'POST /api/v1/activations/:id/cancel',
    'POST /api/v1/activations/:id/pause',
    'POST /api/v1/activations/:id/resume',
    'PUT /api/v1/destinations/:id',
    'DELETE /api/v1/destinations/:id',
    'POST /api/v1/destinations/:id/publish',
    'POST /api/v1/destinations/:id/check',
    'GET /api/v1/destinations/:id/objects',
  ],
  operator: [
    'GET /api/v1/workspace/files/*',
    'PUT /api/v1/workspace/files/*',
    'DELETE /api/v1/workspace/files/*',
    'POST /api/v1/workspace/apply',
    'GET /api/v1/sources/:id/streams/:stream/rows',
    'POST /api/v1/sources/:id/backfill',
    'POST /api/v1/sources/:id/reset',
    'POST /api/v1/sources/:id/pause',
    'POST /api/v1/sources/:id/resume',
    'POST /api/v1/sources/:id/cancel',
    'POST /api/v1/sources/:id/streams/:stream/skip',
    'PUT /api/v1/sources/:id/parallelism',
    'POST /api/v1/segments/audit',
    'GET /api/v1/sources/:id/state',
    'GET /api/v1/sources/:id/state/diff',
    'POST /api/v1/sources/:id/state/rollback',
    'GET /api/v1/sources/:id/rejects',
    'POST /api/v1/sources/:id/rejects/replay',
    'GET /api/v1/retention',
    'POST /api/v1/retention/preview',
    'POST /api/v1/retention/apply',
  ],
  admin: [
    'GET /api/v1/members',
    'POST /api/v1/members',
    'PATCH /api/v1/members/:id',
    'DELETE /api/v1/members/:id',
    'POST /api/v1/members/:id/link',
    'POST /api/v1/members/:id/sign-out',
    'GET /api/v1/tokens',
    'POST /api/v1/tokens',
    'DELETE /api/v1/tokens/:id',
    'GET /api/v1/audit',
  ],
}

const nameOf = ({ method, path }: Route) => `${method} ${path}`

/** The same route, whose handler only says that it was reached: what is asked here is who reaches it. */
function reached({ params: _params, query: _query, headers: _headers, body: _body, ...route }: Route): Route {
  const { audit: _audit, ...rest } = route
  const open = { ...rest, params: json, query: json, response: json }
  return route.kind === 'json'
    ? { ...open, handle: async () => ({ reached: true }) }
    : { ...open, handle: async () => (async function* () {})() }
}

describe('the roles of routes', function () {
  this.timeout(120_000)
  let server: TestServer
  const sessions = new Map<Role, TestSession>()

  before(async () => {
    server = await startTestServer({
      routes: routes.map((route) => (route.role === 'anyone' ? route : reached(route))),
    })
    for (const role of ROLES) sessions.set(role, await server.signIn(role))
  })
  after(() => server?.close())

  it('are those of the table, and every route is in it', () => {
    const actual = Object.fromEntries(
      Object.keys(TABLE).map((role) => [
        role,
        routes
          .filter((route) => route.role === role)
          .map(nameOf)
          .sort(),
      ]),
    )
    deepEqual(
      actual,
      Object.fromEntries(Object.entries(TABLE).map(([role, names]) => [role, [...names].sort()])),
    )
  })

  for (const route of routes.filter(({ role }) => role !== 'anyone')) {
    it(`let in whom the table lets in: ${nameOf(route)}`, async () => {
      const request = { method: route.method, url: route.path.replace(/:\w+|\*$/g, 'some') }
      const unknown = await server.app.inject(request)
      const answers = await Promise.all(ROLES.map((role) => sessions.get(role)!.send(request)))
      const least = ROLES.indexOf(route.role as Role)
      deepEqual(
        [unknown.statusCode, ...answers.map(({ statusCode }) => statusCode)],
        [401, ...ROLES.map((_role, index) => (index >= least ? 200 : 403))],
      )
    })
  }

  it('hold for programs, too', async () => {
    const { token } = await createToken(server.operations, {
      name: 'reader',
      role: 'viewer',
      validMs: 60_000,
      by: 'a test',
    })
    const send = (method: 'GET' | 'PUT', url: string) =>
      server.app.inject({ method, url, headers: { authorization: `Bearer ${token}` } })
    equal((await send('GET', '/api/v1/segments')).statusCode, 200)
    equal((await send('PUT', '/api/v1/segments/some')).statusCode, 403)
    equal((await send('GET', '/api/v1/members')).statusCode, 403)
  })
})

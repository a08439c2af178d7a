import { deepEqual, equal, match } from 'node:assert/strict'
import { startTestServer, type TestServer, type TestSession } from '../testing/test-server.js'

describe('routes of members, tokens and the audit log', function () {
  this.timeout(120_000)
  let server: TestServer
  let root: TestSession

  before(async () => {
    server = await startTestServer()
    root = await server.signIn('admin')
  })
  after(() => server?.close())

  const ask = async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object) => {
    const answer = await root.send({ method, url: `/api/v1${path}`, ...(payload && { payload }) })
    return { status: answer.statusCode, body: answer.json() }
  }
  const signIn = (path: string) =>
    server.app.inject({
      method: 'POST',
      url: '/api/v1/session',
      payload: { link: path.replace('/sign-in#', '') },
    })

  it('let somebody in whom an admin invited, and follow them from role to role to the door', async () => {
    const { body: invited } = await ask('POST', '/members', { name: 'Ada Lovelace', role: 'viewer' })
    match(invited.link.path, /^\/sign-in#[\w-]{43}$/)
    const ada = await signIn(invited.link.path)
    deepEqual([ada.statusCode, ada.json().role], [200, 'viewer'])
    const cookies = { [server.services.cookieName]: ada.cookies[0]!.value }
    const session = async () => server.app.inject({ method: 'GET', url: '/api/v1/session', cookies })

    const { id } = invited.member
    deepEqual((await ask('PATCH', `/members/${id}`, { role: 'operator' })).body, {
      id,
      name: 'Ada Lovelace',
      role: 'operator',
    })
    equal((await session()).json().role, 'operator')

    const { body: listed } = await ask('GET', '/members')
    deepEqual(
      listed.members.map(({ name, role }: { name: string; role: string }) => [name, role]),
      [
        ['Ada Lovelace', 'operator'],
        [root.member.name, 'admin'],
      ],
    )

    await ask('POST', `/members/${id}/sign-out`)
    equal((await session()).statusCode, 401)
    const { body: link } = await ask('POST', `/members/${id}/link`)
    equal((await signIn(link.path)).statusCode, 200)

    equal((await ask('DELETE', `/members/${id}`)).status, 200)
    equal((await ask('DELETE', `/members/${id}`)).body.error.name, 'MemberUnknown')
    const { body: audit } = await ask('GET', '/audit?subject=Ada%20Lovelace&limit=20')
    deepEqual(
      audit.entries.map(({ actor, action, detail }: Record<string, string>) => [actor, action, detail]),
      [
        [root.member.name, 'members remove', ''],
        ['Ada Lovelace', 'sign in', ''],
        [root.member.name, 'members link', ''],
        [root.member.name, 'members sign-out', ''],
        [root.member.name, 'members role', 'viewer → operator'],
        ['Ada Lovelace', 'sign in', ''],
        [root.member.name, 'members invite', 'as viewer'],
      ],
    )
  })

  it('keep one admin, and names apart', async () => {
    const { id } = root.member
    const answers = [
      await ask('PATCH', `/members/${id}`, { role: 'viewer' }),
      await ask('DELETE', `/members/${id}`),
      await ask('POST', '/members', { name: root.member.name.toUpperCase(), role: 'viewer' }),
      await ask('POST', '/members', { name: 'line\nbreak', role: 'viewer' }),
      await ask('POST', '/members', { name: 'Bob', role: 'owner' }),
    ]
    deepEqual(
      answers.map(({ status, body }) => [status, body.error.name]),
      [
        [409, 'LastAdmin'],
        [409, 'LastAdmin'],
        [400, 'MemberInvalid'],
        [400, 'MemberInvalid'],
        [400, 'RequestInvalid'],
      ],
    )
  })

  it('show a token once, and refuse it once it is revoked', async () => {
    const { body: created } = await ask('POST', '/tokens', { name: 'nightly', role: 'viewer', validDays: 30 })
    const use = () =>
      server.app.inject({
        method: 'GET',
        url: '/api/v1/session',
        headers: { authorization: `Bearer ${created.token}` },
      })
    equal((await use()).statusCode, 200)
    const { body: listed } = await ask('GET', '/tokens')
    deepEqual(
      listed.tokens.map(({ id, name, role, author }: Record<string, string>) => ({ id, name, role, author })),
      [{ id: created.id, name: 'nightly', role: 'viewer', author: root.member.name }],
    )
    equal(JSON.stringify(listed).includes(created.token), false)
    deepEqual((await ask('DELETE', `/tokens/${created.id}`)).body, {
      id: created.id,
      name: 'nightly',
      changed: true,
    })
    equal((await use()).statusCode, 401)
    equal((await ask('DELETE', `/tokens/${created.id}`)).body.changed, false)
  })

  it('page through the audit log by the moment of the last entry', async () => {
    const { body: all } = await ask('GET', '/audit')
    const [first] = all.entries
    const { body: older } = await ask('GET', `/audit?before=${encodeURIComponent(first.at)}`)
    deepEqual(
      older.entries,
      all.entries.filter(({ at }: { at: string }) => at < first.at),
    )
  })
})

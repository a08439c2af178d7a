import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { claimLink, makeLink } from '../../operations/members/links.js'
import { changeRole, removeMember, signOutEverywhere } from '../../operations/members/members.js'
import { createToken, listTokens, revokeToken } from '../../operations/members/tokens.js'
import { selectRows } from '../../warehouse/query.js'
import { createApp } from '../app.js'
import { createServices } from '../services.js'
import { openTestApp, startTestServer, type TestServer, type TestSession } from '../testing/test-server.js'
import { createSessions } from './sessions.js'

const SESSION = { method: 'GET', url: '/api/v1/session' } as const
const CHANGE = { method: 'PUT', url: '/api/v1/secrets/A_SECRET', payload: { value: 'x' } } as const

describe('access', function () {
  this.timeout(120_000)
  let server: TestServer
  let ada: TestSession

  before(async () => {
    server = await startTestServer()
    ada = await server.signIn('marketer')
  })
  after(() => server?.close())

  const cookies = (cookie: string) => ({ [server.services.cookieName]: cookie })
  const status = async (cookie: string) =>
    (await server.app.inject({ ...SESSION, cookies: cookies(cookie) })).statusCode
  const link = (member: string, validMs = 60_000) =>
    makeLink(server.operations, { member, validMs, by: 'a test' })
  const use = (token: unknown) =>
    server.app.inject({ method: 'POST', url: '/api/v1/session', payload: { link: token } as object })

  describe('by session', () => {
    it('is refused for a cookie that somebody wrote or changed', async () => {
      const [payload = '', signature = ''] = ada.cookie.split('.')
      const admin = Buffer.from(JSON.stringify([ada.member.id, 99, Date.now() + 1e9])).toString('base64url')
      const forged = createHmac('sha256', 'a key of somebody else').update(payload).digest('base64url')
      const forgeries = [
        '',
        '.',
        payload,
        `${payload}.`,
        `${payload}.${signature}.${signature}`,
        `${admin}.${signature}`,
        `${payload}.${forged}`,
        `${payload}.${signature.slice(0, -2)}`,
      ]
      deepEqual(
        await Promise.all(forgeries.map(status)),
        forgeries.map(() => 401),
      )
      equal(await status(ada.cookie), 200)
    })

    const hoursAgo = (count: number) => Date.now() - count * 3_600_000
    const stateOf = async (member: string) => (await server.services.directory.member(member))!

    it('ends after twelve hours, however much it is used', async () => {
      const { sessions } = server.services
      const used = async (hours: number) => {
        let cookie = sessions.issue(await stateOf(ada.member.id), hoursAgo(hours))
        for (let ago = hours - 0.5; ago > 0.2; ago -= 0.5) cookie = sessions.renew(cookie, hoursAgo(ago))!
        return cookie
      }
      equal(await status(await used(11.9)), 200)
      const tooOld = await used(12.1)
      deepEqual([await status(tooOld), sessions.renew(tooOld)], [401, undefined])
      const byAgeAlone = createSessions('a key of this test, which is long enough', { idleMs: 0 })
      const old = byAgeAlone.issue(await stateOf(ada.member.id), hoursAgo(11.9))
      deepEqual([byAgeAlone.idleMs, byAgeAlone.read(old)?.member], [undefined, ada.member.id])
      equal(byAgeAlone.read(old, Date.now() + 3_600_000), undefined)
    })

    it('ends when nobody used it for an hour, and says so', async () => {
      const { sessions } = server.services
      const member = await stateOf(ada.member.id)
      equal(await status(sessions.issue(member, hoursAgo(0.9))), 200)
      const answer = await server.app.inject({
        ...SESSION,
        cookies: cookies(sessions.issue(member, hoursAgo(1.1))),
      })
      deepEqual([answer.statusCode, answer.json().error.name], [401, 'SessionIdle'])
    })

    it('goes on while somebody uses it, and reading alone is no use: pages read by themselves', async () => {
      const { sessions, cookieName } = server.services
      const old = sessions.issue(await stateOf(ada.member.id), hoursAgo(0.9))
      const read = await server.app.inject({ ...SESSION, cookies: cookies(old) })
      equal(read.headers['set-cookie'], undefined)
      const use = (cookie: string) =>
        server.app.inject({
          method: 'POST',
          url: '/api/v1/session/use',
          cookies: cookies(cookie),
          headers: { 'x-csrf-token': sessions.csrfToken(cookie) },
        })
      const used = await use(old)
      equal(used.statusCode, 200)
      const renewed = used.cookies[0]!
      equal(renewed.name, cookieName)
      // It ends when it would have ended anyway.
      const [before, after] = [sessions.read(old)!, sessions.read(renewed.value)!]
      deepEqual({ ...after, idleAtMs: 0 }, { ...before, idleAtMs: 0 })
      ok(after.idleAtMs - before.idleAtMs > 0.8 * 3_600_000)
      ok(renewed.maxAge! <= 11.1 * 3600)
      // Another window that has not heard of it goes on with the token that it has.
      equal(sessions.csrfToken(renewed.value), sessions.csrfToken(old))
      equal((await use(sessions.issue(await stateOf(ada.member.id), hoursAgo(1.1)))).statusCode, 401)
      // Signing out ends it by whichever of its cookies.
      await server.app.inject({
        method: 'DELETE',
        url: '/api/v1/session',
        cookies: cookies(old),
        headers: { 'x-csrf-token': sessions.csrfToken(old) },
      })
      deepEqual([await status(old), await status(renewed.value)], [401, 401])
    })

    it('is its workspace’s own: servers on one host do not sign each other’s people out', async () => {
      const other = createSessions('the key of another workspace of this host')
      notEqual(other.cookieName, server.services.sessions.cookieName)
      equal(createSessions('the key of another workspace of this host').cookieName, other.cookieName)
      const both = { [other.cookieName]: other.issue({ id: 'eve', epoch: 1 }), ...cookies(ada.cookie) }
      equal((await server.app.inject({ ...SESSION, cookies: both })).statusCode, 200)
      equal(await status(other.issue({ id: ada.member.id, epoch: 1 })), 401)
    })

    it('ends everywhere once a member is signed out everywhere', async () => {
      const first = await server.signIn('viewer')
      const { token } = await link(first.member.id)
      const second = await use(token)
      const cookie = second.cookies[0]!.value
      const open = await link(first.member.id)
      await signOutEverywhere(server.operations, first.member.id, { by: 'a test' })
      server.services.directory.refresh()
      deepEqual([await status(first.cookie), await status(cookie)], [401, 401])
      equal((await use(open.token)).statusCode, 401)
      // Whoever was signed out may come back.
      equal((await use((await link(first.member.id)).token)).statusCode, 200)
    })

    it('is over for a member who was removed, whatever they hold', async () => {
      const gone = await server.signIn('operator')
      const open = await link(gone.member.id)
      await removeMember(server.operations, gone.member.id, { by: 'a test' })
      server.services.directory.refresh()
      equal(await status(gone.cookie), 401)
      equal((await use(open.token)).statusCode, 401)
      equal((await use((await link(gone.member.id)).token)).statusCode, 401)
    })

    it('follows the role as it is now', async () => {
      const eve = await server.signIn('marketer')
      equal((await eve.send({ method: 'GET', url: '/api/v1/secrets' })).statusCode, 200)
      await changeRole(server.operations, eve.member.id, { role: 'viewer', by: 'a test' })
      server.services.directory.refresh()
      equal((await eve.send({ method: 'GET', url: '/api/v1/secrets' })).statusCode, 403)
    })

    it('goes on when the server is started again', async () => {
      const again = await openTestApp(server.operations)
      try {
        const answer = await again.app.inject({ ...SESSION, cookies: cookies(ada.cookie) })
        equal(answer.statusCode, 200)
        equal(answer.json().csrf, ada.csrf)
      } finally {
        await again.close()
      }
    })

    it('keeps the cookie to https where people use that', async () => {
      const secure = await openTestApp(server.operations, { publicUrl: 'https://cdp.example.com' })
      try {
        const { token } = await link(ada.member.id)
        const answer = await secure.app.inject({
          method: 'POST',
          url: '/api/v1/session',
          headers: { host: 'cdp.example.com' },
          payload: { link: token },
        })
        match(
          String(answer.headers['set-cookie']),
          /^__Host-tributary_session_[0-9a-f]{8}=[^;]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
        )
        const cookie = answer.cookies[0]!.value
        const ask = (name: string) =>
          secure.app.inject({ ...SESSION, headers: { host: 'cdp.example.com' }, cookies: { [name]: cookie } })
        equal((await ask(secure.services.cookieName)).statusCode, 200)
        // A neighbour under example.com could have set this one.
        equal((await ask(server.services.cookieName)).statusCode, 401)
        match(String(answer.headers['strict-transport-security']), /^max-age=31536000/)
      } finally {
        await secure.close()
      }
    })

    it('is over for whoever signs out, and for whoever has a copy of the cookie', async () => {
      const { token } = await link(ada.member.id)
      const here = (await use(token)).json() as { csrf: string }
      const cookie = (await use((await link(ada.member.id)).token)).cookies[0]!.value
      const csrf = server.services.sessions.csrfToken(cookie)
      notEqual(csrf, here.csrf)
      const answer = await server.app.inject({
        method: 'DELETE',
        url: '/api/v1/session',
        cookies: cookies(cookie),
        headers: { 'x-csrf-token': csrf },
      })
      equal(
        answer.headers['set-cookie'],
        `${server.services.cookieName}=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict`,
      )
      equal(await status(cookie), 401)
      // Elsewhere they stay signed in.
      equal(await status(ada.cookie), 200)
      const again = await openTestApp(server.operations)
      const there = await again.app.inject({ ...SESSION, cookies: cookies(cookie) })
      equal(there.statusCode, 401)
      await again.close()
    })
  })

  describe('from other sites', () => {
    const withToken = (csrf: string | undefined) =>
      server.app.inject({
        ...CHANGE,
        cookies: cookies(ada.cookie),
        headers: csrf === undefined ? {} : { 'x-csrf-token': csrf },
      })

    it('changes nothing without the token of the session', async () => {
      const other = await server.signIn('marketer')
      for (const csrf of [undefined, '', 'guess', other.csrf, ada.csrf.slice(1)]) {
        const answer = await withToken(csrf)
        deepEqual([answer.statusCode, answer.json().error.name], [403, 'CsrfRefused'])
      }
      equal((await withToken(ada.csrf)).statusCode, 200)
    })

    it('signs nobody in', async () => {
      const { token } = await link(ada.member.id)
      const send = (site: string) =>
        server.app.inject({
          method: 'POST',
          url: '/api/v1/session',
          headers: { 'sec-fetch-site': site },
          payload: { link: token },
        })
      deepEqual([(await send('cross-site')).statusCode, (await send('same-site')).statusCode], [403, 403])
      equal((await send('same-origin')).statusCode, 200)
    })

    it('reads nothing, though the cookie comes along: other servers of this machine are of the same site', async () => {
      const ask = (site: string) =>
        server.app.inject({
          ...SESSION,
          cookies: cookies(ada.cookie),
          headers: { 'sec-fetch-site': site },
        })
      const sites = ['cross-site', 'same-site', 'same-origin', 'none']
      deepEqual(
        (await Promise.all(sites.map(ask))).map(({ statusCode }) => statusCode),
        [403, 403, 200, 200],
      )
    })

    it('is refused under a name that is not the server’s', async () => {
      const ask = (host: string) =>
        server.app.inject({ ...SESSION, headers: { host }, cookies: cookies(ada.cookie) })
      for (const host of [
        'evil.example',
        'localhost.evil.example',
        '127.0.0.1.evil.example:80',
        '10.0.0.1',
      ]) {
        equal((await ask(host)).json().error.name, 'HostRefused', host)
      }
      for (const host of ['localhost:8080', '127.0.0.1', '[::1]:8080'])
        equal((await ask(host)).statusCode, 200, host)
    })

    it('tells a balancer that it lives, which asks by the address of the machine', async () => {
      const answer = await server.app.inject({ url: '/healthz', headers: { host: '10.0.0.1:8080' } })
      deepEqual([answer.statusCode, answer.json()], [200, { ok: true }])
    })
  })

  describe('by link', () => {
    it('is refused for links that are too old, used, unknown or no links', async () => {
      const { token: old } = await link(ada.member.id, -1)
      const { token: used } = await link(ada.member.id)
      equal((await use(used)).statusCode, 200)
      const unknown = used.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A'))
      const answers = await Promise.all([old, used, unknown, '', "' OR 1=1 --"].map(use))
      const messages = new Set(answers.map((answer) => JSON.stringify(answer.json())))
      deepEqual(
        answers.map(({ statusCode }) => statusCode),
        [401, 401, 401, 401, 401],
      )
      // Which of them it was is nobody's business.
      equal(messages.size, 1)
    })

    it('counts at most once, however many use it at once', async () => {
      const { token } = await link(ada.member.id)
      const claims = await Promise.allSettled(
        Array.from({ length: 8 }, () => claimLink(server.operations, token)),
      )
      equal(claims.filter(({ status }) => status === 'fulfilled').length <= 1, true)
      equal((await use(token)).statusCode, 401)
    })

    it('may be tried ten times a minute', async () => {
      const limited = await openTestApp(server.operations, { guessesPerMinute: 10 })
      try {
        const statuses: number[] = []
        for (let tries = 0; tries < 12; tries += 1) {
          const answer = await limited.app.inject({
            method: 'POST',
            url: '/api/v1/session',
            payload: { link: 'guess' },
          })
          statuses.push(answer.statusCode)
        }
        deepEqual(statuses, [...Array.from({ length: 10 }, () => 401), 429, 429])
      } finally {
        await limited.close()
      }
    })
  })

  describe('by token', () => {
    const ask = (token: string) =>
      server.app.inject({ ...SESSION, headers: { authorization: `Bearer ${token}` } })
    const create = (name: string, validMs = 60_000) =>
      createToken(server.operations, { name, role: 'operator', validMs, by: 'a test' })

    it('needs no cookie and no csrf token', async () => {
      const { token, id } = await create('nightly')
      const answer = await ask(token)
      deepEqual(
        [answer.json().member, answer.json().csrf],
        [{ id, name: 'token nightly', role: 'operator' }, null],
      )
      const changed = await server.app.inject({ ...CHANGE, headers: { authorization: `Bearer ${token}` } })
      equal(changed.statusCode, 200)
    })

    it('does not fall back to the cookie that comes along', async () => {
      const answer = await server.app.inject({
        ...SESSION,
        cookies: cookies(ada.cookie),
        headers: { authorization: 'Bearer trb_guess' },
      })
      equal(answer.statusCode, 401)
    })

    it('is kept as a hash, and ends when it is revoked or expires', async () => {
      const { token, id } = await create('short')
      const rows = await selectRows<{ hash: string }>(
        await server.operations.warehouse(),
        'SELECT * FROM tributary.tokens WHERE token = {id:String}',
        { id },
      )
      equal(JSON.stringify(rows).includes(token.slice(4)), false)
      server.services.directory.refresh()
      equal((await ask(token)).statusCode, 200)
      await revokeToken(server.operations, 'short', { by: 'a test' })
      server.services.directory.refresh()
      equal((await ask(token)).statusCode, 401)
      const expired = await create('expired', -1)
      server.services.directory.refresh()
      equal((await ask(expired.token)).statusCode, 401)
    })

    it('notes that it was used', async () => {
      const { token, id } = await create('used')
      server.services.directory.refresh()
      await ask(token)
      for (;;) {
        const listed = (await listTokens(server.operations)).find((row) => row.id === id)
        if (listed?.lastUsedAt) break
        notEqual(listed, undefined)
      }
    })
  })

  it('is told nothing of what went wrong inside', async () => {
    const app = await createApp({
      operations: { ...server.operations, secrets: { place: '', get: fail, list: fail } },
      services: await createServices(server.operations, {}),
      logger: server.app.log as never,
      pageDir: '/nowhere',
    })
    const answer = await app.inject({
      method: 'GET',
      url: '/api/v1/secrets',
      cookies: cookies(ada.cookie),
    })
    const { error } = answer.json()
    deepEqual([answer.statusCode, error.name, error.message.includes('hunter2')], [500, 'Unexpected', false])
    await app.close()
  })
})

async function fail(): Promise<never> {
  throw new Error('the password is hunter2')
}

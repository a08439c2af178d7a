/** Sessions: genuine, in time, in use, and over for whoever is out. */
import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { changeRole, removeMember, signOutEverywhere } from '../../../operations/members/members.js'
import { openTestApp } from '../../testing/test-server.js'
import { createSessions } from '../sessions.js'
import { type Asked, SESSION } from './asked.testing.js'

/** @param asked the server, once it runs */
export function bySession(asked: () => Asked): void {
  describe('by session', () => {
    let server: Asked['server']
    let ada: Asked['ada']
    let cookies: Asked['cookies']
    let status: Asked['status']
    let link: Asked['link']
    let use: Asked['use']
    before(() => {
      ;({ server, ada, cookies, status, link, use } = asked())
    })

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
}

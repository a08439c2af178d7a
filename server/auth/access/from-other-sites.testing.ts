/** Pages of others, which a browser sends along with the cookie: they change and read nothing. */
import { deepEqual, equal } from 'node:assert/strict'
import { type Asked, CHANGE, SESSION } from './asked.testing.js'

/** @param asked the server, once it runs */
export function fromOtherSites(asked: () => Asked): void {
  describe('from other sites', () => {
    let server: Asked['server']
    let ada: Asked['ada']
    let cookies: Asked['cookies']
    let link: Asked['link']
    before(() => {
      ;({ server, ada, cookies, link } = asked())
    })

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
}

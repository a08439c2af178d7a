/** Tokens of programs: hashed, for a while, and of a role of their own. */
import { deepEqual, equal, notEqual } from 'node:assert/strict'
import { createToken, listTokens, revokeToken } from '../../../operations/members/tokens.js'
import { selectRows } from '../../../warehouse/query.js'
import { type Asked, CHANGE, SESSION } from './asked.testing.js'

/** @param asked the server, once it runs */
export function byToken(asked: () => Asked): void {
  describe('by token', () => {
    let server: Asked['server']
    let ada: Asked['ada']
    let cookies: Asked['cookies']
    before(() => {
      ;({ server, ada, cookies } = asked())
    })

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
}

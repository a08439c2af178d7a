import { deepEqual } from 'node:assert/strict'
import { createApp } from '../app.js'
import { createServices } from '../services.js'
import { type Asked, startAsked } from './access/asked.testing.js'
import { byLink } from './access/by-link.testing.js'
import { bySession } from './access/by-session.testing.js'
import { byToken } from './access/by-token.testing.js'
import { fromOtherSites } from './access/from-other-sites.testing.js'

describe('access', function () {
  this.timeout(120_000)
  let asked: Asked

  before(async () => {
    asked = await startAsked()
  })
  after(() => asked?.server.close())

  for (const part of [bySession, fromOtherSites, byLink, byToken]) part(() => asked)

  it('is told nothing of what went wrong inside', async () => {
    const { server, ada, cookies } = asked
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

import { deepEqual, throws } from 'node:assert/strict'
import { serverConfig } from './config.js'

describe('what the environment says of the server', () => {
  it('is nothing but where it listens, where it says nothing', () => {
    deepEqual(serverConfig({}), { host: '127.0.0.1', port: 0, trustedProxies: [] })
  })

  it('is how long sessions last without use, and how often one may ask', () => {
    const env = { TRIBUTARY_SESSION_IDLE_MS: '900000', TRIBUTARY_REQUESTS_PER_MINUTE: '60' }
    deepEqual(serverConfig(env), {
      host: '127.0.0.1',
      port: 0,
      trustedProxies: [],
      idleMs: 900_000,
      requestsPerMinute: 60,
    })
    deepEqual(serverConfig({ TRIBUTARY_SESSION_IDLE_MS: '0' }).idleMs, 0)
  })

  for (const [name, value] of [
    ['TRIBUTARY_SESSION_IDLE_MS', '15m'],
    ['TRIBUTARY_SESSION_IDLE_MS', '-1'],
    ['TRIBUTARY_REQUESTS_PER_MINUTE', '0'],
    ['TRIBUTARY_REQUESTS_PER_MINUTE', '1e3'],
  ] as const)
    it(`is refused where it makes no sense: ${name}=${value}`, () => {
      throws(() => serverConfig({ [name]: value }), {
        message: new RegExp(`^reading ${name}: it is no whole number of [01] or more; correct it$`),
      })
    })
})

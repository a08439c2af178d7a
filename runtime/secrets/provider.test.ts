import { deepEqual, equal, rejects } from 'node:assert/strict'
import { environmentSecrets } from './environment.js'
import { resolveSecrets } from './provider.js'

describe('secrets of the environment', () => {
  const secrets = environmentSecrets({
    TRIBUTARY_SECRET_SHOP_PASSWORD: 'of the shop',
    TRIBUTARY_SESSION_KEY: 'of sessions',
    CLICKHOUSE_PASSWORD: 'of the warehouse',
    AWS_SECRET_ACCESS_KEY: 'of the machine',
  })

  it('are what was given as a secret', async () => {
    deepEqual(await resolveSecrets({ password: `\${secret:SHOP_PASSWORD}` }, secrets), {
      password: 'of the shop',
    })
  })

  for (const name of ['CLICKHOUSE_PASSWORD', 'AWS_SECRET_ACCESS_KEY']) {
    it(`are not what the process was given for something else: ${name}`, async () => {
      equal(await secrets.get(name), undefined)
      await rejects(resolveSecrets(`\${secret:${name}}`, secrets), { name: 'SecretMissing' })
    })
  }

  it('of the product itself are there for the product, and for no file', async () => {
    equal(await secrets.get('TRIBUTARY_SESSION_KEY'), 'of sessions')
    await rejects(resolveSecrets(`\${secret:TRIBUTARY_SESSION_KEY}`, secrets), { name: 'SecretReserved' })
  })
})

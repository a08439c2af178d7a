import { deepEqual } from 'node:assert/strict'
import { withTypedSecrets } from './typed-secrets.js'

const reference = (name: string) => `\${secret:${name}}`

describe('typed secrets', () => {
  it('go in place of the references that the form made, and of no others', () => {
    const data = { password: reference('SHOP'), token: reference('KEPT'), keys: [{ key: reference('KEY') }] }
    deepEqual(withTypedSecrets(data, { SHOP: 'hunter2', KEY: 'k' }), {
      password: 'hunter2',
      token: reference('KEPT'),
      keys: [{ key: 'k' }],
    })
  })
})

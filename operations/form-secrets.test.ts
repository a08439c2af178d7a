import { deepEqual, rejects } from 'node:assert/strict'
import type { SecretProvider } from '../runtime/secrets/provider.js'
import { hideSecrets, storeFormSecrets } from './form-secrets.js'

const SPEC = {
  type: 'object',
  properties: {
    host: { type: 'string' },
    password: { type: 'string', writeOnly: true },
    pin: { type: 'integer', writeOnly: true },
    tunnel: {
      oneOf: [
        { type: 'object', properties: { kind: { const: 'none' } } },
        { type: 'object', properties: { kind: { const: 'ssh' }, key: { type: 'string', writeOnly: true } } },
      ],
    },
    tokens: { type: 'array', items: { type: 'string', writeOnly: true } },
  },
}

describe('secrets of a form', () => {
  const given = (config: Record<string, unknown>, previous = {}) =>
    ({ spec: SPEC, config, kind: 'source', id: 'shop', previous }) as const

  it('go to the store and leave references, wherever they stand', async () => {
    const secrets = memorySecrets()
    const config = await storeFormSecrets(
      { secrets },
      given({
        host: 'db',
        password: 'one',
        pin: 42,
        tunnel: { kind: 'ssh', key: 'two' },
        tokens: ['a', 'b'],
      }),
      'keep',
    )
    deepEqual(config, {
      host: 'db',
      password: reference('SOURCE_SHOP__PASSWORD'),
      pin: reference('SOURCE_SHOP__PIN'),
      tunnel: { kind: 'ssh', key: reference('SOURCE_SHOP__TUNNEL_KEY') },
      tokens: [reference('SOURCE_SHOP__TOKENS_0'), reference('SOURCE_SHOP__TOKENS_1')],
    })
    deepEqual(secrets.values, {
      SOURCE_SHOP__PASSWORD: 'one',
      SOURCE_SHOP__PIN: '42',
      SOURCE_SHOP__TUNNEL_KEY: 'two',
      SOURCE_SHOP__TOKENS_0: 'a',
      SOURCE_SHOP__TOKENS_1: 'b',
    })
  })

  it('of a draft never change what a published source uses, until the draft is kept', async () => {
    const secrets = memorySecrets({ SOURCE_SHOP__PASSWORD: 'old' })
    const tried = await storeFormSecrets({ secrets }, given({ password: 'new' }), 'try')
    deepEqual(tried, { password: reference('DRAFT_SOURCE_SHOP__PASSWORD') })
    deepEqual(secrets.values, { SOURCE_SHOP__PASSWORD: 'old', DRAFT_SOURCE_SHOP__PASSWORD: 'new' })
    const kept = await storeFormSecrets({ secrets }, given(tried), 'keep')
    deepEqual(kept, { password: reference('SOURCE_SHOP__PASSWORD') })
    deepEqual(secrets.values, { SOURCE_SHOP__PASSWORD: 'new', DRAFT_SOURCE_SHOP__PASSWORD: 'new' })
  })

  it('that are references stay, and empty ones are left out', async () => {
    const secrets = memorySecrets()
    const config = { password: reference('SHARED'), tunnel: { kind: 'ssh', key: '' } }
    deepEqual(await storeFormSecrets({ secrets }, given(config), 'keep'), {
      password: reference('SHARED'),
      tunnel: { kind: 'ssh' },
    })
    deepEqual(secrets.values, {})
  })

  it('get another name where the environment sets theirs', async () => {
    const secrets = memorySecrets({}, { SOURCE_SHOP__PASSWORD: 'from the environment' })
    deepEqual(await storeFormSecrets({ secrets }, given({ password: 'typed' }), 'keep'), {
      password: reference('SOURCE_SHOP__PASSWORD_2'),
    })
  })

  it('that a file holds itself are hidden, and taken over when the form is saved', async () => {
    const secrets = memorySecrets()
    const file = { host: 'db', password: 'in the file', tunnel: { kind: 'ssh', key: reference('KEY') } }
    const shown = await hideSecrets(SPEC, file)
    deepEqual(shown, { ...file, password: '•••' })
    deepEqual(await storeFormSecrets({ secrets }, given(shown, file), 'keep'), {
      ...file,
      password: reference('SOURCE_SHOP__PASSWORD'),
    })
    deepEqual(secrets.values, { SOURCE_SHOP__PASSWORD: 'in the file' })
  })

  it('are refused where nothing can keep them', async () => {
    const { set: _set, ...secrets } = memorySecrets()
    await rejects(storeFormSecrets({ secrets }, given({ password: 'one' }), 'keep'), {
      name: 'SecretInvalid',
    })
  })
})

function reference(name: string): string {
  return `\${secret:${name}}`
}

function memorySecrets(
  values: Record<string, string> = {},
  environment: Readonly<Record<string, string>> = {},
): SecretProvider &
  Required<Pick<SecretProvider, 'set'>> & { readonly values: Readonly<Record<string, string>> } {
  return {
    place: 'a test',
    values,
    get: async (name) => environment[name] ?? values[name],
    async set(name, value) {
      values[name] = value
    },
    list: async () => Object.keys(values),
  }
}

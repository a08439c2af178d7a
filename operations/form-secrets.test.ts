import { deepEqual, equal, match, rejects } from 'node:assert/strict'
import type { SecretProvider } from '../runtime/secrets/provider.js'
import { HIDDEN_SECRET } from './form-secret-names.js'
import { forgetTrials, hideSecrets, storeForTrial, storeToKeep } from './form-secrets.js'

type Config = Readonly<Record<string, unknown>>

const SPEC = {
  type: 'object',
  properties: {
    host: { type: 'string' },
    batch: { type: 'integer', 'x-connection': false },
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
  const given = (config: Config, known: readonly Config[] = []) =>
    ({
      spec: SPEC,
      config,
      kind: 'source',
      id: 'shop',
      connector: 'source-x',
      known: known.map((each) => ({ connector: 'source-x', config: each })),
      ...(known[0] && { previous: known[0] }),
    }) as const
  const keep = (secrets: SecretProvider, config: Config, known?: readonly Config[]) =>
    storeToKeep({ secrets }, given(config, known), (name) => JSON.stringify(known ?? []).includes(name))
  const attempt = (secrets: SecretProvider, config: Config, known?: readonly Config[]) =>
    storeForTrial({ secrets }, given(config, known))

  it('go to the store and leave references, wherever they stand', async () => {
    const secrets = memorySecrets()
    const config = await keep(secrets, {
      host: 'db',
      password: 'one',
      pin: 42,
      tunnel: { kind: 'ssh', key: 'two' },
      tokens: ['a', 'b'],
    })
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

  it('of a trial change nothing that is kept, until the config is kept', async () => {
    const kept = { host: 'db', password: reference('SOURCE_SHOP__PASSWORD') }
    const secrets = memorySecrets({ SOURCE_SHOP__PASSWORD: 'old' })
    const tried = await attempt(secrets, { host: 'db', password: 'new' }, [kept])
    const [name = ''] = Object.keys(secrets.values).filter((each) => each.startsWith('DRAFT_'))
    match(name, /^DRAFT_SOURCE_SHOP__PASSWORD_[0-9A-F]{32}$/)
    deepEqual(tried, { host: 'db', password: reference(name) })
    deepEqual(secrets.values, { SOURCE_SHOP__PASSWORD: 'old', [name]: 'new' })
    deepEqual(await keep(secrets, tried, [kept]), kept)
    deepEqual(secrets.values, { SOURCE_SHOP__PASSWORD: 'new', [name]: 'new' })
  })

  it('of a trial are forgotten once they are kept, and saving the same again changes nothing', async () => {
    const secrets = memorySecrets({ DRAFT_SOURCE_TILL__PASSWORD: 'of another' })
    const tried = await attempt(secrets, { host: 'db', password: 'new' })
    const kept = await keep(secrets, tried)
    await forgetTrials({ secrets }, { kind: 'source', id: 'shop' })
    deepEqual(secrets.values, { DRAFT_SOURCE_TILL__PASSWORD: 'of another', SOURCE_SHOP__PASSWORD: 'new' })
    deepEqual(await keep(secrets, tried, [kept]), kept)
  })

  it('of a trial have a name for each address, thing and field', async () => {
    const secrets = memorySecrets()
    const names = await Promise.all(
      [
        given({ host: 'db', password: 'one' }),
        given({ host: 'other', password: 'one' }),
        { ...given({ host: 'db', password: 'one' }), id: 'till' },
        { ...given({ host: 'db', password: 'one' }), kind: 'destination' as const },
        { ...given({ host: 'db', password: 'one' }), connector: 'source-y' },
      ].map(async (each) => (await storeForTrial({ secrets }, each)).password),
    )
    equal(new Set(names).size, 5)
    // The value itself is no part of it, nor is what changes no connection.
    const again = await attempt(secrets, { host: 'db', password: 'two', batch: 5 })
    equal(again.password, names[0])
  })

  it('of another address leave that of the one before alone', async () => {
    const published = { host: 'db', password: reference('SOURCE_SHOP__PASSWORD') }
    const secrets = memorySecrets({ SOURCE_SHOP__PASSWORD: 'old' })
    const moved = await keep(secrets, { host: 'other', password: 'new' }, [published])
    deepEqual(moved, { host: 'other', password: reference('SOURCE_SHOP__PASSWORD_2') })
    deepEqual(secrets.values, { SOURCE_SHOP__PASSWORD: 'old', SOURCE_SHOP__PASSWORD_2: 'new' })
    // Of the new address it is replaced, as often as wanted.
    deepEqual(await keep(secrets, { host: 'other', password: 'newer' }, [moved, published]), moved)
    deepEqual(secrets.values, { SOURCE_SHOP__PASSWORD: 'old', SOURCE_SHOP__PASSWORD_2: 'newer' })
  })

  it('take no name that a file waits for, or that somebody keeps', async () => {
    const secrets = memorySecrets({ SOURCE_SHOP__PASSWORD_2: 'of somebody' })
    const waiting = { host: 'db', password: reference('SOURCE_SHOP__PASSWORD') }
    deepEqual(await keep(secrets, { host: 'other', password: 'new' }, [waiting]), {
      host: 'other',
      password: reference('SOURCE_SHOP__PASSWORD_3'),
    })
  })

  it('of a list keep their values when another part of it is typed', async () => {
    const kept = { tokens: [reference('SOURCE_SHOP__TOKENS_0'), reference('SOURCE_SHOP__TOKENS_1')] }
    const secrets = memorySecrets({ SOURCE_SHOP__TOKENS_0: 'a', SOURCE_SHOP__TOKENS_1: 'b' })
    deepEqual(await keep(secrets, { tokens: ['new', kept.tokens[0]] }, [kept]), {
      tokens: [reference('SOURCE_SHOP__TOKENS_0_2'), kept.tokens[0]],
    })
    deepEqual(secrets.values, {
      SOURCE_SHOP__TOKENS_0: 'a',
      SOURCE_SHOP__TOKENS_1: 'b',
      SOURCE_SHOP__TOKENS_0_2: 'new',
    })
  })

  it('that are references stay, and empty ones are left out', async () => {
    const secrets = memorySecrets()
    const config = { password: reference('SHARED'), tunnel: { kind: 'ssh', key: '' } }
    deepEqual(await keep(secrets, config), {
      password: reference('SHARED'),
      tunnel: { kind: 'ssh' },
    })
    deepEqual(secrets.values, {})
  })

  it('get another name where the environment sets theirs', async () => {
    const secrets = memorySecrets({}, { SOURCE_SHOP__PASSWORD: 'from the environment' })
    deepEqual(await keep(secrets, { password: 'typed' }), {
      password: reference('SOURCE_SHOP__PASSWORD_2'),
    })
  })

  it('that a file holds itself are hidden, and taken over when the form is saved', async () => {
    const secrets = memorySecrets()
    const file = { host: 'db', password: 'in the file', tunnel: { kind: 'ssh', key: reference('KEY') } }
    const shown = await hideSecrets(SPEC, file)
    deepEqual(shown, { ...file, password: HIDDEN_SECRET })
    deepEqual(await keep(secrets, shown, [file]), {
      ...file,
      password: reference('SOURCE_SHOP__PASSWORD'),
    })
    deepEqual(secrets.values, { SOURCE_SHOP__PASSWORD: 'in the file' })
  })

  it('are refused where nothing can keep them', async () => {
    const { set: _set, ...secrets } = memorySecrets()
    for (const store of [keep, attempt])
      await rejects(store(secrets, { password: 'one' }), { name: 'SecretInvalid' })
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
    async remove(name) {
      delete values[name]
    },
    list: async () => Object.keys(values),
  }
}

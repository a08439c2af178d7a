import assert from 'node:assert/strict'
import type { JsonSchema } from '../json.js'
import { secretPaths, secretValues } from './secrets.js'
import { validateConfig } from './validate.js'

const spec: JsonSchema = {
  type: 'object',
  required: ['host', 'password', 'login'],
  properties: {
    host: { type: 'string', format: 'hostname' },
    port: { type: 'integer', default: 5432, minimum: 1 },
    password: { type: 'string', writeOnly: true, minLength: 3 },
    mode: { type: 'string', enum: ['fast', 'safe'], default: 'safe' },
    tags: { type: 'object', additionalProperties: { type: 'string' } },
    tunnel: {
      type: 'object',
      default: {},
      properties: {
        port: { type: 'integer', default: 22 },
        private_key: { type: 'string', writeOnly: true },
      },
    },
    login: {
      type: 'object',
      oneOf: [
        {
          title: 'Key',
          required: ['type', 'keys'],
          properties: {
            type: { const: 'key' },
            keys: {
              type: 'array',
              items: { type: 'object', properties: { key: { type: 'string', writeOnly: true } } },
            },
          },
        },
        {
          title: 'OAuth',
          required: ['type', 'client_secret'],
          properties: {
            type: { const: 'oauth' },
            client_secret: { type: 'string', airbyte_secret: true },
            scope: { type: 'string', default: 'read' },
          },
        },
      ],
    },
  },
}
const good = { host: 'db.example', password: 'hunter2', login: { type: 'oauth', client_secret: 's3cret' } }

describe('validateConfig', () => {
  it('gives a copy with the defaults of the chosen alternative and of nested objects', () => {
    assert.deepEqual(validateConfig(spec, good), {
      host: 'db.example',
      port: 5432,
      password: 'hunter2',
      mode: 'safe',
      tunnel: { port: 22 },
      login: { type: 'oauth', client_secret: 's3cret', scope: 'read' },
    })
    assert.equal(Object.hasOwn(good, 'port'), false)
  })
  const { password: _, ...withoutPassword } = good
  const cases: [string, unknown, string][] = [
    ['a typing error', { ...good, hots: 'x' }, 'config.hots: unknown key, did you mean host?'],
    [
      'an unknown key like no other',
      { ...good, zzz: 1 },
      'config.zzz: unknown key, known keys are host, port, password, mode, tags, tunnel, login',
    ],
    [
      'a key of another alternative',
      { ...good, login: { ...good.login, keys: [] } },
      'config.login.keys: unknown key, known keys are type, client_secret, scope',
    ],
    ['a missing key', withoutPassword, 'config.password: is missing'],
    ['a wrong type', { ...good, port: 'many' }, 'config.port: must be integer'],
    ['a choice that is none', { ...good, mode: 'slow' }, 'config.mode: must be one of "fast", "safe"'],
    [
      'a missing key of an alternative',
      { ...good, login: { type: 'oauth' } },
      'config.login.client_secret: is missing',
    ],
    [
      'no alternative',
      { ...good, login: { type: 'magic' } },
      'config.login.type: must be one of "key", "oauth"',
    ],
    [
      'a value in a list',
      { ...good, login: { type: 'key', keys: [{ key: 7 }] } },
      'config.login.keys[0].key: must be string',
    ],
    ['a bad format', { ...good, host: 'a b' }, 'config.host: must match format "hostname"'],
    ['a config that is none', 'text', 'config: must be object'],
    [
      'two faults',
      { ...good, port: 0, mode: 1 },
      'config.port: must be >= 1; config.mode: must be string; config.mode: must be one of "fast", "safe"',
    ],
  ]
  for (const [name, config, problems] of cases) {
    it(`names ${name}`, () => {
      assert.throws(() => validateConfig(spec, config), {
        kind: 'ConfigInvalid',
        message: `checking the config: ${problems}; correct the config`,
      })
    })
  }
  it('lets free keys be free', () => {
    assert.deepEqual(
      validateConfig<typeof good & { tags: object }>(spec, { ...good, tags: { any: 'x' } }).tags,
      { any: 'x' },
    )
  })
  it('never prints a value', () => {
    assert.throws(
      () => validateConfig(spec, { ...good, password: 'p', hots: 'p4ss', mode: 'p4ss' }),
      (error: Error) => !error.message.includes('p4ss'),
    )
  })
})

describe('secretPaths', () => {
  it('finds secrets in nested objects, alternatives and lists', () => {
    assert.deepEqual(secretPaths(spec), [
      'password',
      'tunnel.private_key',
      'login.keys[].key',
      'login.client_secret',
    ])
  })
  it('gives their values in a config', () => {
    const config = { ...good, login: { type: 'key', keys: [{ key: 'a' }, { key: 'b' }, {}] } }
    assert.deepEqual(secretValues(spec, config), ['hunter2', 'a', 'b'])
    assert.deepEqual(secretValues(spec, good), ['hunter2', 's3cret'])
    assert.deepEqual(secretValues(spec, undefined), [])
  })
})

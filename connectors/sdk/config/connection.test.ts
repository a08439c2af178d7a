import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import type { JsonSchema } from '../json.js'
import { connectionOf, titleAt } from './connection.js'

const spec: JsonSchema = {
  type: 'object',
  properties: {
    host: { title: 'Host', type: 'string' },
    password: { type: 'string', writeOnly: true },
    ssl: {
      title: 'TLS',
      type: 'object',
      properties: {
        mode: { title: 'Mode', type: 'string' },
        key: { type: 'string', writeOnly: true },
        ciphers: { type: 'string', 'x-connection': false },
      },
    },
    streams: { type: 'array', items: { type: 'object' }, 'x-connection': false },
    location: {
      oneOf: [
        { type: 'object', properties: { url: { title: 'Address', type: 'string' } } },
        {
          type: 'object',
          properties: {
            buckets: {
              type: 'array',
              items: {
                type: 'object',
                properties: {
                  name: { title: 'Bucket', type: 'string' },
                  secret: { writeOnly: true },
                  note: { 'x-connection': false },
                },
              },
            },
          },
        },
      ],
    },
  },
}

describe('connectionOf', () => {
  it('is what says where and as whom, without secrets and what changes neither', () => {
    const config = {
      host: 'db',
      password: 'p',
      ssl: { mode: 'require', key: 'k', ciphers: 'all' },
      streams: [{ name: 'orders' }],
      unknown: 1,
    }
    assert.deepEqual(connectionOf(spec, config), { host: 'db', ssl: { mode: 'require' }, unknown: 1 })
  })

  it('looks into alternatives and lists', () => {
    const buckets = [
      { name: 'a', secret: 'x', note: 'n' },
      { name: 'b', secret: 'y' },
    ]
    assert.deepEqual(connectionOf(spec, { location: { buckets } }), {
      location: { buckets: [{ name: 'a' }, { name: 'b' }] },
    })
  })

  it('is the same however its empty fields are written', () => {
    const same = [
      { host: 'db' },
      { host: 'db', ssl: {} },
      { host: 'db', ssl: { key: 'k' } },
      { host: 'db', location: { url: '' } },
      { host: 'db', location: null },
    ]
    for (const config of same) assert.deepEqual(connectionOf(spec, config), { host: 'db' })
    assert.deepEqual(connectionOf(spec, { password: 'p' }), {})
  })
})

describe('titleAt', () => {
  it('says what a form calls a field', () => {
    assert.deepEqual(
      [['host'], ['ssl', 'mode'], ['location', 'url'], ['location', 'buckets', '1', 'name'], ['other']].map(
        (path) => titleAt(spec, path),
      ),
      ['Host', 'TLS, Mode', 'Address', 'Bucket', 'other'],
    )
  })
})

describe('the connections of this installation', () => {
  const cases: readonly (readonly [connector: string, config: object, connection: object])[] = [
    [
      'source-postgres',
      {
        host: 'db',
        port: 5433,
        database: 'shop',
        user: 'reader',
        password: 'p',
        schemas: ['public'],
        ssl: { mode: 'require', ca: 'c', cert: 'd', key: 'k' },
        parallel_reads: 4,
        statement_timeout: '1m',
        connect_timeout: '1s',
        application_name: 'a',
      },
      {
        host: 'db',
        port: 5433,
        database: 'shop',
        user: 'reader',
        ssl: { mode: 'require', ca: 'c', cert: 'd' },
      },
    ],
    [
      'destination-postgres',
      { host: 'db', database: 'crm', user: 'writer', password: 'p', schemas: ['public'], batch_size: 10 },
      { host: 'db', database: 'crm', user: 'writer' },
    ],
    [
      'destination-webhook',
      { url: 'https://a', secret: 's', headers: { a: 'b' }, format: 'single', concurrency: 2, timeout: '1m' },
      { url: 'https://a' },
    ],
    [
      'destination-hubspot',
      { access_token: 't', api_url: 'https://a', phone_region: 'FR' },
      { api_url: 'https://a' },
    ],
    [
      'destination-klaviyo',
      { api_key: 't', api_url: 'https://a', phone_region: 'FR' },
      { api_url: 'https://a' },
    ],
    [
      'destination-meta-audiences',
      {
        access_token: 't',
        ad_account_id: '1',
        base_url: 'https://a',
        api_version: 'v25.0',
        default_country: 'FR',
      },
      { ad_account_id: '1', base_url: 'https://a', api_version: 'v25.0' },
    ],
    [
      'source-files',
      { location: { url: 'https://a', authorization: 's' }, streams: [{ name: 'a', glob: '*' }] },
      { location: { url: 'https://a' } },
    ],
    [
      'destination-files',
      {
        location: { s3: { bucket: 'b', endpoint: 'https://a', access_key_id: 'i', secret_access_key: 's' } },
        format: 'csv',
        file_name: 'f',
        columns: ['a'],
        csv: { header: true },
        parquet: { types: { a: 'date' } },
      },
      { location: { s3: { bucket: 'b', endpoint: 'https://a', access_key_id: 'i' } } },
    ],
  ]
  for (const [connector, config, connection] of cases) {
    it(`is of ${connector} what its spec says`, async () => {
      const file = new URL(`../../../${connector}/spec.json`, import.meta.url)
      const real = JSON.parse(await readFile(file, 'utf8')) as JsonSchema
      assert.deepEqual(connectionOf(real, config as Record<string, unknown>), connection)
    })
  }
})

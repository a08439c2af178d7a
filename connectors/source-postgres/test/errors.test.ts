import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { type ConnectorError, isConnectorError } from '@tributary/connector-sdk'
import { type PostgresConfig, postgresSource } from '@tributary/source-postgres'
import { freePort } from '../../../local/ports.js'
import {
  baseContext,
  busyBackends,
  certificate,
  configOf,
  freshSchema,
  noBackends,
  openClient,
  PASSWORD,
  parseBlock,
  read,
  readContext,
  SMALL,
  sql,
  streamOf,
} from './database.js'

const { check } = postgresSource()

/** What the check says, and that it keeps the secrets to itself. */
async function checkError(config: PostgresConfig): Promise<ConnectorError> {
  try {
    await check(baseContext(config))
  } catch (error) {
    assert.ok(isConnectorError(error), inspect(error))
    const everything = inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error)
    for (const secret of [PASSWORD, 'wrong secret']) assert.ok(!everything.includes(secret))
    return error
  }
  throw new Error('the check passed')
}

describe('a database on a private address', () => {
  it('is refused unless the installation allows it, whatever it is called', async () => {
    const schema = await freshSchema()
    await sql(`CREATE TABLE ${schema}.t (id int)`)
    const config = configOf(schema)
    for (const host of ['127.0.0.1', 'localhost', '0x7f.1', '::ffff:127.0.0.1']) {
      const context = baseContext({ ...config, host }, { allowPrivateAddresses: false })
      await assert.rejects(async () => check(context), {
        kind: 'ConfigInvalid',
        message: /^connecting to .*: the address is private.*TRIBUTARY_ALLOW_PRIVATE_ADDRESSES$/,
      })
    }
    await check(baseContext(config, { allowPrivateAddresses: [config.host] }))
  })
})

describe('errors of PostgreSQL', () => {
  it('of a config say what to change', async () => {
    const schema = await freshSchema()
    await sql(`CREATE TABLE ${schema}.t (id int); CREATE ROLE nobody_${schema} LOGIN PASSWORD 'wrong secret'`)
    const stranger = { user: `nobody_${schema}`, password: 'wrong secret' }
    const cases: readonly (readonly [Partial<PostgresConfig>, kind: string, message: RegExp])[] = [
      [{ password: 'wrong secret' }, 'AuthExpired', /password is wrong.*\(28P01\)/],
      [{ password: '' }, 'AuthExpired', /set `password`/],
      [{ user: 'nobody at all' }, 'AuthExpired', /\(28P01\)/],
      [{ database: 'nowhere' }, 'ConfigInvalid', /database does not exist.*\(3D000\)/],
      [{ host: 'no-such-host.invalid' }, 'NetworkError', /host name does not resolve/],
      [{ port: await freePort() }, 'SourceUnavailable', /connection was refused; check host and port/],
      [{ schemas: ['nowhere'] }, 'ConfigInvalid', /nowhere does not exist; correct `schemas`/],
      [stranger, 'PermissionDenied', /GRANT USAGE ON SCHEMA/],
      [{ ssl: { mode: 'verify-full' } }, 'ConfigInvalid', /not trusted; set ssl.ca/],
      [{ ssl: { mode: 'verify-ca' } }, 'ConfigInvalid', /not trusted; set ssl.ca/],
    ]
    for (const [overrides, kind, message] of cases) {
      const error = await checkError(configOf(schema, overrides))
      assert.deepEqual([error.kind, message.test(error.message)], [kind, true], error.message)
    }
    await sql(`GRANT USAGE ON SCHEMA ${schema} TO nobody_${schema}`)
    assert.match((await checkError(configOf(schema, stranger))).message, /nothing to read/)
    await sql(`GRANT SELECT ON ${schema}.t TO nobody_${schema}`)
    await check(baseContext(configOf(schema, stranger)))
  })

  it('never come from the environment: a password there is not used', async () => {
    process.env.PGPASSWORD = PASSWORD
    try {
      const { password, ...config } = configOf(undefined)
      assert.equal((await checkError(config)).kind, 'AuthExpired')
    } finally {
      delete process.env.PGPASSWORD
    }
  })

  it('of TLS: every mode connects as it says', async () => {
    const schema = await freshSchema()
    await sql(`CREATE TABLE ${schema}.t (id int)`)
    const ca = await certificate()
    const encrypted = async (ssl: PostgresConfig['ssl'], host = '127.0.0.1') => {
      const config = configOf(schema, { host, application_name: `tls ${schema}`, ...(ssl && { ssl }) })
      await sql(
        `CREATE OR REPLACE VIEW ${schema}.tls AS SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`,
      )
      return (await read(await streamOf(config, 'tls'), config)).rows[0]?.ssl
    }
    assert.equal(await encrypted({ mode: 'disable' }), 'f')
    assert.equal(await encrypted(undefined), 't')
    assert.equal(await encrypted({ mode: 'require' }), 't')
    assert.equal(await encrypted({ mode: 'require', ca }), 't')
    assert.equal(await encrypted({ mode: 'verify-ca', ca }), 't')
    assert.equal(await encrypted({ mode: 'verify-full', ca }, 'localhost'), 't')
  })

  it('of a table that changed since its discovery are incompatibilities', async () => {
    const cases = [
      'DROP TABLE $.t',
      'DROP TABLE $.t; CREATE TABLE $.t (id int PRIMARY KEY, at timestamptz, v int)',
      'ALTER TABLE $.t ALTER v TYPE text',
      'ALTER TABLE $.t DROP COLUMN v',
      'ALTER TABLE $.t ALTER at TYPE text',
      'ALTER TABLE $.t RENAME TO u',
    ]
    for (const change of cases) {
      const schema = await freshSchema()
      await sql(`CREATE TABLE ${schema}.t (id int PRIMARY KEY, at timestamptz, v int)`)
      const config = configOf(schema)
      const stream = await streamOf(config, 't')
      await sql(change.replaceAll('$', schema))
      await assert.rejects(
        read(stream, config),
        { name: 'ConnectorError', kind: 'SchemaIncompatible' },
        change,
      )
    }
  })

  it('of rights taken away are permissions', async () => {
    const schema = await freshSchema()
    await sql(`CREATE TABLE ${schema}.t (id int PRIMARY KEY); CREATE ROLE ${schema} LOGIN PASSWORD 'pw';
      GRANT USAGE ON SCHEMA ${schema} TO ${schema}; GRANT SELECT ON ${schema}.t TO ${schema}`)
    const config = configOf(schema, { user: schema, password: 'pw' })
    const stream = await streamOf(config, 't')
    await sql(`REVOKE SELECT ON ${schema}.t FROM ${schema}`)
    await assert.rejects(read(stream, config), { kind: 'PermissionDenied', code: '42501' })
  })

  it('of a view hold no content of its rows', async () => {
    const schema = await freshSchema()
    await sql(`CREATE VIEW ${schema}.v AS SELECT v::int AS n FROM (VALUES ('private'), ('1')) x (v)`)
    const config = configOf(schema)
    const stream = await streamOf(config, 'v')
    await assert.rejects(
      read(stream, config),
      (error: Error) => isConnectorError(error) && !inspect(error).includes('private'),
    )
  })

  it('of a statement that takes too long name the setting', async () => {
    const schema = await freshSchema()
    await sql(`CREATE VIEW ${schema}.v AS SELECT pg_sleep(30)::text AS n`)
    const config = configOf(schema, { statement_timeout: '1s' })
    const stream = await streamOf(config, 'v')
    await assert.rejects(read(stream, config), {
      kind: 'SourceUnavailable',
      message: /raise `statement_timeout`.*57014/,
    })
  })
})

describe('a read of PostgreSQL that is interrupted', () => {
  async function large(application_name: string) {
    const schema = await freshSchema()
    await sql(
      `CREATE TABLE ${schema}.t AS SELECT i AS id, repeat('x', 1000) AS v FROM generate_series(1, 50000) i; ALTER TABLE ${schema}.t ADD PRIMARY KEY (id)`,
    )
    const config = configOf(schema, { application_name })
    return {
      schema,
      config,
      stream: await streamOf(config, 't', { ...SMALL, slice: { rows: 1e9, bytes: 1e12 } }),
    }
  }

  it('by a killed connection is a broken one, to be tried again', async () => {
    const { config, stream } = await large('killed')
    let blocks = 0
    await assert.rejects(
      async () => {
        for await (const message of stream.read(readContext(stream, config))) {
          if (message.type !== 'block') continue
          if (blocks++ === 0)
            await sql(
              `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'killed'`,
            )
          await parseBlock(message)
        }
      },
      (error) => isConnectorError(error) && /^(NetworkError|SourceUnavailable)$/.test(error.kind),
    )
    assert.ok(blocks > 0)
  })

  it('by an abort ends with its reason, at the server too', async () => {
    const { config, stream } = await large('aborted')
    const abort = new AbortController()
    const reason = new Error('the run was cancelled')
    await assert.rejects(async () => {
      for await (const _ of stream.read(readContext(stream, config, { signal: abort.signal })))
        abort.abort(reason)
    }, reason)
    await noBackends('aborted')
  })

  it('by an abort while the server still computes ends at once', async () => {
    const schema = await freshSchema()
    await sql(`CREATE VIEW ${schema}.v AS SELECT pg_sleep(600)::text AS n`)
    const config = configOf(schema, { application_name: 'computing' })
    const stream = await streamOf(config, 'v')
    const abort = new AbortController()
    const reading = read(stream, config, { signal: abort.signal })
    reading.catch(() => undefined)
    while ((await busyBackends('computing')) === 0) await new Promise(setImmediate)
    abort.abort(new Error('stopped'))
    await assert.rejects(reading, /stopped/)
    await noBackends('computing')
  })

  it('by an abort at any moment of its beginning leaves nothing that computes', async () => {
    const schema = await freshSchema()
    await sql(`CREATE VIEW ${schema}.v AS SELECT pg_sleep(600)::text AS n`)
    const config = configOf(schema, { application_name: 'beginning' })
    const stream = await streamOf(config, 'v')
    const locking = await openClient()
    for (let round = 0; round < 30; round++) {
      await locking.query(`BEGIN; LOCK TABLE ${schema}.v`)
      const abort = new AbortController()
      const reading = read(stream, config, { signal: abort.signal })
      reading.catch(() => undefined)
      while ((await sql('SELECT 1 FROM pg_locks WHERE NOT granted')).length === 0)
        await new Promise(setImmediate)
      abort.abort(new Error('stopped'))
      // the statement that waited goes on while the server is asked to end it
      await locking.query('ROLLBACK')
      await assert.rejects(reading, /stopped/)
    }
    await locking.end()
    await noBackends('beginning')
  })

  it('leaves no connection behind, whether it ended, failed or was stopped', async () => {
    const { config, stream } = await large('left')
    await read(stream, config, {}, 1)
    await read(stream, config)
    await assert.rejects(read(stream, config, { fields: ['id'], cursorField: 'v', syncMode: 'incremental' }))
    assert.deepEqual(await sql(`SELECT count(*) FROM pg_stat_activity WHERE application_name = 'left'`), [
      ['0'],
    ])
  })

  it('waits for its reader: memory stays flat over a million rows', async () => {
    const schema = await freshSchema()
    await sql(
      `CREATE UNLOGGED TABLE ${schema}.t AS SELECT i AS id, md5(i::text) || repeat('y', 150) AS v, now() AS at FROM generate_series(1, 1000000) i`,
    )
    const config = configOf(schema)
    const stream = await streamOf(config, 't')
    let rows = 0
    let peak = 0
    const start = process.memoryUsage().rss
    for await (const message of stream.read(readContext(stream, config))) {
      if (message.type !== 'block' || message.block.body.kind !== 'open') continue
      for await (const chunk of message.block.body.chunks)
        for (const byte of chunk) rows += Number(byte === 10)
      peak = Math.max(peak, process.memoryUsage().rss)
    }
    assert.equal(rows, 1_000_000)
    assert.ok(peak - start < 250 * 1024 * 1024, `grew by ${(peak - start) >> 20} MB`)
    await sql(`DROP TABLE ${schema}.t`)
  }).timeout(60_000)

  it('fits in a connection that is slow to start: a locked table is tried again', async () => {
    const schema = await freshSchema()
    await sql(`CREATE TABLE ${schema}.t (id int)`)
    const config = configOf(schema, { statement_timeout: '1s' })
    const stream = await streamOf(config, 't')
    const client = await openClient()
    try {
      await client.query(`BEGIN; LOCK TABLE ${schema}.t`)
      await assert.rejects(read(stream, config), { kind: 'SourceUnavailable' })
    } finally {
      await client.end()
    }
  })
})

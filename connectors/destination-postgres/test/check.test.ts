import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { type ConnectorError, isConnectorError } from '@tributary/connector-sdk'
import destination, { type PostgresConfig } from '@tributary/destination-postgres'
import { freePort } from '../../../local/ports.js'
import { startPostgres } from '../../../local/postgres/start.js'
import {
  batchOf,
  certificate,
  configOf,
  freshSchema,
  objectOf,
  open,
  PASSWORD,
  row,
  sql,
  write,
} from './database.js'

/** What the check says, and that it keeps the secrets to itself. */
async function checkError(config: PostgresConfig): Promise<ConnectorError> {
  try {
    await destination.check(open(config))
  } catch (error) {
    assert.ok(isConnectorError(error), inspect(error))
    const everything = inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error)
    for (const secret of [PASSWORD, 'wrong secret']) assert.ok(!everything.includes(secret))
    return error
  }
  throw new Error('the check passed')
}

describe('the check of a PostgreSQL destination', () => {
  it('says what to change', async () => {
    const schema = await freshSchema()
    await sql(
      `CREATE TABLE ${schema}.t (id int PRIMARY KEY, n int); CREATE ROLE writer_${schema} LOGIN PASSWORD 'wrong secret'`,
    )
    const writer = { user: `writer_${schema}`, password: 'wrong secret' }
    const cases: readonly (readonly [Partial<PostgresConfig>, kind: string, message: RegExp])[] = [
      [{ password: 'wrong secret' }, 'AuthExpired', /password is wrong.*\(28P01\)/],
      [{ password: '' }, 'AuthExpired', /set `password`/],
      [{ user: 'nobody at all' }, 'AuthExpired', /\(28P01\)/],
      [{ database: 'nowhere' }, 'ConfigInvalid', /database does not exist.*\(3D000\)/],
      [{ host: 'no-such-host.invalid' }, 'NetworkError', /host name does not resolve/],
      [{ port: await freePort() }, 'SourceUnavailable', /connection was refused; check host and port/],
      [{ schemas: ['nowhere'] }, 'ConfigInvalid', /nowhere does not exist; correct `schemas`/],
      [writer, 'PermissionDenied', /GRANT USAGE ON SCHEMA/],
      [{ ssl: { mode: 'verify-full' } }, 'ConfigInvalid', /not trusted; set ssl.ca/],
    ]
    for (const [overrides, kind, message] of cases) {
      const error = await checkError(configOf(schema, overrides))
      assert.deepEqual([error.kind, message.test(error.message)], [kind, true], error.message)
    }
    await sql(
      `GRANT USAGE ON SCHEMA ${schema} TO writer_${schema}; GRANT SELECT ON ${schema}.t TO writer_${schema}`,
    )
    assert.match((await checkError(configOf(schema, writer))).message, /no table that can be written; GRANT/)
    await sql(`GRANT INSERT, UPDATE ON ${schema}.t TO writer_${schema}`)
    await destination.check(open(configOf(schema, writer)))
  })

  it('takes no password from the environment', async () => {
    process.env.PGPASSWORD = PASSWORD
    try {
      const { password, ...config } = configOf(undefined)
      assert.equal((await checkError(config)).kind, 'AuthExpired')
    } finally {
      delete process.env.PGPASSWORD
    }
  })

  it('keeps off private addresses', async () => {
    const context = open(configOf(undefined), { allowPrivateAddresses: false })
    await assert.rejects(async () => destination.check(context), {
      kind: 'ConfigInvalid',
      message: /TRIBUTARY_ALLOW_PRIVATE_ADDRESSES/,
    })
  })

  it('and every write connect as the TLS mode says', async () => {
    const schema = await freshSchema()
    await sql(`CREATE TABLE ${schema}.t (id int PRIMARY KEY, encrypted bool);
      CREATE FUNCTION ${schema}.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
        SELECT ssl INTO NEW.encrypted FROM pg_stat_ssl WHERE pid = pg_backend_pid(); RETURN NEW; END $$;
      CREATE TRIGGER note BEFORE INSERT ON ${schema}.t FOR EACH ROW EXECUTE FUNCTION ${schema}.note()`)
    const ca = await certificate()
    const encrypted = async (ssl: PostgresConfig['ssl'], host = '127.0.0.1') => {
      const config = configOf(schema, { host, ...(ssl && { ssl }) })
      await destination.check(open(config))
      await write(await objectOf(config, 't'), config, batchOf('upsert', [row(1)]))
      return (await sql(`DELETE FROM ${schema}.t RETURNING encrypted`))[0]![0]
    }
    assert.equal(await encrypted({ mode: 'disable' }), 'f')
    assert.equal(await encrypted(undefined), 't')
    assert.equal(await encrypted({ mode: 'require' }), 't')
    assert.equal(await encrypted({ mode: 'verify-ca', ca }), 't')
    assert.equal(await encrypted({ mode: 'verify-full', ca }, 'localhost'), 't')
  })

  it('connects without TLS where the server has none, unless the mode asks for it', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'destination-postgres-plain-'))
    const server = await startPostgres({ dataDir: directory, password: PASSWORD })
    try {
      const { host, port } = server
      const config = configOf(undefined, { host, port })
      assert.match((await checkError(config)).message, /no table that can be written/)
      const error = await checkError({ ...config, ssl: { mode: 'require' } })
      assert.match(error.message, /does not offer TLS; set ssl.mode to prefer or disable/)
    } finally {
      await server.stop()
      await rm(directory, { recursive: true, force: true })
    }
  })
})

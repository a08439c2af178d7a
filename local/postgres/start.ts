/**
 * Starts a real PostgreSQL server for tests, the demo and benchmarks: loopback only, password (SCRAM) authentication, TLS on request,
 * everything in one folder. As root the server runs as another user; folders above the data folder need not be open to that user.
 */
import type { ChildProcess } from 'node:child_process'
import { chmod, mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import pg from 'pg'
import { freePort, isPortFree, retryTakenPort } from '../ports.js'
import { type ProcessExit, waitUntilReady } from '../process.js'
import { findPostgres, type PostgresBinaries } from './binaries.js'
import { type Cluster, initialise, isInitialised, startProgram } from './cluster.js'
import { giveTo, serverUser } from './server-user.js'
import { selfSignedCertificate } from './tls.js'

export interface StartPostgresOptions {
  /** Folder of the cluster and its log, made when missing; an existing cluster is started again and keeps user and password. */
  readonly dataDir: string
  /** @default a free one */
  readonly port?: number
  /** Made when missing. @default tributary */
  readonly database?: string
  /** Superuser of the cluster. @default tributary */
  readonly user?: string
  readonly password: string
  /** Server settings (`wal_level: 'logical'`). Without any, fsync is off: kill -9 loses nothing, a power cut may. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>
  /** Accepts TLS with a self-signed certificate. @default false */
  readonly tls?: boolean
  /** @default any */
  readonly binaries?: PostgresBinaries
  /** Told in one line each what is being done. */
  readonly log?: (message: string) => void
}

export interface Postgres {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  /** Connection URL with user and password: not for logs. */
  readonly url: string
  /** PEM file by which clients verify the server, when TLS is on. */
  readonly caFile: string | undefined
  readonly pid: number
  readonly child: ChildProcess
  readonly exited: Promise<ProcessExit>
  /** Fast shutdown: open transactions are rolled back. Idempotent. */
  stop(timeoutMs?: number): Promise<void>
  /** SIGKILL, as a crash. */
  kill(): Promise<void>
}

const HOST = '127.0.0.1'
const READY_TIMEOUT_MS = 30_000

/**
 * Starts the server and resolves when the user can log in to the database.
 * @throws when no server programs are found, a given port is taken, or the server does not come up; the message has the tail of its log
 */
export function startPostgres(options: StartPostgresOptions): Promise<Postgres> {
  return retryTakenPort(() => startOnce(options))
}

async function startOnce(options: StartPostgresOptions): Promise<Postgres> {
  const {
    database = 'tributary',
    user = 'tributary',
    password,
    settings = {},
    log = () => undefined,
  } = options
  const port = options.port ?? (await freePort())
  if (!(await isPortFree(port)))
    throw new Error(`starting PostgreSQL: port ${port} is taken; free it or choose another`)
  const runAs = await serverUser()
  const cluster: Cluster = {
    binDir: await findPostgres(options.binaries ?? 'any', runAs),
    home: resolve(options.dataDir),
    runAs,
  }
  await mkdir(cluster.home, { recursive: true })
  if (!(await isInitialised(cluster))) {
    log(`PostgreSQL: making a cluster in ${cluster.home}`)
    await initialise(cluster, user, password)
  }
  const certificate = options.tls ? await selfSignedCertificate(cluster.home) : undefined
  if (certificate) await chmod(certificate.keyFile, 0o600)
  if (runAs) await giveTo(runAs, cluster.home)

  const connection = { host: HOST, port, user, password }
  const serverSettings = {
    listen_addresses: HOST,
    port,
    unix_socket_directories: '.',
    fsync: false,
    ...settings,
    ...(certificate && { ssl: true, ssl_cert_file: '../server.crt', ssl_key_file: '../server.key' }),
  }
  const flags = Object.entries(serverSettings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = await startProgram(cluster, 'postgres', flags)
  try {
    await waitUntilReady(server, () => canLogIn(connection), READY_TIMEOUT_MS)
    await ensureDatabase(connection, database)
  } catch (error) {
    await server.kill()
    throw error
  }
  log(`PostgreSQL: ready at ${HOST}:${port}`)
  const [name, secret, db] = [user, password, database].map(encodeURIComponent)
  const url = `postgresql://${name}:${secret}@${HOST}:${port}/${db}`
  const { pid, child, exited, stop, kill } = server
  return { ...connection, database, url, caFile: certificate?.certFile, pid, child, exited, stop, kill }
}

type Login = pg.ClientConfig & { readonly user: string; readonly password: string }

/** A refused connection or a server that still recovers means "not yet"; a refused login would never get better. */
async function canLogIn(login: Login): Promise<boolean> {
  const client = new pg.Client({ ...login, database: 'postgres', connectionTimeoutMillis: 5000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return true
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    if (code?.startsWith('28')) throw new Error(`logging in to PostgreSQL: ${message}`)
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function ensureDatabase(login: Login, database: string): Promise<void> {
  const client = new pg.Client({ ...login, database: 'postgres' })
  await client.connect()
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`)
  } finally {
    await client.end()
  }
}

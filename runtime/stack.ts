/**
 * Where Temporal, ClickHouse and the server of a workspace are, for every process that connects to them. The environment decides;
 * what it leaves open is read from the files that `tributary up` keeps in `<workspace>/.tributary/`.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Content of stack.json: what the running local stack consists of. Holds no secrets. */
export interface StackRecord {
  readonly version: 1
  /** False while the parts are still starting. */
  readonly ready: boolean
  readonly supervisor: ProcessRecord
  readonly temporal: {
    readonly address: string
    readonly namespace: string
    readonly ui: string | null
  } | null
  readonly clickhouse: { readonly url: string; readonly user: string } | null
  readonly server: { readonly url: string } | null
  /** Number of worker processes. */
  readonly workers: number
  /** The children that run now. */
  readonly processes: readonly ProcessRecord[]
}

/** A process as `name`, id and an opaque start time, by which a reused id is told from the process that was meant. */
export interface ProcessRecord {
  readonly name: string
  readonly pid: number
  readonly startedAt: string
}

/** What a client needs to connect; a part that neither the environment nor the stack names is undefined. */
export interface StackConnections {
  readonly temporal: { readonly address: string; readonly namespace: string } | undefined
  readonly clickhouse: { readonly url: string; readonly user: string; readonly password: string } | undefined
  readonly server: { readonly url: string } | undefined
}

/** Paths of the local stack's files in a workspace. */
export function stackPaths(workspaceDir: string) {
  const dir = join(workspaceDir, '.tributary')
  return {
    dir,
    record: join(dir, 'stack.json'),
    lock: join(dir, 'supervisor.lock'),
    ports: join(dir, 'ports.json'),
    password: join(dir, 'clickhouse-password'),
    temporalDb: join(dir, 'temporal.db'),
    clickhouse: join(dir, 'clickhouse'),
    logs: join(dir, 'logs'),
  }
}

/** The record of the stack, or undefined when none was left. It may be stale after kill -9 of the supervisor. */
export async function readStackRecord(workspaceDir: string): Promise<StackRecord | undefined> {
  const text = await readIfExists(stackPaths(workspaceDir).record)
  return text === undefined ? undefined : (JSON.parse(text) as StackRecord)
}

/**
 * Addresses and credentials: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, CLICKHOUSE_URL, CLICKHOUSE_USER and CLICKHOUSE_PASSWORD
 * first, then the local stack. The answer carries the ClickHouse password: it is not for logs.
 */
export async function readStack(
  workspaceDir: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<StackConnections> {
  const record = await readStackRecord(workspaceDir)
  const address = env.TEMPORAL_ADDRESS || record?.temporal?.address
  const namespace = env.TEMPORAL_NAMESPACE || record?.temporal?.namespace || 'default'
  return {
    temporal: address ? { address, namespace } : undefined,
    clickhouse: await clickhouse(workspaceDir, record, env),
    server: record?.server ?? undefined,
  }
}

async function clickhouse(
  workspaceDir: string,
  record: StackRecord | undefined,
  env: NodeJS.ProcessEnv,
): Promise<StackConnections['clickhouse']> {
  if (env.CLICKHOUSE_URL) {
    const { CLICKHOUSE_URL: url, CLICKHOUSE_USER: user = 'default', CLICKHOUSE_PASSWORD: password = '' } = env
    return { url, user, password }
  }
  if (!record?.clickhouse) return undefined
  const password = (await readIfExists(stackPaths(workspaceDir).password)) ?? ''
  return { ...record.clickhouse, password: password.trim() }
}

async function readIfExists(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Where the parts are: from the environment, or from the local stack of the workspace where that runs. */
import { resolve } from 'node:path'
import { readStack } from './stack.js'

export interface RuntimeConfig {
  /** Absolute. */
  readonly workspaceDir: string
  readonly temporal: TemporalConfig
  readonly warehouse: WarehouseConfig
}

export interface TemporalConfig {
  readonly address: string
  readonly namespace: string
  readonly apiKey?: string
  readonly tls: boolean
}

export interface WarehouseConfig {
  readonly url: string
  readonly username: string
  readonly password: string
  /** Folders whose files the warehouse reads itself (the local engine): they need not travel. */
  readonly localFileRoots: readonly string[]
}

export class NotConfigured extends Error {
  override readonly name = 'NotConfigured'
}

const REMEDY = 'start the local stack with `tributary up`, or set'

/** Throws NotConfigured where neither the environment nor a running local stack says where the parts are. */
export async function loadConfig(
  workspaceDir: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<RuntimeConfig> {
  const directory = resolve(workspaceDir)
  const temporal = await loadTemporalConfig(directory, env)
  return { workspaceDir: directory, temporal, warehouse: await loadWarehouseConfig(directory, env) }
}

/** The same for Temporal alone. */
export async function loadTemporalConfig(
  workspaceDir: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<TemporalConfig> {
  const { temporal } = await readStack(resolve(workspaceDir), env)
  if (temporal === undefined)
    throw new NotConfigured(`finding Temporal: no address; ${REMEDY} TEMPORAL_ADDRESS`)
  return {
    ...temporal,
    tls: env.TEMPORAL_TLS === 'true' || Boolean(env.TEMPORAL_API_KEY),
    ...(env.TEMPORAL_API_KEY && { apiKey: env.TEMPORAL_API_KEY }),
  }
}

/** The same for ClickHouse alone. */
export async function loadWarehouseConfig(
  workspaceDir: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<WarehouseConfig> {
  const { clickhouse } = await readStack(resolve(workspaceDir), env)
  if (clickhouse === undefined)
    throw new NotConfigured(`finding ClickHouse: no address; ${REMEDY} CLICKHOUSE_URL`)
  return {
    url: clickhouse.url,
    username: clickhouse.user,
    password: clickhouse.password,
    localFileRoots: (env.TRIBUTARY_INFILE_ROOTS ?? '').split(':').filter((root) => root !== ''),
  }
}

/**
 * TRIBUTARY_ALLOW_PRIVATE_ADDRESSES: which addresses of this network connectors may reach: `true`, or hosts and address ranges
 * with commas between them. @default none
 */
export function allowedAddresses(text: string | undefined): boolean | string[] {
  if (text === undefined || text === '' || text === 'false') return false
  return text === 'true' || text.split(',').map((part) => part.trim())
}

/** What a verb needs: the workspace, and connections that open when they are first used. */
import type { Client } from '@temporalio/client'
import {
  loadTemporalConfig,
  loadWarehouseConfig,
  type TemporalConfig,
  type WarehouseConfig,
} from '../runtime/config.js'
import { openSecrets } from '../runtime/secrets/open.js'
import type { SecretProvider } from '../runtime/secrets/provider.js'
import type { ConnectedClient } from '../runtime/temporal-client.js'
import type { Warehouse } from '../warehouse/client.js'

export interface OperationContext {
  /** Absolute. */
  readonly workspaceDir: string
  readonly secrets: SecretProvider
  /** The environment that all of this was read from. */
  readonly env: NodeJS.ProcessEnv
  /** Where Temporal is. Throws NotConfigured. */
  temporalConfig(): Promise<TemporalConfig>
  /** Where ClickHouse is. Throws NotConfigured. */
  warehouseConfig(): Promise<WarehouseConfig>
  /** Throws TemporalUnreachable. */
  temporal(): Promise<Client>
  warehouse(): Promise<Warehouse>
  /** Closes what was opened. */
  close(): Promise<void>
}

/** Nothing is read or connected before it is asked for. */
export function createContext(workspaceDir: string, env: NodeJS.ProcessEnv = process.env): OperationContext {
  let temporal: Promise<ConnectedClient> | undefined
  let warehouse: Promise<Warehouse> | undefined
  const context: OperationContext = {
    workspaceDir,
    secrets: openSecrets(workspaceDir, env),
    env,
    temporalConfig: () => loadTemporalConfig(workspaceDir, env),
    warehouseConfig: () => loadWarehouseConfig(workspaceDir, env),
    async temporal() {
      temporal ??= openTemporal(context).catch((error: unknown) => {
        // A server outlives an outage: the next who asks tries again.
        temporal = undefined
        throw error
      })
      return (await temporal).client
    },
    async warehouse() {
      warehouse ??= openWarehouse(context).catch((error: unknown) => {
        warehouse = undefined
        throw error
      })
      return warehouse
    },
    async close() {
      // What never opened needs no closing.
      const [client, clickhouse] = await Promise.allSettled([temporal, warehouse])
      if (client.status === 'fulfilled') await client.value?.close()
      if (clickhouse.status === 'fulfilled') await clickhouse.value?.close()
    },
  }
  return context
}

// The clients are loaded when they are first used: a command that needs neither starts at once.

async function openTemporal(context: OperationContext): Promise<ConnectedClient> {
  const [config, { connectTemporal }] = await Promise.all([
    context.temporalConfig(),
    import('../runtime/temporal-client.js'),
  ])
  return connectTemporal(config)
}

async function openWarehouse(context: OperationContext): Promise<Warehouse> {
  const [config, { connectWarehouse }] = await Promise.all([
    context.warehouseConfig(),
    import('../warehouse/client.js'),
  ])
  return connectWarehouse(config)
}

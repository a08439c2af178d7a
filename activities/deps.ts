/** What the activities work with; worker.ts builds it once. */
import type { Client } from '@temporalio/client'
import type { AllowedAddresses } from '@tributary/connector-sdk'
import type { DictionaryUser } from '../profiles/people/dictionaries.js'
import type { SecretProvider } from '../runtime/secrets/provider.js'
import type { Warehouse } from '../warehouse/client.js'

export interface ActivityDeps {
  readonly client: Client
  readonly warehouse: Warehouse
  readonly secrets: SecretProvider
  /** Where relative paths of configs and connectors start. */
  readonly workspaceDir: string
  /** Folders whose files the warehouse reads itself. */
  readonly localFileRoots: readonly string[]
  /** Where connectors' scratch folders are made. @default the system's temporary folder */
  readonly scratchRoot?: string
  /** Private addresses that connectors may call. */
  readonly allowPrivateAddresses: AllowedAddresses
  /** How long an activity of a stream may be silent before it counts as lost, milliseconds. @default the policies' */
  readonly heartbeatMs?: number
  /** Rows after which a slice ends at its next checkpoint. @default 2000000 */
  readonly sliceRows?: number
  /** As whom ClickHouse reads its own tables for dictionaries. @default its default user */
  readonly dictionaryUser?: DictionaryUser
  /** Aborts when the worker was asked to stop: slices then end at their next checkpoint. */
  readonly draining: AbortSignal
}

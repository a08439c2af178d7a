/** `tributary setup`: makes any Temporal server and any ClickHouse ready for Tributary. */
import type { Client } from '@temporalio/client'
import { SEARCH_ATTRIBUTES, type SearchAttributeType } from '../runtime/search-attributes.js'
import { type MigrationResult, migrate } from '../warehouse/migrations/migrate.js'
import type { OperationContext } from './context.js'

export interface SetupResult {
  readonly searchAttributes: {
    /** Registered now. */
    readonly added: readonly string[]
    readonly present: readonly string[]
  }
  readonly migrations: MigrationResult
}

/** temporal.api.enums.v1.IndexedValueType */
const INDEXED_VALUE_TYPE: Readonly<Record<SearchAttributeType, number>> = { Keyword: 2, Int: 3, Datetime: 6 }

/** Idempotent. @throws SearchAttributeConflict, SchemaTooNew */
export async function setup(context: Pick<OperationContext, 'temporal' | 'warehouse'>): Promise<SetupResult> {
  const client = await context.temporal()
  const { missing, wrong } = await searchAttributeState(client)
  if (wrong.length > 0) {
    throw new SearchAttributeConflict(
      `registering search attributes: ${wrong.join(', ')} exist with another type in namespace ${client.options.namespace}; remove them, or use another namespace`,
    )
  }
  if (missing.length > 0) {
    const searchAttributes = Object.fromEntries(
      missing.map((name) => [name, INDEXED_VALUE_TYPE[SEARCH_ATTRIBUTES[name]]]),
    )
    await client.connection.operatorService.addSearchAttributes({
      namespace: client.options.namespace,
      searchAttributes,
    })
  }
  const present = names.filter((name) => !missing.includes(name))
  return {
    searchAttributes: { added: missing, present },
    migrations: await migrate(await context.warehouse()),
  }
}

/** The warehouse alone: enough for a server, whose worker may not run yet. Idempotent. @throws SchemaTooNew */
export async function migrateWarehouse({
  warehouse,
}: Pick<OperationContext, 'warehouse'>): Promise<MigrationResult> {
  return migrate(await warehouse())
}

/** The namespace has an attribute of the same name and another type. */
export class SearchAttributeConflict extends Error {
  override readonly name = 'SearchAttributeConflict'
}

type Name = keyof typeof SEARCH_ATTRIBUTES
const names = Object.keys(SEARCH_ATTRIBUTES) as Name[]

/** Which of the project's search attributes a namespace lacks, or has with another type. */
export async function searchAttributeState(
  client: Client,
): Promise<{ readonly missing: readonly Name[]; readonly wrong: readonly Name[] }> {
  const { customAttributes } = await client.connection.operatorService.listSearchAttributes({
    namespace: client.options.namespace,
  })
  const registered = customAttributes ?? {}
  const missing = names.filter((name) => !(name in registered))
  const wrong = names.filter(
    (name) => name in registered && registered[name] !== INDEXED_VALUE_TYPE[SEARCH_ATTRIBUTES[name]],
  )
  return { missing, wrong }
}

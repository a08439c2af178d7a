/** PostgreSQL as a destination: an object for each table that the user may write. */
import { defineDestination } from '@tributary/connector-sdk'
import { readCatalog } from './catalog.js'
import { check } from './check.js'
import { withConnection } from './client.js'
import { tableObject } from './objects.js'
import { type PostgresConfig, spec } from './spec.js'

export type { PostgresConfig } from './spec.js'

export default defineDestination<PostgresConfig>({
  spec,
  check,
  objects: async (context) => {
    const { schemas } = context.config
    const tables = await withConnection(context, 'reading the catalogue', (connection) =>
      readCatalog(connection, schemas),
    )
    return tables.flatMap((table) => tableObject(table, context.config) ?? [])
  },
})

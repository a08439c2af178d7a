/** The source over a database: check, and one stream per relation that the user may read. */
import { defineSource, type SourceDefinition } from '@tributary/connector-sdk'
import { readCatalog } from './catalog.js'
import { check } from './check.js'
import { withConnection } from './client.js'
import { type PostgresConfig, spec } from './spec.js'
import { LIMITS, type Limits } from './streams/reading.js'
import { relationStream } from './streams/relation.js'

/** @param limits smaller ones let tests cross every boundary with few rows */
export function postgresSource(limits: Limits = LIMITS): SourceDefinition<PostgresConfig> {
  return defineSource<PostgresConfig>({
    spec,
    check,
    streams: async (context) => {
      const relations = await withConnection(context, (connection) =>
        readCatalog(connection, context.config.schemas),
      )
      return relations.map((relation) => relationStream(relation, limits))
    },
  })
}

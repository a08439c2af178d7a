/** Ends inserts that an earlier attempt left running: they only cost memory and time, since nothing of them can be seen. */
import type { Warehouse } from '../client.js'
import { selectRows } from '../query.js'
import type { StreamTable } from '../tables/stream-table.js'

/** Query ids of a stream's loads begin so. */
export const loadQueryPrefix = (table: Pick<StreamTable, 'source' | 'stream'>): string =>
  `load-${table.source}/${table.stream}-`

/** Asks for an end of every insert of the stream. The stream's one writer calls it before it begins. Idempotent. */
export async function killLoads(warehouse: Warehouse, table: StreamTable): Promise<void> {
  const running = await selectRows<{ query_id: string }>(
    warehouse,
    'SELECT query_id FROM system.processes WHERE startsWith(query_id, {prefix:String})',
    { prefix: loadQueryPrefix(table) },
  )
  for (const { query_id } of running) {
    await warehouse.command({
      query: 'KILL QUERY WHERE query_id = {id:String} ASYNC',
      query_params: { id: query_id },
    })
  }
}

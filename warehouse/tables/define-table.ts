/** Statements that define a stream's tables. Some of their text was written by a person, so a refusal names where. */
import { ClickHouseError } from '@clickhouse/client'
import type { Warehouse } from '../client.js'
import { isRefusedStatement } from '../refused-statement.js'
import type { StreamTable } from './stream-table.js'

/** ClickHouse refuses the definition as it is; the message has its words and where to correct it. */
export class TableRefused extends Error {
  override readonly name = 'TableRefused'
}

/** Runs one statement. Throws TableRefused where sending it again would be of no use. */
export async function defineTable(
  warehouse: Warehouse,
  { source, stream }: Pick<StreamTable, 'source' | 'stream'>,
  query: string,
): Promise<void> {
  try {
    await warehouse.command({ query })
  } catch (error) {
    if (!(error instanceof ClickHouseError) || !isRefusedStatement(error)) throw error
    const words = error.message.split('\n')[0]?.slice(0, 400)
    throw new TableRefused(
      `defining the tables of ${source}.${stream}: ${words} (${error.type ?? error.code}); correct the stream's table settings in sources/${source}.yaml`,
      { cause: error },
    )
  }
}

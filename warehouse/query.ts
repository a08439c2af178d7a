/** Small readers over the client: rows of a parameterised SELECT, and one row. */
import type { Warehouse } from './client.js'

export type QueryParams = Readonly<Record<string, unknown>>

/** All rows of a SELECT; 64-bit integers arrive as strings. */
export async function selectRows<Row>(
  warehouse: Warehouse,
  query: string,
  params: QueryParams = {},
  abortSignal?: AbortSignal,
): Promise<Row[]> {
  const result = await warehouse.query({
    query,
    query_params: { ...params },
    format: 'JSONEachRow',
    clickhouse_settings: { output_format_json_quote_64bit_integers: 1 },
    ...(abortSignal && { abort_signal: abortSignal }),
  })
  return result.json<Row>()
}

/** The first row, or undefined where there is none. */
export async function selectRow<Row>(
  warehouse: Warehouse,
  query: string,
  params: QueryParams = {},
): Promise<Row | undefined> {
  return (await selectRows<Row>(warehouse, query, params))[0]
}

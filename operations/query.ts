/** `tributary query`: SQL to ClickHouse, the answer as its bytes come. */
import type { Readable } from 'node:stream'
import type { OperationContext } from './context.js'

export interface QueryOptions {
  /** Format of the answer where the SQL names none. @default JSONEachRow */
  readonly format?: string
  readonly signal?: AbortSignal
}

/**
 * The answer, streamed. An error that ClickHouse meets before the first row rejects; a later one ends the stream.
 * @throws ClickHouseError
 */
export async function query(
  { warehouse }: Pick<OperationContext, 'warehouse'>,
  sql: string,
  { format = 'JSONEachRow', signal }: QueryOptions = {},
): Promise<Readable> {
  const { stream } = await (await warehouse()).exec({
    query: sql,
    clickhouse_settings: { default_format: format, wait_end_of_query: 0 } as never,
    ...(signal && { abort_signal: signal }),
  })
  return stream
}

/** Asks the demo's warehouse, as anybody with SQL would: rows of a statement, and what a stream's view holds. */
import { text } from 'node:stream/consumers'
import type { ExpectedStream } from '../../examples/grocer/expected.js'
import { query } from '../../operations/query.js'
import type { Stage } from './stage.js'

type Asking = Pick<Stage, 'context'>

/** All rows of a SELECT. Whole numbers may be text. */
export async function selectRows<Row>({ context }: Asking, sql: string): Promise<Row[]> {
  const answer = await text(await query(context, sql))
  return answer
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row)
}

/** `till.transactions` as SQL names it: the source is the database. */
export function viewOf(stream: string): string {
  const { source, name } = splitStream(stream)
  return `${source}.\`${name}\``
}

export function splitStream(stream: string): { readonly source: string; readonly name: string } {
  const dot = stream.indexOf('.')
  return { source: stream.slice(0, dot), name: stream.slice(dot + 1) }
}

/** What people see of a stream now, in the columns that are expected. */
export async function measure(
  asking: Asking,
  stream: string,
  expected: ExpectedStream,
): Promise<ExpectedStream> {
  const columns = Object.keys(expected.sums ?? {})
  const sums = columns.map((column) => `, toString(sum(${column})) AS sum_${column}`).join('')
  const [row] = await selectRows<Record<string, string | number>>(
    asking,
    `SELECT count() AS n${sums} FROM ${viewOf(stream)}`,
  )
  const rows = Number(row!.n)
  if (columns.length === 0) return { rows }
  return {
    rows,
    sums: Object.fromEntries(
      columns.map((column) => [column, Math.round(Number(row![`sum_${column}`]) * 100) / 100]),
    ),
  }
}

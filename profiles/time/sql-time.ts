/** Times in SQL: literals of exactly the type that facts have, so that the engine compares them by its indexes. */
import type { Span } from './window.js'

/** SQL: a time, DateTime64(3) in UTC. */
export const timeLiteral = (time: Date): string =>
  `fromUnixTimestamp64Milli(toInt64(${time.getTime()}), 'UTC')`

/** SQL: true where the column lies in the span. */
export function inSpanSql(column: string, { from, to }: Span): string {
  const ends = from === null ? [] : [`${column} >= ${timeLiteral(from)}`]
  return [...ends, `${column} < ${timeLiteral(to)}`].join(' AND ')
}

/** Rows of fixed width in ClickHouse's RowBinary, both ways: millions of numbers without an object for each. */
import { Readable } from 'node:stream'
import type { Warehouse } from '../../warehouse/client.js'

/**
 * Hands every row of a SELECT to `take`, which finds it at an offset of a view, little-endian. Throws where the answer ends
 * inside a row.
 * @param width bytes of a row
 */
export async function scanRows(
  warehouse: Warehouse,
  query: string,
  width: number,
  take: (view: DataView, offset: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const { stream } = await warehouse.exec({
    query: `${query} FORMAT RowBinary`,
    ...(signal && { abort_signal: signal }),
  })
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const end = bytes.length - (bytes.length % width)
    for (let offset = 0; offset < end; offset += width) take(view, offset)
    rest = bytes.subarray(end)
  }
  if (rest.length > 0) throw new Error('reading rows: the answer ended inside a row; try again')
}

/** The columns of a SELECT of UInt32 columns, in its order. */
export async function scanColumns<Name extends string>(
  warehouse: Warehouse,
  columns: readonly Name[],
  from: string,
  signal?: AbortSignal,
): Promise<Readonly<Record<Name, Uint32Array>>> {
  let read = columns.map(() => new Uint32Array(1024))
  let count = 0
  await scanRows(
    warehouse,
    `SELECT ${columns.join(', ')} ${from}`,
    4 * columns.length,
    (view, offset) => {
      if (count === read[0]!.length) read = read.map((numbers) => grown(numbers, Uint32Array))
      for (let at = 0; at < read.length; at += 1) read[at]![count] = view.getUint32(offset + 4 * at, true)
      count += 1
    },
    signal,
  )
  const named = columns.map((name, at) => [name, read[at]!.subarray(0, count)])
  return Object.fromEntries(named) as Record<Name, Uint32Array>
}

/** The same numbers with room for half as many more. */
export function grown<Numbers extends Uint32Array | Float64Array>(
  numbers: Numbers,
  Type: new (length: number) => Numbers,
): Numbers {
  const larger = new Type(Math.ceil(numbers.length * 1.5))
  larger.set(numbers)
  return larger
}

/** More nodes are never named in a query. */
export const MOST_NAMED = 2_000_000

/**
 * SQL: true where a column is one of these nodes; for everything where they are undefined, or too many to be named. A
 * literal of bytes: a hundred times faster to read than numbers.
 */
export function within(column: string, nodes: Uint32Array | undefined): string {
  if (nodes === undefined || nodes.length > MOST_NAMED) return '1'
  const bytes = Buffer.from(nodes.buffer, nodes.byteOffset, nodes.byteLength).toString('base64')
  return `${column} IN (SELECT arrayJoin(reinterpret(base64Decode('${bytes}'), 'Array(UInt32)')))`
}

/** A signed 64-bit integer as a number: exact for every time in milliseconds. */
export const readInt64 = (view: DataView, offset: number): number =>
  view.getUint32(offset, true) + view.getInt32(offset + 4, true) * 2 ** 32

/** Inserts rows that are encoded already. */
export async function insertRows(
  warehouse: Warehouse,
  table: string,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  const { stream } = await warehouse.exec({
    query: `INSERT INTO ${table} FORMAT RowBinary`,
    values: Readable.from([bytes], { objectMode: false }),
    abort_signal: signal,
  })
  for await (const _ of stream) {
    // An insert answers with nothing; reading to the end frees the connection.
  }
}

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

/** The nodes that a SELECT of one UInt32 column gives, in its order. */
export async function scanNodes(
  warehouse: Warehouse,
  query: string,
  signal?: AbortSignal,
): Promise<Uint32Array> {
  const nodes: number[] = []
  await scanRows(warehouse, query, 4, (view, offset) => nodes.push(view.getUint32(offset, true)), signal)
  return Uint32Array.from(nodes)
}

/** SQL: a set of nodes as a SELECT of column `node`. A literal of bytes: a hundred times faster to read than numbers. */
export function nodeSet(nodes: Uint32Array): string {
  const bytes = Buffer.from(nodes.buffer, nodes.byteOffset, nodes.byteLength).toString('base64')
  return `SELECT arrayJoin(reinterpret(base64Decode('${bytes}'), 'Array(UInt32)')) AS node`
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

/** The rows at the end of an ordered block that share its last cursor value: a checkpoint must not fall among them. */
import { HELD_BYTES, type HoldBack, type RowBlock } from './blocks.js'

const [TAB, NEWLINE] = [9, 10]

/**
 * A {@link HoldBack} that keeps the newest cursor value's rows for the next block, and tells that value, or undefined
 * where the whole block (or its last {@link HELD_BYTES}) has one value: it then has no checkpoint.
 * @param field position of the cursor among the columns
 */
export function holdBackTies(field: number, tell: (cursor: string | undefined) => void): HoldBack {
  return (block) => {
    const tail = lastBytes(block)
    const whole = tail.length === block.bytes
    let start = rowStart(tail, tail.length - 1)
    const cursor = fieldOf(tail, start, field)
    let rows = 1
    while (start > 0) {
      const previous = rowStart(tail, start - 1)
      // the first row found may be cut by the search's limit
      if (previous === 0 && !whole) break
      if (!fieldOf(tail, previous, field).equals(cursor)) {
        tell(cursor.toString('latin1'))
        return { chunks: [tail.subarray(start)], bytes: tail.length - start, rows }
      }
      start = previous
      rows++
    }
    tell(undefined)
    return undefined
  }
}

function lastBytes(block: RowBlock): Buffer {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for (let index = block.chunks.length - 1; index >= 0 && bytes < HELD_BYTES; index--) {
    const chunk = block.chunks[index]!
    chunks.unshift(chunk)
    bytes += chunk.length
  }
  return Buffer.concat(chunks, bytes)
}

/** Where the row begins that ends with the newline at `end`. */
function rowStart(bytes: Buffer, end: number): number {
  return end === 0 ? 0 : bytes.lastIndexOf(NEWLINE, end - 1) + 1
}

function fieldOf(bytes: Buffer, start: number, field: number): Buffer {
  let from = start
  for (let skipped = 0; skipped < field; skipped++) from = bytes.indexOf(TAB, from) + 1
  let to = from
  while (bytes[to] !== TAB && bytes[to] !== NEWLINE) to++
  return bytes.subarray(from, to)
}

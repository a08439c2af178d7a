/** Cuts a stream of bytes into chunks of whole records, with the line and the offset where each begins. */
import type { RecordCutter } from './record-cutter.js'

/** Past this size a record is not waited for any longer: the chunk is cut at its last line end. */
const RECORD_LIMIT_BYTES = 64 << 20

export interface RecordChunk {
  readonly pieces: readonly Buffer[]
  readonly bytes: number
  /** Line of the first record, from 1. */
  readonly firstLine: number
  /** Offset and line behind the last record: where to go on. */
  readonly endOffset: number
  readonly endLine: number
}

/** Chunks of at least `targetBytes` (the last one is what is left). Only the last may lack its line end. */
export async function* recordChunks(
  source: AsyncIterable<Buffer>,
  cutter: RecordCutter,
  options: { readonly targetBytes: number; readonly offset: number; readonly line: number },
): AsyncGenerator<RecordChunk> {
  let pieces: Buffer[] = []
  let bytes = 0
  let { offset, line } = options
  const chunk = (taken: Buffer[]): RecordChunk => {
    const firstLine = line
    let length = 0
    for (const piece of taken) {
      length += piece.length
      line += countLines(piece)
    }
    offset += length
    return { pieces: taken, bytes: length, firstLine, endOffset: offset, endLine: line }
  }
  for await (const piece of source) {
    const end = cutter.feed(piece)
    if (end > 0 && bytes + end >= options.targetBytes) {
      pieces.push(piece.subarray(0, end))
      const taken = pieces
      pieces = end < piece.length ? [piece.subarray(end)] : []
      bytes = piece.length - end
      yield chunk(taken)
      continue
    }
    pieces.push(piece)
    bytes += piece.length
    if (bytes >= options.targetBytes + RECORD_LIMIT_BYTES) {
      const whole = Buffer.concat(pieces)
      const cut = whole.lastIndexOf(10) + 1 || whole.length
      cutter.reset()
      const rest = whole.subarray(cut)
      cutter.feed(rest)
      pieces = rest.length > 0 ? [rest] : []
      bytes = rest.length
      yield chunk([whole.subarray(0, cut)])
    }
  }
  if (bytes > 0) yield chunk(pieces)
}

function countLines(piece: Buffer): number {
  let lines = 0
  for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) lines++
  return lines
}

/** The whole records at the beginning of a file, from the bytes at its beginning. */
import { Readable } from 'node:stream'
import { decompressedText, sourceError } from '../formats/byte-source.js'
import { compressionOf } from '../formats/file-kind.js'
import { documentLines } from '../formats/json-document.js'
import type { FileEntry } from '../locations/location.js'

/** Compressed samples grow: no more than this is looked at. */
const TEXT_BYTES = 8 << 20
const BOM = Buffer.from([0xef, 0xbb, 0xbf])

export interface SampledText {
  /** UTF-8 text of complete lines. */
  readonly text: Buffer
  /** Why the file cannot be read whole, where the sample shows it already. */
  readonly damage?: unknown
}

/** The text; NDJSON when `documentPath` is given. What came before damage is still returned. */
export async function sampleText(
  stored: Buffer,
  entry: FileEntry,
  options: { readonly encoding: string; readonly documentPath: readonly string[] | undefined },
): Promise<SampledText> {
  const cut = stored.length < (entry.bytes ?? Number.POSITIVE_INFINITY)
  let source: AsyncIterable<Buffer> = decompressedText(
    Readable.from([stored]),
    compressionOf(stored),
    options.encoding,
  )
  if (options.documentPath !== undefined) source = documentLines(source, options.documentPath, entry.name)
  const pieces: Buffer[] = []
  let bytes = 0
  let complete = false
  let damage: unknown
  try {
    for await (const piece of source) {
      pieces.push(piece)
      bytes += piece.length
      if (bytes >= TEXT_BYTES) break
    }
    complete = bytes < TEXT_BYTES && !cut
  } catch (error) {
    // What came is what is known. A sample that is cut off says nothing of what follows.
    if (!cut) damage = sourceError(entry.name, error)
  }
  const whole = Buffer.concat(pieces)
  const text = whole.subarray(0, BOM.length).equals(BOM) ? whole.subarray(BOM.length) : whole
  const lines = complete ? text : text.subarray(0, text.lastIndexOf(10) + 1)
  return damage === undefined ? { text: lines } : { text: lines, damage }
}

/** Sends one insert's bytes: from memory, while they are read, from a file of this machine, or by the file's name to an engine that can read it. */
import { createReadStream } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { sep } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ClickHouseError } from '@clickhouse/client'
import type { Warehouse } from '../client.js'
import type { OpenBody } from './open-body.js'

export type InsertBody =
  | {
      readonly kind: 'bytes'
      readonly bytes: Uint8Array | readonly Uint8Array[]
    }
  | { readonly kind: 'open'; readonly body: OpenBody }
  | {
      readonly kind: 'file'
      readonly path: string
      readonly bytes: number
      readonly compression?: 'gzip' | 'zstd'
    }

export interface Insert {
  readonly statement: string
  readonly body: InsertBody
  readonly queryId: string
  readonly signal: AbortSignal
  /** Folders whose files the engine reads itself. */
  readonly localFileRoots: readonly string[]
}

/** The engine could not read the bytes as the statement says: read them row by row to find the ones at fault. */
export class UnreadableBlock extends Error {
  override readonly name = 'UnreadableBlock'
}

/** Understood by the local engine only, and only for folders that it was told to trust. */
const INFILE_HEADER = 'X-Tributary-Infile'

/** Resolves with the rows that the engine says it wrote. Throws UnreadableBlock for what cannot be parsed. */
export async function sendInsert(warehouse: Warehouse, insert: Insert): Promise<number> {
  try {
    const result = await warehouse.exec({
      query: insert.statement,
      query_id: insert.queryId,
      abort_signal: insert.signal,
      ...(await bodyParams(insert)),
    })
    await pipeline(result.stream, drain)
    return Number(result.summary?.written_rows ?? Number.NaN)
  } catch (error) {
    if (error instanceof ClickHouseError && isParseError(error)) {
      throw new UnreadableBlock(`loading a block: ${error.message.slice(0, 500)}`, { cause: error })
    }
    throw error
  }
}

async function bodyParams({ body, localFileRoots }: Insert) {
  if (body.kind === 'bytes') {
    const parts = body.bytes instanceof Uint8Array ? [body.bytes] : body.bytes
    return { values: Readable.from(parts, { objectMode: false }) }
  }
  if (body.kind === 'open') return { values: body.body.readable() }
  if (await isUnder(localFileRoots, body.path)) {
    return { values: Readable.from([], { objectMode: false }), http_headers: { [INFILE_HEADER]: body.path } }
  }
  return {
    values: createReadStream(body.path, { highWaterMark: 1024 * 1024 }),
    ...(body.compression && { http_headers: { 'Content-Encoding': body.compression } }),
  }
}

/** As the engine sees it: by the file's real place, so that a link out of the folder is not named to it. */
async function isUnder(roots: readonly string[], path: string): Promise<boolean> {
  const real = await realpath(path)
  const places = await Promise.all(roots.map((root) => realpath(root)))
  return places.some((place) => real.startsWith(place + sep))
}

async function drain(chunks: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of chunks) {
    // An insert answers with nothing; reading to the end frees the connection.
  }
}

/**
 * Errors of parsing, conversion and decompression, by ClickHouse's ErrorCodes: CANNOT_PARSE_*, INCORRECT_DATA, CANNOT_READ_*,
 * CANNOT_DECOMPRESS, ZLIB_INFLATE_FAILED, ZSTD_DECODER_FAILED,
 * VALUE_IS_OUT_OF_RANGE, CANNOT_CONVERT_TYPE, DECIMAL_OVERFLOW, CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN, TYPE_MISMATCH, FUNCTION_THROW_IF…
 */
const PARSE_ERRORS: ReadonlySet<string> = new Set(
  [
    6, 25, 26, 27, 33, 38, 41, 53, 69, 70, 72, 117, 130, 131, 271, 321, 349, 354, 376, 395, 407, 457, 467,
    469, 561, 636, 675,
  ].map(String),
)

function isParseError(error: ClickHouseError): boolean {
  return PARSE_ERRORS.has(error.code)
}

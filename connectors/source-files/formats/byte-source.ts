/**
 * The bytes of a file on this machine as UTF-8 text: decompressed and transcoded, from any offset on. Offsets
 * count the bytes that come out here, so a position means the same at every reading.
 */
import { createReadStream } from 'node:fs'
import { pipeline, type Readable, Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import { type ConnectorError, isConnectorError } from '@tributary/connector-sdk'
import { Decompress } from 'fzstd'
import { fileError } from '../locations/errors.js'
import { damagedFile } from '../reading/bad-files.js'
import type { Compression } from './file-kind.js'

const CHUNK_BYTES = 1 << 20

export interface ByteSourceOptions {
  readonly path: string
  /** How errors name the file. */
  readonly name: string
  readonly compression: Compression | undefined
  /** A label of the WHATWG encoding standard. @default utf-8 */
  readonly encoding?: string
  /** Bytes of the result to leave out at the beginning. @default 0 */
  readonly offset?: number
  readonly signal: AbortSignal
}

/** Yields the text's bytes in pieces of about 1 MB. Throws ConnectorError: a damaged archive is UnreadableData. */
export async function* byteSource(options: ByteSourceOptions): AsyncGenerator<Buffer> {
  const offset = options.offset ?? 0
  const encoding = options.encoding ?? 'utf-8'
  const seekable = options.compression === undefined && encoding === 'utf-8'
  try {
    if (seekable) yield* decompressed(options, offset)
    else yield* skipBytes(transcoded(decompressed(options, 0), encoding), offset)
  } catch (error) {
    throw options.signal.aborted ? error : sourceError(options.name, error)
  }
}

/** The bytes behind the first `count`. */
export async function* skipBytes(source: AsyncIterable<Buffer>, count: number): AsyncGenerator<Buffer> {
  let rest = count
  for await (const piece of source) {
    if (rest < piece.length) yield rest === 0 ? piece : piece.subarray(rest)
    rest = Math.max(0, rest - piece.length)
  }
}

async function* decompressed(options: ByteSourceOptions, start: number): AsyncGenerator<Buffer> {
  const file = createReadStream(options.path, { start, highWaterMark: CHUNK_BYTES, signal: options.signal })
  yield* inflated(file, options.compression)
}

/** UTF-8 text of a stream of stored bytes. Throws the errors of node:zlib as they are. */
export function decompressedText(
  stored: Readable,
  compression: Compression | undefined,
  encoding: string,
): AsyncGenerator<Buffer> {
  return transcoded(inflated(stored, compression), encoding)
}

async function* inflated(stored: Readable, compression: Compression | undefined): AsyncGenerator<Buffer> {
  const transform = decompressor(compression)
  const stream: Readable = transform === undefined ? stored : pipeline(stored, transform, () => undefined)
  try {
    for await (const piece of stream) yield piece as Buffer
  } finally {
    stream.destroy()
    stored.destroy()
  }
}

function decompressor(compression: Compression | undefined): Transform | undefined {
  switch (compression) {
    case undefined:
      return undefined
    case 'gzip':
      return zlib.createGunzip({ chunkSize: CHUNK_BYTES })
    case 'zstd':
      return nativeZstd() ?? portableZstd()
  }
}

/** Node 22.15 and later decompress zstd themselves, several times faster. */
function nativeZstd(): Transform | undefined {
  const create = (zlib as { createZstdDecompress?: (options: { chunkSize: number }) => Transform })
    .createZstdDecompress
  return create?.({ chunkSize: CHUNK_BYTES })
}

function portableZstd(): Transform {
  const output: Buffer[] = []
  let ended = false
  const decompress = new Decompress((piece, final) => {
    output.push(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength))
    ended ||= final === true
  })
  return new Transform({
    readableHighWaterMark: 4 * CHUNK_BYTES,
    transform(piece: Buffer, _encoding, done) {
      try {
        decompress.push(new Uint8Array(piece))
        for (const bytes of output.splice(0)) this.push(bytes)
        done()
      } catch (error) {
        done(error as Error)
      }
    },
    flush(done) {
      try {
        decompress.push(new Uint8Array(0), true)
        for (const bytes of output.splice(0)) this.push(bytes)
        done(ended ? null : new Error('unexpected end of zstd data'))
      } catch (error) {
        done(error as Error)
      }
    },
  })
}

async function* transcoded(source: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Buffer> {
  if (encoding === 'utf-8') return yield* source
  const decoder = new TextDecoder(encoding)
  for await (const piece of source) {
    const text = decoder.decode(piece, { stream: true })
    if (text !== '') yield Buffer.from(text)
  }
  const rest = decoder.decode()
  if (rest !== '') yield Buffer.from(rest)
}

/** What an error of reading or decompressing a file says of it. */
export function sourceError(name: string, error: unknown): ConnectorError {
  if (isConnectorError(error)) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code.startsWith('Z_') || (error instanceof Error && /zstd/i.test(error.message)))
    return damagedFile(
      `decompressing ${name}`,
      'the file is damaged or not complete yet; upload it again',
      error,
    )
  return fileError(`reading ${name}`, error)
}

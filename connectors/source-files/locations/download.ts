/** Brings a remote file to the disk: streamed, gone on with where a connection broke, and checked when it is complete. */
import { createHash, type Hash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rm, stat, statfs, truncate } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type ConnectorContext, ConnectorError, isConnectorError } from '@tributary/connector-sdk'
import { fileError } from './errors.js'

const MAX_ATTEMPTS = 5
/** Room that is left for everybody else on the disk. */
const SPARE_BYTES = 256 << 20

/** What a location answers to a request for the bytes from `offset` on. */
export interface RemoteBody {
  readonly stream: Readable
  /** Where the bytes begin: 0 when the location ignored the offset. */
  readonly offset: number
  /** Size of the whole file, where it is known. */
  readonly totalBytes: number | undefined
  /** MD5 of the whole file in hex, where it is known. */
  readonly md5: string | undefined
}

export interface Download {
  readonly name: string
  readonly path: string
  readonly expectedBytes: number | undefined
  readonly context: Pick<ConnectorContext<unknown>, 'signal' | 'log'>
  /** Throws SourceUnavailable when the file changed since the listing. */
  request(offset: number): Promise<RemoteBody>
}

/** Size and SHA-256 of the file that stands at `path` afterwards. Throws ConnectorError, and leaves no file then. */
export async function download(options: Download): Promise<{ bytes: number; sha256: string }> {
  const { name, path, context } = options
  try {
    await assertRoom(options)
    let bytes = 0
    for (let attempt = 1; ; attempt++) {
      const body = await options.request(bytes)
      if (body.offset !== bytes) {
        bytes = body.offset
        await truncate(path, bytes).catch(() => undefined)
      }
      try {
        await pipeline(
          body.stream,
          createWriteStream(path, { flags: bytes === 0 ? 'w' : 'r+', start: bytes }),
          {
            signal: context.signal,
          },
        )
      } catch (error) {
        context.signal.throwIfAborted()
        if (isFileError(error) || attempt === MAX_ATTEMPTS) throw error
        context.log.warn('download broke and goes on', { attempt })
      }
      bytes = (await stat(path)).size
      const total = body.totalBytes
      if (total === undefined || bytes === total) return await verified(options, bytes, body.md5)
      if (bytes > total) throw changed(name)
      if (attempt === MAX_ATTEMPTS)
        throw new ConnectorError(
          'NetworkError',
          `downloading ${name}: the connection breaks again and again; it is tried later`,
        )
    }
  } catch (error) {
    await rm(path, { force: true })
    if (context.signal.aborted) throw context.signal.reason
    throw isConnectorError(error) ? error : networkError(name, error)
  }
}

async function verified(
  options: Download,
  bytes: number,
  md5: string | undefined,
): Promise<{ bytes: number; sha256: string }> {
  const hashes: Hash[] = [createHash('sha256'), createHash('md5')]
  for await (const piece of createReadStream(options.path, { highWaterMark: 1 << 20 }))
    for (const hash of hashes) hash.update(piece as Buffer)
  const [sha256, sum] = hashes.map((hash) => hash.digest('hex'))
  if (md5 !== undefined && sum !== md5)
    throw new ConnectorError(
      'SourceUnavailable',
      `downloading ${options.name}: its checksum is wrong; it is downloaded again`,
    )
  return { bytes, sha256: sha256! }
}

async function assertRoom(options: Download): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(options.path))
  if ((options.expectedBytes ?? 0) + SPARE_BYTES > bavail * bsize)
    throw new ConnectorError(
      'SourceUnavailable',
      `downloading ${options.name}: the scratch disk has no room for it; free some space`,
    )
}

/** The file is not what was listed any more. */
export function changed(name: string): ConnectorError {
  return new ConnectorError(
    'SourceUnavailable',
    `reading ${name}: the file changed meanwhile; it is read again when it rests`,
  )
}

function isFileError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && /^(open|write|close)$/.test(String(error.syscall))
}

function networkError(name: string, error: unknown): ConnectorError {
  if (isFileError(error)) return fileError(`downloading ${name}`, error)
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
  return new ConnectorError(
    'NetworkError',
    `downloading ${name}: the connection broke; it is tried again`,
    code === undefined ? {} : { code },
  )
}

/**
 * Where bodies of inserts and results waited for are kept while the engine reads or writes them: files in one
 * folder, bounded in sum, removed after use and at start.
 */
import { randomBytes } from 'node:crypto'
import { createWriteStream, mkdirSync, rmSync } from 'node:fs'
import { realpath, rm, stat, statfs, symlink } from 'node:fs/promises'
import { isAbsolute, join, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ClickHouseException, toException } from './errors.js'
import type { DataFile } from './statement.js'

/** A file in the spool; `discard` removes it, and may be called again. */
export interface SpoolFile {
  readonly path: string
  readonly bytes: number
  discard(): Promise<void>
}

/** Limits of a spool. */
export interface SpoolOptions {
  readonly folder: string
  /** Bytes all bodies together may take. */
  readonly limitBytes: number
  /** Folders whose files may be inserted by path instead of being sent. */
  readonly infileRoots: readonly string[]
}

/** The spool folder; what an earlier process left there is removed. */
export class Spool {
  readonly #options: SpoolOptions
  #used = 0

  constructor(options: SpoolOptions) {
    this.#options = options
    rmSync(options.folder, { recursive: true, force: true })
    mkdirSync(options.folder, { recursive: true, mode: 0o700 })
  }

  /** A path nobody uses, for a result the engine writes. */
  reserve(): { path: string; discard(): Promise<void> } {
    const path = this.#path()
    return { path, discard: () => rm(path, { force: true }) }
  }

  /**
   * Writes `head` and then `body` to a file.
   * @throws ClickHouseException TOO_MANY_BYTES (413) over the limit, NOT_ENOUGH_SPACE when the disk is full
   */
  async write(head: Uint8Array, body: AsyncIterable<Uint8Array>, expectedBytes: number): Promise<SpoolFile> {
    await this.#checkSpace(expectedBytes)
    const path = this.#path()
    let bytes = 0
    const discard = async (): Promise<void> => {
      this.#used -= bytes
      bytes = 0
      await rm(path, { force: true })
    }
    const count = (chunk: Uint8Array): Uint8Array => {
      bytes += chunk.length
      this.#used += chunk.length
      if (this.#used > this.#options.limitBytes) throw this.#tooLarge()
      return chunk
    }
    const source = async function* (): AsyncGenerator<Uint8Array> {
      if (head.length > 0) yield count(head)
      for await (const chunk of body) yield count(chunk)
    }
    const file = createWriteStream(path, { mode: 0o600, highWaterMark: 1 << 20 })
    try {
      await pipeline(source, file)
      const size = bytes
      return { path, bytes: size, discard }
    } catch (error) {
      // One that is still being opened would come into being after its removal.
      if (!file.closed) await new Promise<void>((resolve) => file.once('close', () => resolve()))
      await discard()
      throw toException(error)
    }
  }

  /**
   * Lends a file of this machine to one insert, by a link in the spool.
   * @throws ClickHouseException ACCESS_DENIED unless the file really lies under an allowed folder
   */
  async lend(path: string): Promise<SpoolFile> {
    const real = isAbsolute(path) ? await realpath(path).catch(() => undefined) : undefined
    const allowed = real !== undefined && (await this.#isAllowed(real))
    if (!allowed || real === undefined) {
      throw new ClickHouseException(
        497,
        'ACCESS_DENIED',
        'X-Tributary-Infile: not a file under TRIBUTARY_INFILE_ROOTS',
        403,
      )
    }
    const { size } = await stat(real)
    const link = this.#path()
    await symlink(real, link)
    return { path: link, bytes: size, discard: () => rm(link, { force: true }) }
  }

  async #isAllowed(real: string): Promise<boolean> {
    if (!(await stat(real)).isFile()) return false
    for (const root of this.#options.infileRoots) {
      const folder = await realpath(root).catch(() => undefined)
      if (folder !== undefined && real.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return true
    }
    return false
  }

  async #checkSpace(expectedBytes: number): Promise<void> {
    if (this.#used + expectedBytes > this.#options.limitBytes) throw this.#tooLarge()
    const disk = await statfs(this.#options.folder)
    if (disk.bavail * disk.bsize >= expectedBytes + (1 << 20)) return
    throw new ClickHouseException(
      243,
      'NOT_ENOUGH_SPACE',
      `Cannot keep ${expectedBytes} bytes: the disk is full`,
    )
  }

  #tooLarge(): ClickHouseException {
    return new ClickHouseException(
      307,
      'TOO_MANY_BYTES',
      `Bodies of running inserts exceed ${this.#options.limitBytes} bytes (TRIBUTARY_CLICKHOUSE_SPOOL_BYTES): send fewer at once`,
      413,
    )
  }

  #path(): string {
    return join(this.#options.folder, randomBytes(12).toString('hex'))
  }
}

const COMPRESSION_OF: Readonly<Record<string, string>> = {
  gz: 'gzip',
  zst: 'zstd',
  zstd: 'zstd',
  gzip: 'gzip',
}

/** The compression a lent file has by its name, unless the request says one. */
export const lentFile = (file: SpoolFile, name: string, declared: string): DataFile => ({
  path: file.path,
  compression: declared === 'none' ? (COMPRESSION_OF[name.split('.').at(-1) ?? ''] ?? 'none') : declared,
})

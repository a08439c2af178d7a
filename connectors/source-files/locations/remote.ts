/** What files of the web and of S3 have in common: ranges, downloads, and copies in the scratch directory. */
import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { ConnectorContext } from '@tributary/connector-sdk'
import { changed, download, type RemoteBody } from './download.js'
import { readSlice } from './folder.js'
import type { HttpResponse } from './http-response.js'
import type { FileEntry, FileLocation, LocalFile } from './location.js'

export interface RemoteStore {
  /** GET with a Range header where given; answers 200, 206, 412 (changed) and 416 (behind the end), or throws. */
  get(entry: FileEntry, range: string | undefined): Promise<HttpResponse<Readable>>
  /** MD5 of the whole file, where the answer tells it. */
  md5(headers: Readonly<Record<string, unknown>>): string | undefined
}

/** `slice` and `open` over a store's GET. */
export function remoteFiles(
  store: RemoteStore,
  context: Pick<ConnectorContext<unknown>, 'signal' | 'log' | 'scratchDirectory'>,
): Pick<FileLocation, 'slice' | 'open'> {
  const open = async (entry: FileEntry): Promise<LocalFile> => {
    const path = join(context.scratchDirectory, randomUUID())
    const { bytes, sha256 } = await download({
      name: entry.name,
      path,
      expectedBytes: entry.bytes,
      context,
      request: (offset) => body(store, entry, offset),
    })
    return {
      path,
      bytes,
      version: entry.version ?? sha256,
      verify: () => Promise.resolve(),
      release: () => rm(path, { force: true }),
    }
  }
  /** Copies for servers that know no ranges, so that a footer costs one download and not several. */
  const copies = new Map<string, Promise<LocalFile>>()
  return {
    open,
    slice: async (entry, start, end) => {
      if (end <= start) return Buffer.alloc(0)
      const copy = copies.get(entry.name)
      if (copy !== undefined) return readSlice((await copy).path, start, end)
      const response = await store.get(entry, `bytes=${start}-${end - 1}`)
      if (response.status === 412) throw changed(entry.name)
      if (response.status === 416) {
        response.data.destroy()
        return Buffer.alloc(0)
      }
      if (response.status === 206 || start === 0) return take(response.data, end - start)
      response.data.destroy()
      const opened = open(entry)
      copies.set(entry.name, opened)
      return readSlice((await opened).path, start, end)
    },
  }
}

async function body(store: RemoteStore, entry: FileEntry, offset: number): Promise<RemoteBody> {
  const { status, data, headers } = await store.get(entry, offset === 0 ? undefined : `bytes=${offset}-`)
  if (status === 412 || status === 416) {
    data.destroy()
    throw changed(entry.name)
  }
  const length = numberOf(headers['content-length'])
  const begin = status === 206 ? offset : 0
  return {
    stream: data,
    offset: begin,
    totalBytes: length === undefined ? undefined : begin + length,
    md5: store.md5(headers),
  }
}

async function take(stream: Readable, length: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of stream) {
    pieces.push(piece as Buffer)
    bytes += (piece as Buffer).length
    if (bytes >= length) break
  }
  stream.destroy()
  return Buffer.concat(pieces).subarray(0, length)
}

/** A header's number, where it is one. */
export function numberOf(header: unknown): number | undefined {
  return header !== undefined && /^\d+$/.test(String(header)) ? Number(header) : undefined
}

/** Objects of an S3-compatible store. An object is there as a whole or not at all, so that nothing needs another name first. */
import { ConnectorError } from '@tributary/connector-sdk'
import { XMLParser } from 'fast-xml-parser'
import type { S3Config } from '../../config.js'
import type { Store } from '../store.js'
import { multipartUpload, PART_BYTES } from './multipart.js'
import type { S3Client } from './s3-client.js'

/** The most that one copy takes (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html). */
const COPY_BYTES = 5 * 2 ** 30
const PAGE_KEYS = 1000
const REMOVED_AT_ONCE = 8

const PARSER = new XMLParser({ parseTagValue: false, isArray: (name) => name === 'Contents' })

/** @param copyBytes larger objects are read and written */
export function s3Store(
  client: S3Client,
  config: S3Config,
  { copyBytes = COPY_BYTES, pageKeys = PAGE_KEYS } = {},
): Store {
  const root = (config.prefix ?? '').replace(/^\/+/, '').replace(/([^/])$/, '$1/')
  const put = async (name: string, body: Uint8Array): Promise<void> => {
    await client.send(`putting ${name}`, { method: 'PUT', key: root + name, headers: typeOf(name), body })
  }
  const page = async (prefix: string, query: Readonly<Record<string, string>> = {}): Promise<ListPage> => {
    const listed = {
      'list-type': '2',
      'encoding-type': 'url',
      'max-keys': String(pageKeys),
      prefix,
      ...query,
    }
    return parsePage(
      (await client.send('listing the bucket', { method: 'GET', key: '', query: listed })).body,
    )
  }
  const store: Store = {
    async check() {
      await page(root, { 'max-keys': '1' })
      // An upload that is never completed leaves nothing: it proves that objects may be put.
      const upload = await multipartUpload(client, `${root}.tributary/check`, {})
      await upload.abort()
    },
    async list(folder) {
      const names: string[] = []
      for (let token: string | undefined; ; ) {
        const next = await page(
          `${root}${folder}/`,
          token === undefined ? {} : { 'continuation-token': token },
        )
        names.push(...next.keys.map((key) => key.slice(root.length)))
        if (next.token === undefined) return names
        token = next.token
      }
    },
    read: (name) => client.stream(`reading ${name}`, root + name),
    async get(name) {
      const request = { method: 'GET', key: root + name, accept: [404] } as const
      const { status, body } = await client.send(`reading ${name}`, request)
      return status === 404 ? undefined : Buffer.from(body)
    },
    async write(name, chunks) {
      const parts = cut(chunks, PART_BYTES)
      const first = await parts.next()
      const second = await parts.next()
      if (second.done) return put(name, first.done ? new Uint8Array() : first.value)
      const upload = await multipartUpload(client, root + name, typeOf(name))
      try {
        let bytes = 0
        for await (const part of joined([first.value as Uint8Array, second.value], parts)) {
          await upload.put(part)
          bytes += part.length
        }
        await upload.complete(bytes)
      } catch (error) {
        await upload.abort().catch(() => undefined)
        throw error
      }
    },
    async copy(from, to) {
      const { headers } = await client.send(`reading ${from}`, { method: 'HEAD', key: root + from })
      if (Number(headers['content-length']) > copyBytes) return store.write(to, await store.read(from))
      await client.send(`copying to ${to}`, {
        method: 'PUT',
        key: root + to,
        headers: { 'x-amz-copy-source': client.copySource(root + from) },
      })
    },
    async remove(names) {
      for (let start = 0; start < names.length; start += REMOVED_AT_ONCE)
        await Promise.all(
          names
            .slice(start, start + REMOVED_AT_ONCE)
            .map((name) =>
              client.send(`removing ${name}`, { method: 'DELETE', key: root + name, accept: [404] }),
            ),
        )
    },
    tidy: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
  return store
}

async function* joined<T>(some: readonly T[], more: AsyncIterable<T>): AsyncGenerator<T> {
  yield* some
  yield* more
}

/** Pieces of exactly this size, the last one smaller; nothing of nothing. */
async function* cut(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  size: number,
): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = []
  let bytes = 0
  for await (let chunk of chunks) {
    while (bytes + chunk.length >= size) {
      yield Buffer.concat([...held, chunk.subarray(0, size - bytes)])
      chunk = chunk.subarray(size - bytes)
      held = []
      bytes = 0
    }
    if (chunk.length > 0) held.push(chunk)
    bytes += chunk.length
  }
  if (bytes > 0) yield Buffer.concat(held)
}

interface ListPage {
  readonly keys: readonly string[]
  readonly token: string | undefined
}

interface ListDocument {
  readonly ListBucketResult?: {
    readonly Contents?: readonly { readonly Key: string }[]
    readonly EncodingType?: string
    readonly IsTruncated?: string
    readonly NextContinuationToken?: string
  }
}

function parsePage(text: string): ListPage {
  const result = (PARSER.parse(text) as ListDocument).ListBucketResult
  if (result === undefined)
    throw new ConnectorError(
      'ConfigInvalid',
      'listing the bucket: the endpoint does not answer as S3 does; correct endpoint',
    )
  // Some stores ignore encoding-type and say so by leaving it out.
  const keys = (result.Contents ?? []).map(({ Key }) =>
    result.EncodingType === 'url' ? decodeURIComponent(Key.replaceAll('+', ' ')) : Key,
  )
  return { keys, token: result.IsTruncated === 'true' ? result.NextContinuationToken : undefined }
}

const TYPES: readonly (readonly [ending: string, type: string])[] = [
  ['.csv', 'text/csv; charset=utf-8'],
  ['.ndjson', 'application/x-ndjson'],
  ['.parquet', 'application/vnd.apache.parquet'],
  ['.gz', 'application/gzip'],
]

function typeOf(name: string): Record<string, string> {
  const type = TYPES.find(([ending]) => name.endsWith(ending))?.[1]
  return { 'content-type': type ?? 'application/octet-stream' }
}

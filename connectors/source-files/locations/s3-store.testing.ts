/**
 * A small S3-compatible store for tests: lists in pages, serves ranges and conditions, and accepts only requests that
 * AWS's own signer would have signed alike.
 */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Sha256 } from '@aws-crypto/sha256-js'
import { HttpRequest } from '@smithy/protocol-http'
import { SignatureV4 } from '@smithy/signature-v4'

export const STORE_KEY = { access_key_id: 'AKIATEST', secret_access_key: 'store-secret' }
const PAGE_SIZE = 1000

export interface S3Store {
  readonly endpoint: string
  put(key: string, body: string | Uint8Array): void
  close(): Promise<void>
}

interface StoredObject {
  readonly body: Buffer
  readonly etag: string
  readonly modified: Date
}

/** A store with one bucket, `exports`, on a free port. Buckets are in the path. */
export async function startS3Store(): Promise<S3Store> {
  const objects = new Map<string, StoredObject>()
  const server = createServer((request, response) => {
    void serve(objects, request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  let clock = Date.UTC(2026, 0, 1)
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    put(key, text) {
      const body = Buffer.from(text)
      const etag = `"${createHash('md5').update(body).digest('hex')}"`
      clock += 1000
      objects.set(key, { body, etag, modified: new Date(clock) })
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function serve(
  objects: ReadonlyMap<string, StoredObject>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const fail = (status: number, code: string): void => {
    response.writeHead(status, { 'content-type': 'application/xml' })
    response.end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`)
  }
  const problem = await signatureProblem(request)
  if (problem !== undefined) return fail(403, problem)
  const url = new URL(request.url ?? '/', 'http://store')
  const [, bucket, ...rest] = url.pathname.split('/')
  if (bucket !== 'exports') return fail(404, 'NoSuchBucket')
  const key = decodeURIComponent(rest.join('/'))
  if (key === '') {
    response.writeHead(200, { 'content-type': 'application/xml' })
    response.end(listing(objects, url.searchParams))
    return
  }
  const object = objects.get(key)
  if (object === undefined) return fail(404, 'NoSuchKey')
  if (request.headers['if-match'] !== undefined && request.headers['if-match'] !== object.etag)
    return fail(412, 'PreconditionFailed')
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  const start = Number(range?.[1] ?? 0)
  const end = range?.[2] ? Math.min(Number(range[2]) + 1, object.body.length) : object.body.length
  response.writeHead(range === null ? 200 : 206, { etag: object.etag, 'content-length': end - start })
  response.end(object.body.subarray(start, end))
}

async function signatureProblem(request: IncomingMessage): Promise<string | undefined> {
  const authorization = request.headers.authorization ?? ''
  const match = /Credential=([^/]+)\/\d+\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=/.exec(
    authorization,
  )
  if (match === null) return 'AccessDenied'
  const [, id, region, names] = match
  if (id !== STORE_KEY.access_key_id) return 'InvalidAccessKeyId'
  const date = String(request.headers['x-amz-date'])
  const signer = new SignatureV4({
    credentials: { accessKeyId: id, secretAccessKey: STORE_KEY.secret_access_key },
    region: region!,
    service: 's3',
    sha256: Sha256,
    uriEscapePath: false,
  })
  const url = new URL(request.url ?? '/', 'http://store')
  const headers = Object.fromEntries(names!.split(';').map((name) => [name, String(request.headers[name])]))
  const copy = new HttpRequest({
    method: request.method ?? 'GET',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers,
  })
  const signingDate = new Date(
    date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  )
  const { headers: signed } = await signer.sign(copy, { signingDate })
  return signed.authorization === authorization ? undefined : 'SignatureDoesNotMatch'
}

function listing(objects: ReadonlyMap<string, StoredObject>, query: URLSearchParams): string {
  const prefix = query.get('prefix') ?? ''
  const after = query.get('continuation-token') ?? ''
  const encode = (text: string): string =>
    encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('%20', '+')
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort()
  const page = keys.slice(0, Math.min(Number(query.get('max-keys') ?? PAGE_SIZE), PAGE_SIZE))
  const contents = page.map((key) => {
    const { body, etag, modified } = objects.get(key)!
    const tags = `<LastModified>${modified.toISOString()}</LastModified><ETag>${etag.replaceAll('"', '&quot;')}</ETag>`
    return `<Contents><Key>${encode(key)}</Key>${tags}<Size>${body.length}</Size></Contents>`
  })
  const truncated = page.length < keys.length
  const next = truncated ? `<NextContinuationToken>${encode(page.at(-1)!)}</NextContinuationToken>` : ''
  const head = `<EncodingType>url</EncodingType><IsTruncated>${truncated}</IsTruncated>${next}`
  return `<?xml version="1.0"?><ListBucketResult>${head}${contents.join('')}</ListBucketResult>`
}

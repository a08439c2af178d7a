/**
 * Requests to an S3-compatible store, signed with AWS Signature Version 4, through the connector's own HTTP client: the
 * same guards on addresses, retries and redaction as everywhere, which a vendor's SDK would go around.
 */
import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import {
  type Auth,
  type ConnectorContext,
  type HttpRequest,
  isConnectorError,
} from '@tributary/connector-sdk'
import { AwsV4Signer } from 'aws4fetch'
import type { S3Config } from '../../config.js'
import { guardedRead } from './guarded-read.js'
import { explained, s3ErrorCode, s3ErrorKind } from './s3-errors.js'

export interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  /** Of the bucket itself: empty. */
  readonly key: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** Statuses that are answers and no errors, besides 2xx. */
  readonly accept?: readonly number[]
}

export interface S3Answer<T> {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: T
}

export interface S3Client {
  /** An answer as text. `action` is what its error says: `putting x.csv`. */
  send(action: string, request: S3Request): Promise<S3Answer<string>>
  /** The bytes of an object as they come. */
  stream(action: string, key: string): Promise<Readable>
  /** Value of `x-amz-copy-source` for an object of this bucket. */
  copySource(key: string): string
}

const TIMEOUT_MS = 120_000
const EMPTY = new Uint8Array()

export function s3Client(config: S3Config, context: ConnectorContext<unknown>): S3Client {
  let lastCode: string | undefined
  const http = context.http({
    auth: signature(config),
    timeoutMs: TIMEOUT_MS,
    classify: ({ status, body }) => {
      const code = status === 200 || status >= 300 ? s3ErrorCode(body) : undefined
      lastCode = code
      return s3ErrorKind(code)
    },
  })
  const bucket = bucketUrl(config)
  const send = async (action: string, request: S3Request): Promise<S3Answer<string>> => {
    const { method, key, query, headers, body = EMPTY, accept = [] } = request
    const sent: HttpRequest = {
      method,
      url: urlOf(bucket, key, query),
      headers: { 'accept-encoding': 'identity', 'x-amz-content-sha256': sha256(body), ...headers },
      ...(body.length > 0 && { data: body }),
      responseType: 'text',
      // A POST begins or ends an upload: the second one does what the first one did, or says that it is done.
      idempotent: true,
      validateStatus: (status) => (status >= 200 && status < 300) || accept.includes(status),
    }
    try {
      const { status, headers: answered, data } = await http.request<string>(sent)
      return { status, headers: answered as Record<string, unknown>, body: data ?? '' }
    } catch (error) {
      throw explained(action, error, lastCode)
    }
  }
  return {
    send,
    async stream(action, key) {
      try {
        const { data } = await http.request<Readable>({
          url: urlOf(bucket, key),
          headers: { 'accept-encoding': 'identity', 'x-amz-content-sha256': sha256(EMPTY) },
          responseType: 'stream',
          decompress: false,
        })
        return guardedRead(data, action, context.signal)
      } catch (error) {
        // The body of a streamed error is not read; the same request for nothing of it says with a code what is wrong.
        if (isConnectorError(error) && /^4/.test(error.code ?? ''))
          await send(action, { method: 'GET', key, headers: { range: 'bytes=0-0' }, accept: [416] })
        throw error
      }
    },
    copySource: (key) => `${config.bucket}/${encodeKey(key)}`,
  }
}

function bucketUrl(config: S3Config): string {
  const region = config.region ?? 'us-east-1'
  const endpoint = new URL(config.endpoint ?? `https://s3.${region}.amazonaws.com`)
  // A dot in a bucket's name is not covered by the certificate of the store's host.
  const pathStyle = config.force_path_style ?? (config.endpoint !== undefined || config.bucket.includes('.'))
  const base = `${endpoint.protocol}//${pathStyle ? '' : `${config.bucket}.`}${endpoint.host}`
  const path = endpoint.pathname.replace(/\/$/, '')
  return `${base}${path}${pathStyle ? `/${encodeURIComponent(config.bucket)}` : ''}/`
}

function urlOf(bucket: string, key: string, query: Readonly<Record<string, string>> = {}): string {
  const search = Object.entries(query).map(([name, value]) => `${name}=${encodePart(value)}`)
  return bucket + encodeKey(key) + (search.length === 0 ? '' : `?${search.join('&')}`)
}

function encodeKey(key: string): string {
  return key.split('/').map(encodePart).join('/')
}

/** Everything but the unreserved characters of RFC 3986, as signatures want it. */
function encodePart(part: string): string {
  return encodeURIComponent(part).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** Signs each try anew, since a signature is good for minutes only. The hash of the body is signed with it. */
function signature(config: S3Config): Auth {
  return {
    async apply(request) {
      const { access_key_id, secret_access_key, session_token } = config
      const signer = new AwsV4Signer({
        method: request.method ?? 'GET',
        url: request.url ?? '',
        headers: Object.entries(request.headers ?? {}).map(([name, value]) => [name, String(value)]),
        accessKeyId: access_key_id,
        secretAccessKey: secret_access_key,
        ...(session_token !== undefined && { sessionToken: session_token }),
        service: 's3',
        region: config.region ?? 'us-east-1',
      })
      const signed = await signer.sign()
      return {
        ...request,
        // Headers can be iterated; the types of this TypeScript library set do not say so.
        headers: Object.fromEntries(signed.headers as unknown as Iterable<[string, string]>),
      }
    },
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/**
 * Objects of an S3-compatible store, through the connector's own HTTP client: the same guards on addresses, retries and
 * redaction as everywhere, which a vendor's SDK would go around.
 */
import type { Readable } from 'node:stream'
import {
  type Auth,
  type ConnectorContext,
  ConnectorError,
  type HttpClient,
  isConnectorError,
} from '@tributary/connector-sdk'
import { AwsV4Signer } from 'aws4fetch'
import { XMLParser } from 'fast-xml-parser'
import type { S3Config } from '../config.js'
import type { HttpResponse } from './http-response.js'
import type { FileEntry, FileLocation } from './location.js'
import { remoteFiles } from './remote.js'
import { s3ErrorCode, s3ErrorKind, s3Remedy } from './s3-errors.js'

export function s3Location(config: S3Config, context: ConnectorContext<unknown>): FileLocation {
  if ((config.access_key_id === undefined) !== (config.secret_access_key === undefined))
    throw new ConnectorError(
      'ConfigInvalid',
      'opening the bucket: one half of the key is missing; set access_key_id and secret_access_key, or neither',
    )
  let lastCode: string | undefined
  const http = context.http({
    auth: signature(config),
    timeoutMs: 120_000,
    classify: ({ status, body }) => {
      lastCode = status >= 300 ? s3ErrorCode(body) : undefined
      return s3ErrorKind(lastCode)
    },
  })
  const bucket = bucketUrl(config)
  const prefix = config.prefix ?? ''
  const page = async (query: Readonly<Record<string, string>>): Promise<ListPage> => {
    const search = new URLSearchParams({ 'list-type': '2', 'encoding-type': 'url', prefix, ...query })
    try {
      return parsePage(await http.get<string>(`${bucket}?${search}`))
    } catch (error) {
      throw explained(error, lastCode)
    }
  }
  const check = async (): Promise<void> => void (await page({ 'max-keys': '1' }))
  return {
    check,
    async list() {
      const entries: FileEntry[] = []
      for (let token: string | undefined; ; ) {
        const { objects, next } = await page(token === undefined ? {} : { 'continuation-token': token })
        for (const object of objects) {
          const name = object.key.slice(prefix.length).replace(/^\//, '')
          if (name !== '' && !name.endsWith('/')) entries.push({ ...object, name })
        }
        if (next === undefined) return entries
        token = next
      }
    },
    ...remoteFiles(
      {
        get: (entry, range) => get(http, bucket, entry as FileEntry & { key: string }, range, check),
        md5: md5Of,
      },
      context,
    ),
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

/** Signs each try anew, since a signature is good for minutes only. */
function signature(config: S3Config): Auth {
  return {
    async apply(request) {
      const { access_key_id, secret_access_key, session_token } = config
      if (access_key_id === undefined || secret_access_key === undefined) return request
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
        headers: Object.fromEntries(signed.headers as unknown as Iterable<[string, string]>),
      }
    },
  }
}

interface ListPage {
  readonly objects: readonly (FileEntry & { readonly key: string })[]
  readonly next: string | undefined
}

const PARSER = new XMLParser({ parseTagValue: false, isArray: (name) => name === 'Contents' })

interface ListDocument {
  readonly ListBucketResult?: {
    readonly Contents?: readonly Readonly<Record<'Key' | 'Size' | 'ETag' | 'LastModified', string>>[]
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
  const objects = (result.Contents ?? []).map((object) => {
    // Some stores ignore encoding-type and say so by leaving it out.
    const key =
      result.EncodingType === 'url' ? decodeURIComponent(object.Key.replaceAll('+', ' ')) : object.Key
    const modifiedMs = Date.parse(object.LastModified) || 0
    return { key, name: key, bytes: Number(object.Size), modifiedMs, version: object.ETag || undefined }
  })
  return { objects, next: result.IsTruncated === 'true' ? result.NextContinuationToken : undefined }
}

async function get(
  http: HttpClient,
  bucket: string,
  entry: FileEntry & { readonly key: string },
  range: string | undefined,
  check: () => Promise<void>,
): Promise<HttpResponse<Readable>> {
  const path = entry.key.split('/').map(encodeKeyPart).join('/')
  try {
    return await http.request<Readable>({
      url: `${bucket}${path}`,
      headers: {
        'accept-encoding': 'identity',
        ...(entry.version !== undefined && { 'if-match': entry.version }),
        ...(range !== undefined && { range }),
      },
      responseType: 'stream',
      decompress: false,
      validateStatus: (status) => status === 200 || status === 206 || status === 412 || status === 416,
    })
  } catch (error) {
    if (!isConnectorError(error)) throw error
    if (error.code === '404')
      throw new ConnectorError(
        'SourceUnavailable',
        `reading ${entry.name}: it was removed after the listing`,
        {
          code: '404',
        },
      )
    // The body of a streamed error is not read; listing says with a code what is wrong with the credentials.
    if (/^4/.test(error.code ?? '')) await check()
    throw error
  }
}

function encodeKeyPart(part: string): string {
  return encodeURIComponent(part).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** An ETag is the MD5 of an object that was uploaded in one part and not encrypted with a key of KMS or a customer. */
function md5Of(headers: Readonly<Record<string, unknown>>): string | undefined {
  const plain =
    headers['x-amz-server-side-encryption'] !== 'aws:kms' &&
    headers['x-amz-server-side-encryption'] !== 'aws:kms:dsse' &&
    headers['x-amz-server-side-encryption-customer-algorithm'] === undefined
  return plain ? /^"([0-9a-f]{32})"$/.exec(String(headers.etag ?? ''))?.[1] : undefined
}

function explained(error: unknown, code: string | undefined): unknown {
  const remedy = s3Remedy(code)
  if (!isConnectorError(error) || code === undefined || remedy === undefined) return error
  return new ConnectorError(error.kind, `listing the bucket: ${code}: ${remedy}`, { code })
}

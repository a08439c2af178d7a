/** Files at web addresses. A file is known by its ETag or its time; where a server gives neither, by its content. */
import type { Readable } from 'node:stream'
import {
  type ConnectorContext,
  ConnectorError,
  type HttpClient,
  isConnectorError,
} from '@tributary/connector-sdk'
import type { HttpResponse } from './http-response.js'
import type { FileEntry, FileLocation } from './location.js'
import { numberOf, remoteFiles } from './remote.js'

export interface WebOptions {
  readonly urls: readonly string[]
  /** Value of the Authorization header. */
  readonly authorization: string | undefined
}

/** Addresses are named by host and path: a query may hold a signature and is in no name, state or message. */
export function webLocation(options: WebOptions, context: ConnectorContext<unknown>): FileLocation {
  const http = context.http({
    auth: {
      apply: (request) =>
        Promise.resolve(
          options.authorization === undefined
            ? request
            : { ...request, headers: { ...request.headers, authorization: options.authorization } },
        ),
    },
    timeoutMs: 120_000,
  })
  const urls = new Map(namedUrls(options.urls))
  const files = remoteFiles(
    {
      get: (entry, range) => get(http, urls.get(entry.name) ?? '', entry, range),
      md5: () => undefined,
    },
    context,
  )
  const list = async (): Promise<FileEntry[]> => {
    const answers = await Promise.allSettled([...urls].map(([name, url]) => head(http, name, url)))
    const found = answers.filter((answer) => answer.status === 'fulfilled').length
    return answers.map((answer, index) => {
      if (answer.status === 'fulfilled') return answer.value
      // Where others answer, it is this address that is gone.
      if (found === 0 || !isGone(answer.reason)) throw answer.reason
      return missing([...urls.keys()][index]!, answer.reason)
    })
  }
  return { ...files, list, check: async () => void (await list()) }
}

/** The last part of the path names a file; more of the address where that is not enough. */
function namedUrls(urls: readonly string[]): [name: string, url: string][] {
  const names = new Set<string>()
  return urls.map((text) => {
    if (!URL.canParse(text))
      throw new ConnectorError(
        'ConfigInvalid',
        'reading the addresses: one is no URL; write it as https://host/path',
      )
    const url = new URL(text)
    const path = decodePath(url.pathname)
    let name = `${url.hostname}${path === '/' ? '' : path}`
    for (let copy = 2; names.has(name); copy++) name = `${url.hostname}/${copy}${path}`
    names.add(name)
    return [name, text]
  })
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

async function head(http: HttpClient, name: string, url: string): Promise<FileEntry> {
  // Many servers answer 403 or 405 to HEAD, signed addresses are made for GET only: one byte tells as much.
  const response =
    (await asked(() => http.request({ url, method: 'HEAD', headers: IDENTITY, decompress: false }))) ??
    (await http.request<Readable>({
      url,
      headers: { ...IDENTITY, range: 'bytes=0-0' },
      responseType: 'stream',
      decompress: false,
      validateStatus: (status) => status === 200 || status === 206 || status === 416,
    }))
  if (typeof response.data === 'object' && response.data !== null) (response.data as Readable).destroy()
  const headers = response.headers as Readonly<Record<string, unknown>>
  const bytes =
    response.status === 200
      ? numberOf(headers['content-length'])
      : numberOf(String(headers['content-range'] ?? '').split('/')[1])
  const modifiedMs = Date.parse(String(headers['last-modified'] ?? '')) || 0
  const etag = typeof headers.etag === 'string' ? headers.etag : undefined
  const version = etag ?? (modifiedMs > 0 ? `${bytes ?? ''}-${modifiedMs}` : undefined)
  return { name, bytes, modifiedMs, version }
}

const GONE = new Set(['403', '404', '410'])

function isGone(error: unknown): error is ConnectorError {
  return isConnectorError(error) && GONE.has(error.code ?? '')
}

/** A file that is named and not there. */
function missing(name: string, error: ConnectorError): FileEntry {
  const details = { cause: error, ...(error.code !== undefined && { code: error.code }) }
  const problem = new ConnectorError('UnreadableData', `reading ${name}: ${error.message}`, details)
  return { name, bytes: undefined, modifiedMs: 0, version: undefined, problem }
}

async function asked(
  request: () => Promise<HttpResponse<unknown>>,
): Promise<HttpResponse<unknown> | undefined> {
  try {
    return await request()
  } catch (error) {
    if (isConnectorError(error) && /^(4\d\d|501)$/.test(error.code ?? '') && error.code !== '429')
      return undefined
    throw error
  }
}

/** The bytes as they are stored: a transfer that is compressed on the way has no ranges of the file. */
const IDENTITY = { 'accept-encoding': 'identity' }

async function get(
  http: HttpClient,
  url: string,
  entry: FileEntry,
  range: string | undefined,
): Promise<HttpResponse<Readable>> {
  const strong = entry.version?.startsWith('"') ? { 'if-match': entry.version } : {}
  return http.request<Readable>({
    url,
    headers: { ...IDENTITY, ...strong, ...(range !== undefined && { range }) },
    responseType: 'stream',
    decompress: false,
    validateStatus: (status) => status === 200 || status === 206 || status === 412 || status === 416,
  })
}

/** Walks through a listing page by page, and notices when it goes in circles. */
import { createHash } from 'node:crypto'
import type { AxiosResponse } from 'axios'
import { ConnectorError, ConnectorErrorKind } from '../errors.js'
import type { HttpRequest, PagesOptions } from '../http/client.js'
import { describeRequest } from '../http/failures.js'
import type { Page } from './paging.js'
import { valueAt } from './path.js'

/**
 * The pages of a listing.
 * @throws ConnectorError ContractViolation when a page leads to one that was read already, SchemaIncompatible when the
 * items are not where they should be; and what `send` throws.
 */
export async function* listPages<T>(
  send: (request: HttpRequest) => Promise<AxiosResponse>,
  url: string,
  options: PagesOptions,
): AsyncGenerator<Page<T>> {
  const seen = new Set<string>()
  let request: HttpRequest | undefined = options.paging.first({
    method: 'GET',
    idempotent: true,
    responseType: 'json',
    ...options.request,
    url,
    params: { ...(options.request?.params as object | undefined), ...options.query },
  } as HttpRequest)
  while (request) {
    const key = fingerprint(request)
    if (seen.has(key)) throw goesInCircles(request, url)
    seen.add(key)
    const response: AxiosResponse = await send(request)
    const items = itemsOf<T>(response.data, options, url)
    const headers = response.headers as Readonly<Record<string, unknown>>
    const next: HttpRequest | undefined = options.paging.next(request, response, items.length)
    yield { items, body: response.data as unknown, headers }
    request = next
  }
}

function itemsOf<T>(body: unknown, options: PagesOptions, url: string): readonly T[] {
  const items = options.itemsPath === undefined ? body : valueAt(body, options.itemsPath)
  if (Array.isArray(items)) return items as T[]
  if (items === null || (items === undefined && options.optionalItems)) return []
  throw new ConnectorError(
    ConnectorErrorKind.SchemaIncompatible,
    `listing ${new URL(url).pathname}: there is no list ${options.itemsPath ? `at ${options.itemsPath}` : 'in the answer'}; ` +
      'check the base URL, or update the connector',
  )
}

/** Short, because a listing may have a million pages. */
function fingerprint(request: HttpRequest): string {
  const parts = [request.method, request.url, request.params, request.data, request.headers]
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64').slice(0, 16)
}

function goesInCircles(request: HttpRequest, url: string): ConnectorError {
  const described = describeRequest((request.method ?? 'GET').toUpperCase(), new URL(url))
  return new ConnectorError(
    ConnectorErrorKind.ContractViolation,
    `listing ${described}: a page leads back to a page that was read already; report it to the connector's author`,
  )
}

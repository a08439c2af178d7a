/** Pagings where the server gives the whole next address: in the body, or in the Link header (RFC 8288). */
import type { AxiosRequestConfig } from 'axios'
import { ConnectorError, ConnectorErrorKind } from '../errors.js'
import type { Paging } from './paging.js'
import { valueAt } from './path.js'

/**
 * The next page's address is in the body, absolute or relative to the page. Absent, null or empty: the last page.
 * @throws ConnectorError ContractViolation when the address is on another origin: credentials stay at home.
 */
export function nextUrlPaging(path: string): Paging {
  return {
    first: (request) => request,
    next(request, response) {
      const next = valueAt(response.data, path)
      return typeof next === 'string' && next !== '' ? followed(request, next) : undefined
    },
  }
}

/** The next page's address is the Link header's `rel="next"`. @throws as nextUrlPaging */
export function linkHeaderPaging(): Paging {
  return {
    first: (request) => request,
    next(request, response) {
      const next = nextLink(String((response.headers as Record<string, unknown>).link ?? ''))
      return next === undefined ? undefined : followed(request, next)
    },
  }
}

function nextLink(header: string): string | undefined {
  for (const [, url, parameters] of header.matchAll(
    /<([^>]*)>((?:\s*;\s*[^\s=;,]+(?:=(?:"[^"]*"|[^\s;,"]*))?)*)/g,
  )) {
    const relations = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,]+))/i.exec(parameters ?? '')
    if ((relations?.[1] ?? relations?.[2] ?? '').toLowerCase().split(/\s+/).includes('next')) return url
  }
  return undefined
}

function followed(request: AxiosRequestConfig, next: string): AxiosRequestConfig {
  const from = new URL(request.url ?? '')
  const target = URL.canParse(next, from.href) ? new URL(next, from) : undefined
  if (target?.origin !== from.origin) {
    throw new ConnectorError(
      ConnectorErrorKind.ContractViolation,
      `listing ${from.pathname}: the next page is on another origin than ${from.origin}, which may not get the ` +
        'credentials; check the base URL in the config',
    )
  }
  const { params: _, ...rest } = request
  return { ...rest, url: target.href }
}

/** Pagings that count: by offset and by page number. */
import type { AxiosRequestConfig } from 'axios'
import type { Paging } from './paging.js'
import { valueAt } from './path.js'

export interface OffsetPagingOptions {
  /** Items a page. */
  readonly limit: number
  /** @default 'limit' */
  readonly limitParameter?: string
  /** @default 'offset' */
  readonly offsetParameter?: string
  /** Where the body says how many items there are; absent: a page that is not full is the last. */
  readonly totalPath?: string
}

/** `?limit=100&offset=200`. A page without items is the last in any case. */
export function offsetPaging(options: OffsetPagingOptions): Paging {
  const { limit, limitParameter = 'limit', offsetParameter = 'offset', totalPath } = options
  return {
    first: (request) => withQuery(request, { [limitParameter]: limit, [offsetParameter]: 0 }),
    next(request, response, itemCount) {
      if (itemCount === 0) return undefined
      const offset = Number(queryOf(request)[offsetParameter]) + itemCount
      const total = totalPath === undefined ? undefined : valueAt(response.data, totalPath)
      const isLast = typeof total === 'number' ? offset >= total : itemCount < limit
      return isLast ? undefined : withQuery(request, { [offsetParameter]: offset })
    },
  }
}

export interface PageNumberPagingOptions {
  /** Items a page; sent when given. */
  readonly size?: number
  /** @default 'page' */
  readonly pageParameter?: string
  /** @default 'per_page' */
  readonly sizeParameter?: string
  /** Number of the first page. @default 1 */
  readonly first?: number
  /** Where the body says how many pages there are; absent: a page that is not full (without a size: empty) is the last. */
  readonly totalPagesPath?: string
}

/** `?page=3&per_page=100`. A page without items is the last in any case. */
export function pageNumberPaging(options: PageNumberPagingOptions = {}): Paging {
  const { size, pageParameter = 'page', sizeParameter = 'per_page', first = 1, totalPagesPath } = options
  return {
    first: (request) =>
      withQuery(request, {
        [pageParameter]: first,
        ...(size === undefined ? {} : { [sizeParameter]: size }),
      }),
    next(request, response, itemCount) {
      if (itemCount === 0) return undefined
      const page = Number(queryOf(request)[pageParameter]) + 1
      const total = totalPagesPath === undefined ? undefined : valueAt(response.data, totalPagesPath)
      const isLast =
        typeof total === 'number' ? page >= first + total : size !== undefined && itemCount < size
      return isLast ? undefined : withQuery(request, { [pageParameter]: page })
    },
  }
}

function queryOf(request: AxiosRequestConfig): Record<string, unknown> {
  return (request.params ?? {}) as Record<string, unknown>
}

function withQuery(request: AxiosRequestConfig, query: Record<string, unknown>): AxiosRequestConfig {
  return { ...request, params: { ...queryOf(request), ...query } }
}

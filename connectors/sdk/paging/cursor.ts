/** Paging by an opaque cursor that each page gives for the next. */
import type { Paging } from './paging.js'
import { valueAt } from './path.js'

export interface CursorPagingOptions {
  /** Query parameter (or key of the JSON body) that carries the cursor. @default 'cursor' */
  readonly parameter?: string
  /** Where the next cursor is found: a dotted path in the body, or a header's name. @default 'body' */
  readonly from?: 'body' | 'header'
  /** Where it is sent. @default 'query' */
  readonly into?: 'query' | 'body'
  /** Where the body says whether there are more pages, for sources that give a cursor on the last page too. */
  readonly hasMorePath?: string
}

/** `cursorPaging('meta.next')`. An absent, null, empty or false cursor means: the last page. */
export function cursorPaging(path: string, options: CursorPagingOptions = {}): Paging {
  const { parameter = 'cursor', from = 'body', into = 'query', hasMorePath } = options
  return {
    first: (request) => request,
    next(request, response) {
      const headers = response.headers as Record<string, unknown>
      const cursor = from === 'header' ? headers[path.toLowerCase()] : valueAt(response.data, path)
      const hasMore = hasMorePath === undefined || Boolean(valueAt(response.data, hasMorePath))
      if (!hasMore || (typeof cursor !== 'number' && (typeof cursor !== 'string' || cursor === ''))) {
        return undefined
      }
      return into === 'query'
        ? { ...request, params: { ...(request.params as object | undefined), [parameter]: cursor } }
        : { ...request, data: { ...(request.data as object | undefined), [parameter]: cursor } }
    },
  }
}

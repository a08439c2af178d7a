/** A page of a listing: its query checked, its cursor made and read. */
import type { Changed, PagedRecords, Position } from './collection.js'

const MAX_LIMIT = 250

export interface PageRequest {
  readonly since: string | undefined
  readonly before: string | undefined
  readonly limit: number
  readonly cursor: Cursor | undefined
}

/** Opaque for clients. It knows where its page starts and where the page before started. */
interface Cursor {
  readonly after: Position
  readonly previous: Position | null
  /** Times that the page before was repeated: a cursor is never given twice. */
  readonly repeats: number
}

export interface PageBody {
  readonly data: readonly Changed[]
  readonly next_cursor: string | null
}

/** @returns the request, or what is wrong with it */
export function parsePageRequest(query: URLSearchParams): PageRequest | { readonly problem: string } {
  const limit = Number(query.get('limit') ?? MAX_LIMIT)
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    return { problem: `limit must be a whole number from 1 to ${MAX_LIMIT}` }
  }
  const times: Record<string, string | undefined> = {}
  for (const name of ['updated_since', 'updated_before']) {
    const text = query.get(name)
    if (text !== null && Number.isNaN(Date.parse(text))) {
      return { problem: `${name} must be an ISO 8601 time` }
    }
    times[name] = text === null ? undefined : new Date(text).toISOString()
  }
  const cursor = parseCursor(query.get('cursor'))
  if (cursor === null) {
    return { problem: 'cursor is not one of this API' }
  }
  return { since: times.updated_since, before: times.updated_before, limit, cursor }
}

/** `repeat`: the page before once more, and a cursor to where the client already was. */
export function pageOf(records: PagedRecords, request: PageRequest, repeat: boolean): PageBody {
  const { since, before, limit, cursor } = request
  if (repeat && cursor !== undefined) {
    const repeated = records.page({ since, after: cursor.previous ?? undefined, before, limit })
    return { data: repeated.records, next_cursor: formatCursor({ ...cursor, repeats: cursor.repeats + 1 }) }
  }
  const { records: data, end } = records.page({ since, after: cursor?.after, before, limit })
  return {
    data,
    next_cursor:
      end === undefined ? null : formatCursor({ after: end, previous: cursor?.after ?? null, repeats: 0 }),
  }
}

function formatCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url')
}

function parseCursor(text: string | null): Cursor | undefined | null {
  if (text === null) {
    return undefined
  }
  try {
    const cursor = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Cursor
    return isPosition(cursor.after) && (cursor.previous === null || isPosition(cursor.previous))
      ? cursor
      : null
  } catch {
    return null
  }
}

function isPosition(value: unknown): value is Position {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string')
}

/** What is tried again, in words: how often it failed, why, when it goes on, and how to end it. */
import { formatTime } from './format.js'

/** Something that failed and is tried again. */
export interface RetryLine {
  /** Attempts that failed. */
  readonly failed: number
  /** Attempts at most. */
  readonly of?: number
  readonly type: string
  readonly message: string
  /** ISO 8601; absent: it is being tried. */
  readonly nextAt?: string
}

interface Retried {
  readonly source: string
  readonly retry?: RetryLine
  readonly streams: readonly { readonly name: string; readonly retry?: RetryLine }[]
}

/** `orders: attempt 3 of 8 failed, NetworkError: … refused; check the port; next 18:05:00`, one line each. */
export function retryLines({ source, retry, streams }: Retried): readonly string[] {
  const all = [
    ...(retry ? [retryLine(source, retry)] : []),
    ...streams.flatMap((stream) => (stream.retry ? [retryLine(stream.name, stream.retry)] : [])),
  ]
  if (all.length === 0) return []
  return [...all, `it goes on by itself once this is mended; to give up: tributary cancel ${source}`]
}

function retryLine(name: string, { failed, of, type, message, nextAt }: RetryLine): string {
  const attempt = `attempt ${failed}${of === undefined ? '' : ` of ${of}`} failed`
  const next = nextAt === undefined ? 'tried again now' : `next ${formatTime(nextAt).slice(11)} UTC`
  return `${name}: ${attempt}, ${type}: ${message}; ${next}`
}

/** Tells each failed attempt once, where nothing can be redrawn. */
export class RetryNotes {
  readonly #told = new Map<string, number>()

  /** The lines that are new in this picture. */
  fresh({ source, retry, streams }: Retried): readonly string[] {
    const fresh = (name: string, key: string, line: RetryLine | undefined) => {
      if (!line || (this.#told.get(key) ?? 0) >= line.failed) return []
      this.#told.set(key, line.failed)
      return [retryLine(name, line)]
    }
    return [
      ...fresh(source, '', retry),
      ...streams.flatMap((stream) => fresh(stream.name, `/${stream.name}`, stream.retry)),
    ]
  }
}

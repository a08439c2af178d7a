/** What a receiver's answer says about the records of its message. */
import {
  ConnectorError,
  ConnectorErrorKind,
  type DestinationRecord,
  OK,
  type RecordResult,
  rejected,
} from '@tributary/connector-sdk'

export type Answer =
  | { readonly kind: 'results'; readonly results: readonly RecordResult[] }
  /** It refuses the message for some of its records and does not say which, or for its size. */
  | { readonly kind: 'refused'; readonly status: number }

/** Statuses by which a receiver refuses what a message holds. */
const REFUSALS: ReadonlySet<number> = new Set([400, 413, 422])

/** True for the statuses that {@link readAnswer} reads; every other one is an error of the whole. */
export function isAnswer(status: number): boolean {
  return (status >= 200 && status < 300) || REFUSALS.has(status)
}

/**
 * The answer's meaning: `{ "results": […] }` has a word for every record; without it 2xx means that all were taken.
 * @throws ConnectorError where there are results that are not the documented ones
 */
export function readAnswer(status: number, body: string, records: readonly DestinationRecord[]): Answer {
  const results = resultsIn(body)
  if (results === undefined) {
    return status < 300 ? { kind: 'results', results: records.map(() => OK) } : { kind: 'refused', status }
  }
  if (results.length !== records.length) {
    throw unreadable(`${results.length} results for ${records.length} records`)
  }
  return { kind: 'results', results: results.map((result, index) => readResult(result, records[index]!)) }
}

function resultsIn(body: string): readonly unknown[] | undefined {
  if (!body.includes('"results"')) return undefined
  try {
    const parsed: unknown = JSON.parse(body)
    if (typeof parsed !== 'object' || parsed === null || !('results' in parsed)) return undefined
    return Array.isArray(parsed.results) ? (parsed.results as unknown[]) : undefined
  } catch {
    return undefined
  }
}

function readResult(result: unknown, record: DestinationRecord): RecordResult {
  const { status, reason, code, after_seconds } = (result ?? {}) as Readonly<Record<string, unknown>>
  const why = withoutValues(typeof reason === 'string' ? reason : 'the receiver gives no reason', record)
  switch (status) {
    case 'ok':
      return OK
    case 'rejected':
      return rejected(why, codeOf(code, record))
    case 'retry': {
      const afterMs =
        typeof after_seconds === 'number' && after_seconds >= 0 ? after_seconds * 1000 : undefined
      return { status, reason: why, ...(afterMs !== undefined && { afterMs }) }
    }
    default:
      throw unreadable('a result whose status is none of ok, rejected, retry')
  }
}

function codeOf(code: unknown, record: DestinationRecord): string | undefined {
  if (typeof code !== 'string' && typeof code !== 'number') return undefined
  return withoutValues(String(code), record).slice(0, 64)
}

const LONGEST_REASON = 300
/** Shorter values would turn the reason into asterisks and give nothing away. */
const SHORTEST_VALUE = 3

/** The receiver's words as one line that names no value of the record. */
function withoutValues(text: string, { match, fields }: DestinationRecord): string {
  const values = [...Object.values(match), ...Object.values(fields)].flatMap(texts)
  const masked = values
    .filter((value) => value.length >= SHORTEST_VALUE)
    .sort((left, right) => right.length - left.length)
    .reduce((reason, value) => reason.replaceAll(value, '***'), text)
  return masked
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_REASON)
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number') return [String(value)]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : []
}

function unreadable(what: string): ConnectorError {
  return new ConnectorError(
    ConnectorErrorKind.ConfigInvalid,
    `reading the receiver's answer: ${what}; answer one result for each record, in their order, or none at all`,
  )
}

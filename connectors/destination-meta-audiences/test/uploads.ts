/**
 * What an upload may be, and what of it counts: its schema, its rows, its session.
 * https://developers.facebook.com/documentation/ads-commerce/marketing-api/reference/custom-audience/users
 * https://developers.facebook.com/documentation/ads-commerce/marketing-api/audiences/guides/custom-audiences#hash
 */
import type { Parameters } from './graph.js'

/** What is known of a person, by key of the schema. */
export type Row = Readonly<Record<string, unknown>>

export interface Upload {
  readonly rows: readonly Row[]
  /** Rows that do not count, as they came. */
  readonly invalid: readonly (readonly unknown[])[]
  readonly session: Session | undefined
}

export interface Session {
  readonly session_id: number
  readonly batch_seq: number
  readonly last_batch_flag: boolean
}

const MOST_ROWS = 10_000
/** Keys whose values must not be hashed, or need not be. */
const PLAIN = new Set(['MADID', 'EXTERN_ID', 'DATA_PROCESSING_OPTIONS'])
const HASHED = [
  'EMAIL',
  'PHONE',
  'GEN',
  'DOBY',
  'DOBM',
  'DOBD',
  'LN',
  'FN',
  'FI',
  'CT',
  'ST',
  'ZIP',
  'COUNTRY',
]
const KEYS = new Set([...HASHED, ...PLAIN])

/** The upload; undefined where a parameter is none (error 100). */
export function readUpload({ payload, session }: Parameters): Upload | undefined {
  if (!isRecord(payload) || !Array.isArray(payload.data)) return undefined
  const keys: unknown = payload.schema
  const data = payload.data as unknown[]
  if (!Array.isArray(keys) || keys.length === 0 || new Set(keys).size < keys.length) return undefined
  if (!keys.every((key) => KEYS.has(key as string)) || data.length === 0 || data.length > MOST_ROWS)
    return undefined
  if (!data.every((row) => Array.isArray(row) && row.length === keys.length)) return undefined
  if (session !== undefined && !isSession(session)) return undefined
  const entries = data as unknown[][]
  const isValid = (entry: unknown[]): boolean =>
    entry.every((value, index) => isValue(keys[index] as string, value)) &&
    entry.some((value) => typeof value === 'string' && value !== '')
  return {
    rows: entries.filter(isValid).map((entry) => rowOf(keys as string[], entry)),
    invalid: entries.filter((entry) => !isValid(entry)),
    session,
  }
}

function rowOf(keys: readonly string[], entry: readonly unknown[]): Row {
  const known = keys.map((key, index) => [key, entry[index]] as const)
  return Object.fromEntries(known.filter(([, value]) => value !== ''))
}

function isValue(key: string, value: unknown): boolean {
  if (key === 'DATA_PROCESSING_OPTIONS')
    return JSON.stringify(value) === '["LDU"]' || JSON.stringify(value) === '[]'
  if (typeof value !== 'string') return false
  if (value === '') return true
  if (key === 'MADID') return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)
  return PLAIN.has(key) || /^[0-9a-f]{64}$/.test(value)
}

function isSession(session: unknown): session is Session {
  return (
    isRecord(session) &&
    isPositive(session.session_id) &&
    isPositive(session.batch_seq) &&
    typeof session.last_batch_flag === 'boolean'
  )
}

/** A number as JSON, which a client in JavaScript cannot write beyond 2^53. */
function isPositive(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `tributary.ended_sessions`: sessions that are over before their time, by the hash of their cookie. */
import type { Warehouse } from '../client.js'
import { timeValue } from '../iso-time.js'
import { selectRows } from '../query.js'

export interface EndedSession {
  /** SHA-256 of the cookie, hexadecimal. */
  readonly session: string
  /** Epoch milliseconds: from when on it would be over anyway. */
  readonly expiresAtMs: number
}

/** Durable when the promise resolves. */
export async function writeEndedSession(
  warehouse: Warehouse,
  { session, expiresAtMs }: EndedSession,
): Promise<void> {
  await warehouse.insert({
    table: 'tributary.ended_sessions',
    columns: ['session', 'expires_at'],
    values: [{ session, expires_at: timeValue(expiresAtMs) }],
    format: 'JSONEachRow',
  })
}

/** Hashes of the sessions that were ended and would go on otherwise. */
export async function readEndedSessions(warehouse: Warehouse): Promise<readonly string[]> {
  const rows = await selectRows<{ session: string }>(
    warehouse,
    'SELECT DISTINCT session FROM tributary.ended_sessions WHERE expires_at > now64(3)',
  )
  return rows.map(({ session }) => session)
}

/**
 * A custom audience of the stand-in: who is in it, and the one replacement that may be under way.
 * https://developers.facebook.com/documentation/ads-commerce/marketing-api/audiences/guides/custom-audiences#replace-users-api
 * Which people Meta makes of rows nobody outside knows. Here two rows are one person where they share an address, a number or an
 * id, or else all that they say; what was said last of a person counts.
 */
import type { FaultResponse } from '@tributary/connector-sdk/testing'
import { graphError } from './graph.js'
import type { Row, Upload } from './uploads.js'

export interface Audience {
  readonly id: string
  readonly name: string
  readonly subtype: string
  /** @default 200, normal */
  operationStatus: number
  readonly isValueBased: boolean
  /** Session id to rows received. */
  readonly sessions: Map<number, number>
  members: Row[]
  replacement?: {
    readonly session: number
    readonly startedAt: number
    rows: Row[]
    state: 'open' | 'ended' | 'timed out'
  }
}

const REPLACE_MS = 90 * 60_000
const STRONG = ['EMAIL', 'PHONE', 'EXTERN_ID', 'MADID']

export function createAudience(
  id: string,
  { name = `Audience ${id}`, subtype = 'CUSTOM', isValueBased = false }: Partial<Audience> = {},
): Audience {
  return { id, name, subtype, isValueBased, operationStatus: 200, sessions: new Map(), members: [] }
}

/** Adds or removes the rows of an upload. */
export function changeUsers(audience: Audience, upload: Upload, remove: boolean, now: number): FaultResponse {
  endLateReplacement(audience, now)
  if (audience.replacement?.state === 'open') return graphError({ code: 2650, subcode: 1870145 })
  const touched = new Set(upload.rows.flatMap(identities))
  const others = audience.members.filter((row) => !identities(row).some((identity) => touched.has(identity)))
  audience.members = remove ? others : [...others, ...onceEach(upload.rows)]
  return received(audience, upload)
}

/** A batch of a replacement. The first begins it, the one marked last ends it, and so do 90 minutes. */
export function replaceUsers(audience: Audience, upload: Upload, now: number): FaultResponse {
  endLateReplacement(audience, now)
  const { session } = upload
  if (session === undefined) return graphError({ code: 100 })
  const { replacement } = audience
  if (session.batch_seq === 1) {
    const busy = replacement?.state === 'open' || audience.operationStatus !== 200
    if (busy) return graphError({ code: 2650, subcode: 1870145 })
    audience.replacement = { session: session.session_id, startedAt: now, rows: [], state: 'open' }
  } else if (replacement?.session !== session.session_id) {
    return graphError({ code: 2650, subcode: 1870147 })
  } else if (replacement.state !== 'open') {
    return graphError({ code: 2650, subcode: replacement.state === 'ended' ? 1870159 : 1870158 })
  }
  const open = audience.replacement!
  open.rows = onceEach([...open.rows, ...upload.rows])
  if (session.last_batch_flag) {
    open.state = 'ended'
    audience.members = open.rows
  }
  return received(audience, upload)
}

/** What `operation_status` says: 414 while a replacement is under way. */
export function statusOf(audience: Audience, now: number): number {
  endLateReplacement(audience, now)
  return audience.replacement?.state === 'open' ? 414 : audience.operationStatus
}

function endLateReplacement(audience: Audience, now: number): void {
  const { replacement } = audience
  if (replacement?.state !== 'open' || now - replacement.startedAt < REPLACE_MS) return
  replacement.state = 'timed out'
  audience.members = replacement.rows
}

function received(audience: Audience, { rows, invalid, session }: Upload): FaultResponse {
  const id = session?.session_id ?? 1_000_000 + audience.sessions.size
  const total = (audience.sessions.get(id) ?? 0) + rows.length + invalid.length
  audience.sessions.set(id, total)
  return {
    body: {
      audience_id: audience.id,
      session_id: String(id),
      num_received: total,
      num_invalid_entries: invalid.length,
      invalid_entry_samples: invalid.slice(0, 100).map((entry) => entry.find((value) => value !== '') ?? ''),
    },
  }
}

function onceEach(rows: readonly Row[]): Row[] {
  const people = new Map<string, Row>()
  for (const row of rows) {
    for (const identity of identities(row)) people.set(identity, row)
  }
  return [...new Set(people.values())]
}

function identities(row: Row): string[] {
  const strong = STRONG.filter((key) => row[key] !== undefined).map((key) => `${key} ${String(row[key])}`)
  return strong.length > 0 ? strong : [JSON.stringify(row)]
}

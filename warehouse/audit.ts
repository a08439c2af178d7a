/** `tributary.audit`: who did what, append-only. */
import type { Warehouse } from './client.js'
import { isoTime } from './iso-time.js'
import { selectRows } from './query.js'

export interface AuditEntry {
  /** Who: a person's name, or what acts for nobody (`schedule`). */
  readonly actor: string
  /** What, as a verb of the command line: `activate approve`. */
  readonly action: string
  /** Of what, by its id. */
  readonly subject: string
  /** More, in words; no record content and no secret. */
  readonly detail: string
}

export interface RecordedAuditEntry extends AuditEntry {
  /** ISO 8601 in UTC. */
  readonly at: string
}

/** Keeps an entry; durable when the promise resolves. Each call is one. */
export async function recordAudit(warehouse: Warehouse, entry: AuditEntry): Promise<void> {
  const { actor, action, subject, detail } = entry
  await warehouse.insert({
    table: 'tributary.audit',
    columns: ['actor', 'action', 'subject', 'detail'],
    values: [{ actor, action, subject, detail }],
    format: 'JSONEachRow',
  })
}

export interface AuditFilter {
  readonly limit: number
  readonly subject?: string
  readonly action?: string
  readonly actor?: string
  /** ISO 8601: only older ones. */
  readonly before?: string
}

/** The newest entries, newest first: all of them, or those that the filter names. */
export async function listAudit(warehouse: Warehouse, filter: AuditFilter): Promise<RecordedAuditEntry[]> {
  const { limit, subject = '', action = '', actor = '', before } = filter
  return selectRows<RecordedAuditEntry>(
    warehouse,
    `SELECT actor, action, subject, detail, ${isoTime('audit.at')} AS at
     FROM tributary.audit AS audit
     WHERE ({subject:String} = '' OR subject = {subject:String}) AND ({action:String} = '' OR action = {action:String})
       AND ({actor:String} = '' OR actor = {actor:String})
       AND (isNull({before:Nullable(String)}) OR audit.at < parseDateTime64BestEffort({before:Nullable(String)}, 3, 'UTC'))
     ORDER BY audit.at DESC LIMIT {limit:UInt32}`,
    { limit, subject, action, actor, before: before ?? null },
  )
}

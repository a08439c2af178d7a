/** `tributary.audit` for the server: keeps who did what, and lists it. */
import {
  type AuditEntry,
  type AuditFilter,
  listAudit,
  type RecordedAuditEntry,
  recordAudit,
} from '../../warehouse/audit.js'
import type { OperationContext } from '../context.js'

type AuditContext = Pick<OperationContext, 'warehouse'>

export type { RecordedAuditEntry }

/** Durable when the promise resolves. */
export async function recordAction({ warehouse }: AuditContext, entry: AuditEntry): Promise<void> {
  await recordAudit(await warehouse(), entry)
}

/** Newest first. @default limit 200 */
export async function listActions(
  { warehouse }: AuditContext,
  options: Partial<AuditFilter> = {},
): Promise<readonly RecordedAuditEntry[]> {
  return listAudit(await warehouse(), { limit: 200, ...options })
}

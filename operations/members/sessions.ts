/** Signing out: the session counts nowhere any more, whoever has a copy of its cookie. */
import { readEndedSessions, writeEndedSession } from '../../warehouse/access/sessions.js'
import { recordAudit } from '../../warehouse/audit.js'
import type { OperationContext } from '../context.js'

type SessionsContext = Pick<OperationContext, 'warehouse'>

/** @param session its hash. Idempotent */
export async function endSession(
  { warehouse }: SessionsContext,
  {
    session,
    expiresAtMs,
    by,
  }: { readonly session: string; readonly expiresAtMs: number; readonly by: string },
): Promise<void> {
  const connection = await warehouse()
  await writeEndedSession(connection, { session, expiresAtMs })
  await recordAudit(connection, { actor: by, action: 'sign out', subject: by, detail: '' })
}

/** Hashes of the sessions that somebody signed out of. */
export async function endedSessions({ warehouse }: SessionsContext): Promise<ReadonlySet<string>> {
  return new Set(await readEndedSessions(await warehouse()))
}

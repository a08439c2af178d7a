/** The key that sessions are signed with: kept with the workspace's secrets, made at the first start. */
import { randomBytes } from 'node:crypto'
import type { SecretProvider } from '../../runtime/secrets/provider.js'

export const SESSION_KEY = 'TRIBUTARY_SESSION_KEY'
const MIN_LENGTH = 32

/** @throws where the key is too short, or there is none and it cannot be kept */
export async function sessionKey(secrets: SecretProvider): Promise<string> {
  const kept = await secrets.get(SESSION_KEY)
  if (kept === undefined) {
    if (secrets.set === undefined)
      throw new Error(
        `finding the key of sessions: ${secrets.place} cannot keep one; set the secret ${SESSION_KEY} there to ${MIN_LENGTH} random characters or more`,
      )
    await secrets.set(SESSION_KEY, randomBytes(32).toString('base64url'))
    // Read again: what another process keeps meanwhile counts.
    return (await secrets.get(SESSION_KEY))!
  }
  if (kept.length < MIN_LENGTH)
    throw new Error(
      `reading the secret ${SESSION_KEY}: it is too short to sign sessions with; set it to ${MIN_LENGTH} random characters or more`,
    )
  return kept
}

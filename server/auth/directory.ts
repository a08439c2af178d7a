/**
 * Members, tokens and sessions that ended, as every request asks for them: read from the warehouse once a second at most,
 * whoever asks. A change through this server counts at once; one through another server within that second.
 */
import type { OperationContext } from '../../operations/context.js'
import { currentMembers } from '../../operations/members/members.js'
import { endedSessions } from '../../operations/members/sessions.js'
import { activeTokens, noteUse, tokenHash } from '../../operations/members/tokens.js'
import { WarehouseSilent } from '../errors.js'
import { remembered } from '../remembered.js'
import { within } from '../within.js'
import type { Directory } from './identity.js'

const FRESH_MS = 1000
/** Every request waits for this, and a page that hears nothing for longer takes the server for dead, milliseconds. */
const PATIENCE_MS = 5000
/** How often the use of one token is noted, milliseconds. */
const NOTE_EVERY_MS = 300_000

/** @param patienceMs how long a warehouse that stands still is waited for */
export function createDirectory(
  context: Pick<OperationContext, 'warehouse'>,
  patienceMs = PATIENCE_MS,
): Directory {
  const look = <Value>(read: () => Promise<Value>) =>
    remembered(() => within(patienceMs, () => new WarehouseSilent(), read), FRESH_MS)
  const members = look(async () => {
    const all = await currentMembers(context)
    return new Map(all.map((member) => [member.id, member]))
  })
  const tokens = look(async () => {
    const all = await activeTokens(context)
    return new Map(all.map((token) => [token.hash, token]))
  })
  const ended = look(() => endedSessions(context))
  const noted = new Map<string, number>()
  return {
    member: async (id) => (await members.get()).get(id),
    isOver: async (session) => (await ended.get()).has(session),
    async token(secret) {
      const token = (await tokens.get()).get(tokenHash(secret))
      if (token === undefined || (token.expiresAtMs !== null && token.expiresAtMs <= Date.now()))
        return undefined
      if (Date.now() - (noted.get(token.id) ?? 0) > NOTE_EVERY_MS) {
        noted.set(token.id, Date.now())
        // Nobody waits for the note, and nobody minds a lost one.
        void noteUse(context, token.id).catch(() => undefined)
      }
      return token
    },
    refresh() {
      members.forget()
      tokens.forget()
      ended.forget()
    },
  }
}

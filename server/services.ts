/** What the server itself knows, beside the operations: who is who, sessions, and how it is reached. */
import { changeMarks } from '../operations/change-marks.js'
import type { OperationContext } from '../operations/context.js'
import { type Vitals, vitals } from '../operations/vitals.js'
import { productVersion } from '../runtime/version.js'
import { sessionCookieName } from './auth/cookie.js'
import { createDirectory } from './auth/directory.js'
import type { Directory } from './auth/identity.js'
import { sessionKey } from './auth/session-key.js'
import { createSessions, type Sessions } from './auth/sessions.js'
import type { ServerConfig } from './config.js'
import { createEventHub, type EventHub } from './event-hub.js'
import { remembered } from './remembered.js'

export interface Services {
  readonly sessions: Sessions
  readonly directory: Directory
  /** Hints of changes, to the pages that are open. */
  readonly events: EventHub
  /** Whether what the server needs answers, asked once in a few seconds for all pages together. */
  vitals(): Promise<Vitals>
  /** The address that people use, where it is not the one of the request. */
  readonly publicUrl?: string
  /** The page is reached over https: cookies go over nothing else. */
  readonly secure: boolean
  /** Of the session's cookie. */
  readonly cookieName: string
  readonly version: string
}

const VITALS_FRESH_MS = 5000

/** Makes the key of sessions where there is none yet. */
export async function createServices(
  operations: OperationContext,
  { publicUrl, idleMs }: Pick<ServerConfig, 'publicUrl' | 'idleMs'>,
): Promise<Services> {
  const key = await sessionKey(operations.secrets)
  const sessions = createSessions(key, idleMs === undefined ? {} : { idleMs })
  const secure = publicUrl?.startsWith('https:') ?? false
  return {
    sessions,
    directory: createDirectory(operations),
    events: createEventHub(() => changeMarks(operations)),
    vitals: remembered(() => vitals(operations), VITALS_FRESH_MS).get,
    secure,
    cookieName: sessionCookieName(sessions.cookieName, secure),
    version: productVersion(),
    ...(publicUrl !== undefined && { publicUrl }),
  }
}

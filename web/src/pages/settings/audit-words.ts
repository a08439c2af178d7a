/** What members did, as people say it; the log has the words of the command line. */
import { formatTime } from '../../ui/format.js'

const PHRASES: Readonly<Record<string, string>> = {
  'sign in': 'signed in',
  'login-link': 'made a sign-in link',
  apply: 'published everything',
  sync: 'synced',
  backfill: 'read the past again',
  reset: 'read a stream anew',
  pause: 'paused',
  resume: 'resumed',
  cancel: 'cancelled what ran',
  'skip stream': 'left a stream out of a sync',
  parallelism: 'changed how many streams are read at once',
  refresh: 'refreshed people',
  'state rollback': 'took a stream back',
  'rejects replay': 'tried rejected rows again',
  'retention apply': 'removed old data',
  'identifiers add': 'added kinds of identifiers',
  'list add': 'added people to a list',
  'list remove': 'took people off a list',
  'profile merge': 'merged profiles',
  'profile split': 'split a profile',
  'profile undo': 'took back a decision about profiles',
  'secrets set': 'kept a secret',
  'secrets remove': 'removed a secret',
  'secrets move': 'let a secret go to another address',
  'secrets refuse': 'was refused to send a secret to another address',
  'members invite': 'invited a member',
  'members role': 'changed a role',
  'members remove': 'removed a member',
  'members link': 'made a sign-in link',
  'members sign-out': 'signed a member out',
  'tokens create': 'created a token',
  'tokens revoke': 'revoked a token',
  'workspace write': 'edited a file',
  'workspace delete': 'deleted a file',
  'upload send': 'sent a file',
  'upload remove': 'removed a file that was sent',
  'upload restore': 'brought a file back that was sent',
  'activate plan': 'made a dry run',
  'activate apply': 'sent an activation',
  'activate approve': 'approved a plan',
  'activate refuse': 'refused a plan',
  'activate undo': 'took back a run',
  'activate undo plan': 'looked at taking back a run',
  'activate cancel': 'cancelled an activation',
  'activate pause': 'paused an activation',
  'activate resume': 'resumed an activation',
}

const VERBS: Readonly<Record<string, string>> = { write: 'edited', delete: 'deleted', publish: 'published' }
const FOLDERS: Readonly<Record<string, string>> = {
  sources: 'a source',
  mappings: 'a mapping',
  segments: 'a segment',
  activations: 'an activation',
  destinations: 'a tool',
}

/** `sources publish` is `published a source`; what is not known stays as it is. */
export function sayAction(action: string): string {
  const phrase = PHRASES[action]
  if (phrase !== undefined) return phrase
  const [folder = '', verb = ''] = action.split(' ')
  const [did, what] = [VERBS[verb], FOLDERS[folder]]
  return did === undefined || what === undefined ? action : `${did} ${what}`
}

/** Longer ids and hashes are known by how they begin. */
const SHORT = 12

/** A time as programs write it. */
const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g

/** The detail of an entry as people read it: of a record its parts, ids as they begin; times by the clock of the zone. */
export function sayDetail(detail: string, zone: string): string {
  const parts = recordOf(detail)
  const said =
    parts === undefined
      ? detail
      : Object.entries(parts)
          .map(([name, value]) => `${name.replaceAll('_', ' ')}: ${shortened(String(value))}`)
          .join(', ')
  return said.replace(INSTANT, (at) => formatTime(new Date(at), zone))
}

function recordOf(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!text.startsWith('{')) return undefined
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>
  } catch {
    return undefined
  }
}

const shortened = (text: string): string =>
  /^[0-9a-f-]{20,}$/.test(text) ? `${text.slice(0, SHORT)}…` : text

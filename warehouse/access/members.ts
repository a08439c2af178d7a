/** `tributary.members`: who may sign in, as what. The newest version of a member counts. */
import type { Warehouse } from '../client.js'
import { isoTime } from '../iso-time.js'
import { selectRows } from '../query.js'

export interface MemberRow {
  readonly member: string
  readonly name: string
  readonly role: string
  /** Sessions of an earlier epoch are over. */
  readonly epoch: number
  readonly removed: boolean
  readonly version: number
  readonly author: string
}

export interface StoredMember extends MemberRow {
  /** ISO 8601: when the first version was written. */
  readonly since: string
}

/** Keeps a version; durable when the promise resolves. */
export async function writeMember(warehouse: Warehouse, row: MemberRow): Promise<void> {
  await warehouse.insert({
    table: 'tributary.members',
    columns: ['member', 'name', 'role', 'epoch', 'removed', 'version', 'author'],
    values: [row],
    format: 'JSONEachRow',
  })
}

/** Every member that there is or was, by name. */
export async function readMembers(warehouse: Warehouse): Promise<readonly StoredMember[]> {
  // Of two versions with one number the one that allows less wins.
  return selectRows<StoredMember>(
    warehouse,
    `SELECT member, argMax(versions.name, rank) AS name, argMax(versions.role, rank) AS role,
       max(versions.epoch) AS epoch, argMax(versions.removed, rank) AS removed, max(versions.version) AS version,
       argMax(versions.author, rank) AS author, ${isoTime('min(versions.at)')} AS since
     FROM (
       SELECT *, (version, removed, -indexOf(['viewer', 'marketer', 'operator', 'admin'], role), at) AS rank
       FROM tributary.members
     ) AS versions
     GROUP BY member ORDER BY name, member`,
  )
}

/** The loyalty programme's records: read from the data directory, changed while the API serves them. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { Member, PointsEntry } from '../extract/members.js'
import { Collection } from './collection.js'

/** What the API says of somebody who left: that they did, and nothing else. */
export interface DepartedMember {
  readonly member_id: string
  readonly deleted: true
  readonly updated_at: string
}

export interface LoyaltyData {
  readonly members: readonly Member[]
  readonly points: readonly PointsEntry[]
}

/** What can be changed of a member. */
export type MemberChange = Partial<
  Pick<Member, 'first_name' | 'email' | 'phone' | 'marketing_consent' | 'tier'>
>

/** Reads `loyalty/` of the data directory. */
export async function readLoyaltyData(dataDirectory: string): Promise<LoyaltyData> {
  const read = async <T>(name: string): Promise<T[]> => {
    const text = await promisify(gunzip)(await readFile(join(dataDirectory, 'loyalty', name)))
    return text
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as T)
  }
  return {
    members: await read<Member>('members.ndjson.gz'),
    points: await read<PointsEntry>('points.ndjson.gz'),
  }
}

export class Programme {
  readonly members: Collection<Member | DepartedMember>
  readonly points: Collection<PointsEntry>
  #entries = 0

  constructor(data: LoyaltyData) {
    this.members = new Collection<Member | DepartedMember>(data.members, ({ member_id }) => member_id)
    this.points = new Collection(data.points, ({ entry_id }) => entry_id)
  }

  /** Changes a member as of now. @throws when there is no such member */
  update(memberId: string, change: MemberChange): Member {
    const member = { ...this.#member(memberId), ...change, updated_at: new Date().toISOString() }
    this.members.put(member)
    return member
  }

  /** Forgets a member; the API goes on saying that they left. @throws when there is no such member */
  leave(memberId: string): void {
    this.#member(memberId)
    this.members.put({ member_id: memberId, deleted: true, updated_at: new Date().toISOString() })
  }

  /** Books points of a member as of now. @throws when there is no such member */
  earn(memberId: string, points: number): PointsEntry {
    this.#member(memberId)
    const now = new Date().toISOString()
    this.#entries += 1
    const entry: PointsEntry = {
      entry_id: `B${Date.parse(now)}-${this.#entries}`,
      member_id: memberId,
      basket_id: null,
      points,
      occurred_at: now,
      updated_at: now,
    }
    this.points.put(entry)
    return entry
  }

  #member(memberId: string): Member {
    const member = this.members.get(memberId)
    if (member === undefined || 'deleted' in member) {
      throw new Error(`changing member ${memberId}: no such member`)
    }
    return member
  }
}

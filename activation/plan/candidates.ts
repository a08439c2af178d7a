/** Maps everybody who may be sent, and keeps what they become where the engine can compare it. */
import { insertRows } from '../../profiles/identity/binary-rows.js'
import { RowBuffer } from '../../warehouse/rows/row-buffer.js'
import type { PlanContext } from '../types.js'
import type { Mapped } from './map-person.js'
import type { Members } from './members.js'
import { gatherValues, readPeople } from './people.js'
import type { PlanScratch } from './scratch.js'
import type { Person } from './values/evaluate.js'
import type { Need } from './values/reference.js'

export interface Candidates {
  /** Quoted name of the table: key, profile, fields, and the reason of a reject or nothing. */
  readonly table: string
  readonly unmatched: number
  readonly heldOut: number
}

/** What one insert takes. */
const INSERT_BYTES = 16 * 1024 * 1024

export async function keepCandidates(
  { progress }: PlanContext,
  scratch: PlanScratch,
  members: Members,
  needs: readonly Need[],
  mapPerson: (person: Person) => Mapped,
): Promise<Candidates> {
  const table = await scratch.create(
    'candidates',
    'key String, profile UInt32, fields String, reason LowCardinality(String)',
    'key',
  )
  const values = await gatherValues(scratch, members, needs)
  const rows = new RowBuffer()
  const counts = { unmatched: 0, heldOut: 0 }
  let inserted: Promise<void> = Promise.resolve()
  let done = 0
  const insert = async () => {
    await inserted
    inserted = insertRows(scratch.warehouse, table, rows.take(), scratch.signal)
    inserted.catch(() => undefined)
  }
  for await (const people of readPeople(scratch, members, values, needs)) {
    for (const person of people) {
      const mapped = mapPerson(person)
      if ('key' in mapped) writeCandidate(rows, person.profile, mapped)
      else counts[mapped.is] += 1
    }
    if (rows.position >= INSERT_BYTES) await insert()
    done += people.length
    progress(`mapped ${done} of ${members.members - members.withheld} members`)
  }
  if (rows.position > 0) await insert()
  await inserted
  return { table, ...counts }
}

function writeCandidate(
  rows: RowBuffer,
  profile: number,
  mapped: Extract<Mapped, { readonly key: string }>,
): void {
  rows.writeText(mapped.key)
  rows.writeInt(32, profile)
  rows.writeText(mapped.is === 'candidate' ? mapped.fields : '')
  rows.writeText(mapped.is === 'rejected' ? mapped.reason : '')
}

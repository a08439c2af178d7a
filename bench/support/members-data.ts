/**
 * Made-up members of one segment inside ClickHouse, with an e-mail address, a name and a number each: what an activation reads.
 * The same numbers always give the same people.
 */
import { reloadRecordOf } from '../../profiles/people/dictionaries.js'
import { openStep } from '../../profiles/steps/derived-load.js'
import type { Warehouse } from '../../warehouse/client.js'
import { accept, acceptFacts, benchStep } from './people-data.js'

export const SEGMENT = 'everybody'

/** Makes the people, their traits, and the segment of all of them. */
export async function makeMembers(warehouse: Warehouse, members: number): Promise<void> {
  await acceptFacts(warehouse, async ({ loadId }) => {
    await warehouse.command({
      query: `INSERT INTO cdp.nodes__rows SELECT number + 1, 'email', concat('person', toString(number), '@example.org'),
        toDateTime64('2026-01-01 00:00:00', 3, 'UTC'), ${loadId} FROM numbers(${members})`,
    })
  })
  await writeTraits(
    warehouse,
    `SELECT toUInt32(number + 1) AS person, number % 1000 AS value FROM numbers(${members})`,
  )
  await acceptLoad(warehouse, 'segments', async ({ loadId, version }) => {
    await warehouse.command({
      query: `INSERT INTO cdp.segment_versions__rows (segment, members, carries, size, version, _load_id)
        SELECT '${SEGMENT}', groupBitmapState(toUInt32(number + 1)), 1, count(), ${version}, ${loadId} FROM numbers(${members})`,
    })
  })
}

/** Gives every hundredth person another number. */
export function changeHundredth(warehouse: Warehouse, members: number, round: number): Promise<void> {
  return writeTraits(
    warehouse,
    `SELECT toUInt32(number * 100 + 1) AS person, ${1000 + round} AS value FROM numbers(${Math.ceil(members / 100)})`,
  )
}

/** @param people SELECT of person and value */
async function writeTraits(warehouse: Warehouse, people: string): Promise<void> {
  await acceptLoad(warehouse, 'traits', async ({ loadId, generation, version }) => {
    await warehouse.command({
      query: `INSERT INTO cdp.trait_values__rows (trait, profile, kind, text, number, source, _load_id, _generation)
        SELECT trait.1, person, trait.2, trait.3, value, 'shop', ${loadId}, ${generation}
        FROM (${people}) ARRAY JOIN [('first_name', 'text', concat('Name ', toString(person))), ('ltv', 'number', '')] AS trait`,
    })
    await warehouse.command({
      query: `INSERT INTO cdp.records__rows (profile, version, _load_id, _generation)
        SELECT person, ${version}, ${loadId}, ${generation} FROM (${people})`,
    })
  })
  await reloadRecordOf(warehouse)
}

type Target = Parameters<Parameters<Awaited<ReturnType<typeof openStep>>['stage']>[0]>[0]

async function acceptLoad(
  warehouse: Warehouse,
  stream: string,
  write: (target: Target) => Promise<void>,
): Promise<void> {
  const step = await openStep<object>(benchStep(warehouse), stream)
  const staged = await step.stage(async (target) => {
    await write(target)
    return { rows: 1, state: {} }
  })
  await accept(warehouse, staged)
}

/** Who is who: all identifiers at once, and after a hundredth more of them. */
import type { IdentityFile } from '@tributary/schemas'
import { stageIdentity } from '../../profiles/identity/stage-identity.js'
import { reloadProfileOf } from '../../profiles/people/dictionaries.js'
import type { StagedLoad } from '../../profiles/steps/derived-load.js'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRow } from '../../warehouse/query.js'
import type { Benchmark, BenchmarkOptions } from '../benchmark.js'
import { inTurn } from '../measure/in-turn.js'
import { measure, totalCpu, type Usage } from '../measure/processes.js'
import { againstSeconds } from '../support/figures.js'
import { withParts } from '../support/parts.js'
import {
  accept,
  acceptFacts,
  benchStep,
  forgetDerived,
  keptData,
  settle,
  startWarehouse,
} from '../support/people-data.js'

const IDENTIFIERS = 2_000_000
/** Identifiers of each type in turn: a person has one of each. */
const TYPES = ['customer_id', 'email', 'phone', 'device']
const IDENTITY: IdentityFile = {
  identifiers: {
    customer_id: { unique: true, normalize: 'none' },
    email: { normalize: 'none', limit: 6 },
    phone: { normalize: 'none', limit: 4 },
    device: { normalize: 'none' },
  },
}
const SEEN = "toDateTime64('2026-01-01 00:00:00', 3, 'UTC')"

export const identityFull: Benchmark = {
  name: 'identity',
  claim:
    'who is who among 10 million identifiers with as many links is found, written and loaded in less than 60 s (--rows 10000000); the default is a fifth of it',
  run: (options) =>
    withIdentifiers(options, async (warehouse, identifiers, timed) => {
      const turns = await inTurn(
        options.runs,
        async () => {
          await forgetDerived(warehouse, ['identity'], ['node_profiles', 'identity_log'])
          return timed('identity', () => identify(warehouse, true))
        },
        () => timed('links read and discarded', () => readLinks(warehouse)),
      )
      return againstSeconds('the same links read from ClickHouse and discarded', turns, { identifiers })
    }),
}

export const identityIncrement: Benchmark = {
  name: 'identity-increment',
  claim:
    'after 1 % more identifiers, each linked to somebody, who is who is found in less than 5 s among 10 million (--rows 10000000), and a full run afterwards finds nothing else',
  run: (options) =>
    withIdentifiers(options, async (warehouse, identifiers, timed) => {
      await timed('first identity', () => identify(warehouse, true))
      const turns = await inTurn(
        options.runs,
        async () => {
          const more = Math.ceil(identifiers / 100)
          await addDevices(warehouse, more, Math.floor(identifiers / TYPES.length))
          await settle(warehouse)
          return timed('increment', async () => {
            const staged = await identify(warehouse, false)
            if (staged?.load.rows !== more)
              throw new Error(`joining ${more} new identifiers: ${staged?.load.rows} changed`)
          })
        },
        () =>
          timed('full', async () => {
            const staged = await identify(warehouse, true)
            if (staged?.load.rows !== 0) throw new Error(`auditing identity: ${staged?.load.rows} differ`)
          }),
      )
      return againstSeconds('a full run that compares with what is published', turns, { identifiers })
    }),
}

type Timed = (what: string, work: () => Promise<unknown>) => Promise<Usage>

function withIdentifiers<Result>(
  options: BenchmarkOptions,
  work: (warehouse: Warehouse, identifiers: number, timed: Timed) => Promise<Result>,
): Promise<Result> {
  return withParts(async ({ folder, start }) => {
    const identifiers = options.rows ?? IDENTIFIERS
    const { dataDir, isThere } = keptData(folder, `identifiers-${identifiers}`)
    const { warehouse, pid } = await start(startWarehouse(dataDir))
    if (!isThere) {
      options.log(`making ${identifiers} identifiers`)
      await addPeople(warehouse, Math.floor(identifiers / TYPES.length))
    }
    await settle(warehouse)
    return work(warehouse, identifiers, async (what, task) => {
      const { usage } = await measure({ bench: process.pid, clickhouse: pid }, task)
      options.log(`${what}: ${usage.seconds} s, CPU ${totalCpu(usage)} s, others ${usage.othersCpuSeconds} s`)
      return usage
    })
  })
}

async function identify(warehouse: Warehouse, full: boolean): Promise<StagedLoad | undefined> {
  const staged = await stageIdentity(benchStep(warehouse), { identity: IDENTITY, full })
  if (staged) await accept(warehouse, staged)
  await reloadProfileOf(warehouse)
  return staged
}

/** Each person's other identifiers are linked to the first; one device in a hundred is somebody else's, too; a quarter of the links is said twice. */
function addPeople(warehouse: Warehouse, people: number): Promise<void> {
  return acceptFacts(warehouse, async ({ loadId, generation }) => {
    await warehouse.command({
      query: `INSERT INTO cdp.nodes__rows SELECT number + 1, ['${TYPES.join("', '")}'][1 + number % ${TYPES.length}],
        concat('v', toString(number)), ${SEEN}, ${loadId} FROM numbers(${people * TYPES.length})`,
    })
    await warehouse.command({
      query: `INSERT INTO cdp.links__rows
        WITH number % ${people} AS person, intDiv(number, ${people}) AS which,
          if(which = 2 AND intHash64(person) % 100 = 0, (person + 7) % ${people}, person) AS other
        SELECT 'bench', 'shop', intHash64(number), 4 * person + 1, 4 * other + 2 + which % 3,
          ${SEEN} + toIntervalSecond(intHash64(number) % 10000000), ${loadId}, ${generation}
        FROM numbers(${people * TYPES.length})`,
    })
  })
}

/** New identifiers, each linked to one of the people that `addPeople` made. */
async function addDevices(warehouse: Warehouse, more: number, people: number): Promise<void> {
  const row = await selectRow<{ known: number }>(
    warehouse,
    'SELECT toUInt32(count()) AS known FROM cdp.nodes__rows',
  )
  const { known } = row!
  return acceptFacts(warehouse, async ({ loadId, generation }) => {
    await warehouse.command({
      query: `INSERT INTO cdp.nodes__rows SELECT ${known} + number + 1, 'device', concat('v', toString(${known} + number)),
        ${SEEN}, ${loadId} FROM numbers(${more})`,
    })
    await warehouse.command({
      query: `INSERT INTO cdp.links__rows SELECT 'bench', 'shop', intHash64(${known} + number),
        4 * (intHash64(${known} + number) % ${people}) + 1, ${known} + number + 1,
        toDateTime64('2026-06-01 00:00:00', 3, 'UTC'), ${loadId}, ${generation} FROM numbers(${more})`,
    })
  })
}

async function readLinks(warehouse: Warehouse): Promise<void> {
  const { stream } = await warehouse.exec({
    query: 'SELECT node_a, node_b, ts FROM cdp.links__rows FORMAT RowBinary',
  })
  for await (const _ of stream) {
    // Discarded.
  }
}

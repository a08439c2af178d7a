/** One condition over all people: what visibility and who is who cost, against the query that one would write by hand. */
import type { SegmentFile } from '@tributary/schemas'
import { readSnapshot } from '../../profiles/facts/snapshot.js'
import { compileSegment } from '../../profiles/segments/compile/compile.js'
import { allSources, readPropertyKinds } from '../../profiles/segments/compile/sources.js'
import { selectRow } from '../../warehouse/query.js'
import type { Benchmark } from '../benchmark.js'
import { inTurn } from '../measure/in-turn.js'
import { measure } from '../measure/processes.js'
import { againstSeconds } from '../support/figures.js'
import { withParts } from '../support/parts.js'
import { NOW, type PeopleWorld, peopleSize, startPeople } from '../support/people-data.js'
import { dateTime64 } from '../support/people-events.js'

const EVENTS = 20_000_000
const MIN_RUNS = 7
const DEFINITION: SegmentFile = {
  name: 'Regular customers',
  who: { performed: 'Item Purchased', times: { gte: 3 }, within: '90d' },
}

export const segmentCondition: Benchmark = {
  name: 'segment-condition',
  claim:
    'who did something at least three times in 90 days is found in less than 1 s among 10 million profiles with 100 million events (--rows 100000000); the default is a fifth of it',
  run(options) {
    return withParts(async ({ folder, start }) => {
      const size = peopleSize(options.rows ?? EVENTS)
      const world = await start(startPeople(folder, size, options.log))
      const timed = (work: () => Promise<unknown>) =>
        measure({ bench: process.pid, clickhouse: world.pid }, work).then(({ usage }) => usage)
      const turns = await inTurn(
        Math.max(MIN_RUNS, options.runs),
        () => timed(() => askCondition(world)),
        () => timed(() => askByHand(world)),
      )
      return againstSeconds('the query by hand, of the bare table without visibility and identity', turns, {
        ...size,
        members: await askCondition(world),
        membersByHand: await askByHand(world),
      })
    })
  },
}

async function askCondition({ warehouse }: PeopleWorld): Promise<number> {
  const [snapshot, propertyKinds] = await Promise.all([readSnapshot(warehouse), readPropertyKinds(warehouse)])
  const compiled = compileSegment('regular', DEFINITION, { now: NOW, timeZone: 'UTC', propertyKinds })
  const [leaf] = compiled.leaves
  const row = await selectRow<{ size: string }>(
    warehouse,
    `SELECT groupBitmap(profile) AS size FROM (${leaf!.sql(allSources(snapshot))})`,
  )
  return Number(row!.size)
}

async function askByHand({ warehouse }: PeopleWorld): Promise<number> {
  const from = new Date(NOW.getTime() - 90 * 86_400_000)
  const row = await selectRow<{ size: string }>(
    warehouse,
    `SELECT groupBitmap(node) AS size FROM (
       SELECT node FROM cdp.events__rows
       WHERE event = 'Item Purchased' AND ts >= ${dateTime64(from)} AND ts < ${dateTime64(NOW)}
       GROUP BY node HAVING count() >= 3)`,
  )
  return Number(row!.size)
}

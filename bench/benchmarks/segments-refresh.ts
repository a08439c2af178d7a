/** A hundred segments at once: the whole refresh against a hundred queries, and a refresh after little news against the whole. */
import { auditSegments } from '../../profiles/segments/refresh/audit.js'
import { stageSegments } from '../../profiles/segments/refresh/stage-segments.js'
import { sweepTraits } from '../../profiles/traits/sweep-traits.js'
import { selectRow } from '../../warehouse/query.js'
import type { Benchmark, BenchmarkOptions } from '../benchmark.js'
import { inTurn } from '../measure/in-turn.js'
import { measure, totalCpu, type Usage } from '../measure/processes.js'
import { againstSeconds } from '../support/figures.js'
import { withParts } from '../support/parts.js'
import {
  accept,
  addEvents,
  benchStep,
  type PeopleWorld,
  peopleSize,
  readMoment,
  refreshTraits,
  settle,
  startPeople,
} from '../support/people-data.js'
import { BENCH_SEGMENTS } from './segment-definitions.js'

const EVENTS = 10_000_000
const ROUND_MS = 300_000
const INPUT = { segments: BENCH_SEGMENTS, timeZone: 'UTC' }

export const segmentsRefresh: Benchmark = {
  name: 'segments-refresh',
  claim:
    'the full refresh of 100 different segments takes less than 60 s with 10 million profiles and 100 million events (--rows 100000000); the default is a tenth of it',
  run: (options) =>
    withWorld(options, async (world, timed) => {
      const now = await readMoment(world)
      const turns = await inTurn(
        options.runs,
        () => timed('refresh', () => refreshSegments(world, now, true)),
        () => timed('queries by hand', () => askAllByHand(world)),
      )
      const reference =
        'the 100 queries by hand, one after another, of the bare tables without visibility and identity'
      return againstSeconds(reference, turns, { people: world.people, events: world.events })
    }),
}

export const segmentsIncrement: Benchmark = {
  name: 'segments-increment',
  claim:
    'after 1 % more events, of 1 % of the people, traits and 100 segments are refreshed in a tenth of the time of a full refresh, and an audit finds no drift',
  run: (options) =>
    withWorld(options, async (world, timed) => {
      const before = await readMoment(world)
      let now = before
      await timed('first refresh', () => refreshAll(world, now, true))
      const parts: Record<'traits' | 'segments', number>[] = []
      const turns = await inTurn(
        options.runs,
        async () => {
          await addEvents(world, now)
          now = new Date(now.getTime() + ROUND_MS)
          await settle(world.warehouse)
          const usage = await timed('increment', async () => {
            parts.push(await refreshAll(world, now, false))
          })
          await checkDrift(world, now)
          return usage
        },
        async () => {
          const usage = await timed('full', () => refreshAll(world, now, true))
          await sweepTraits(world.warehouse)
          await settle(world.warehouse)
          return usage
        },
      )
      return againstSeconds('the full refresh of traits and segments', turns, {
        people: world.people,
        events: world.events,
        steps: parts,
        drift: 0,
      })
    }),
}

type Timed = (what: string, work: () => Promise<unknown>) => Promise<Usage>

function withWorld<Result>(
  options: BenchmarkOptions,
  work: (world: PeopleWorld, timed: Timed) => Promise<Result>,
): Promise<Result> {
  return withParts(async ({ folder, start }) => {
    const world = await start(startPeople(folder, peopleSize(options.rows ?? EVENTS), options.log))
    return work(world, async (what, task) => {
      const { usage } = await measure({ bench: process.pid, clickhouse: world.pid }, task)
      options.log(`${what}: ${usage.seconds} s, CPU ${totalCpu(usage)} s, others ${usage.othersCpuSeconds} s`)
      return usage
    })
  })
}

async function refreshAll(
  world: PeopleWorld,
  now: Date,
  full: boolean,
): Promise<Record<'traits' | 'segments', number>> {
  const startedAt = performance.now()
  await refreshTraits(world.warehouse, now, full)
  const between = performance.now()
  await refreshSegments(world, now, full)
  return { traits: (between - startedAt) / 1000, segments: (performance.now() - between) / 1000 }
}

async function refreshSegments({ warehouse }: PeopleWorld, now: Date, full: boolean): Promise<void> {
  const { staged, report } = await stageSegments(benchStep(warehouse, now), { ...INPUT, full })
  const failed = report.find(({ error }) => error !== undefined)
  if (failed) throw new Error(`refreshing segment ${failed.segment}: ${failed.error}`)
  if (staged) await accept(warehouse, staged)
}

async function checkDrift({ warehouse }: PeopleWorld, now: Date): Promise<void> {
  const { drift, segments, excluded } = await auditSegments(benchStep(warehouse, now), INPUT)
  if (drift === 0 && excluded === 0 && segments.length === BENCH_SEGMENTS.length + 1) return
  const wrong = segments.filter(({ missing, extra }) => missing + extra > 0)
  throw new Error(`auditing segments: ${excluded} people left out, drift ${JSON.stringify(wrong)}`)
}

async function askAllByHand({ warehouse }: PeopleWorld): Promise<void> {
  for (const { id, byHand } of BENCH_SEGMENTS) {
    const row = await selectRow(warehouse, `SELECT groupBitmap(id) AS members FROM (${byHand})`)
    if (row === undefined) throw new Error(`asking for ${id} by hand: there was no answer`)
  }
}

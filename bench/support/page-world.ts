/**
 * A workspace with many people for whoever looks at its page: sources that ran, people with events and names, segments with
 * members and a history, an activation that was planned. Made once; TRIBUTARY_BENCH_PEOPLE names a folder to keep it in.
 */
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { planActivation } from '../../operations/activations/plan.js'
import { apply } from '../../operations/apply.js'
import { createDictionaries, reloadProfileOf, reloadRecordOf } from '../../profiles/people/dictionaries.js'
import { stageSegments } from '../../profiles/segments/refresh/stage-segments.js'
import type { StepTarget } from '../../profiles/steps/derived-load.js'
import type { Warehouse } from '../../warehouse/client.js'
import { recordRefresh } from '../../warehouse/refreshes.js'
import { recordRun } from '../../warehouse/runs.js'
import { openWorkspace } from '../../workspace/workspace.js'
import { ACTIVATION, PAGE_FILES } from './page-files.js'
import { accept, benchStep, makePeople, type PeopleSize, settle } from './people-data.js'
import { dateTime64 } from './people-events.js'
import { type BenchStack, startBenchStack } from './stack.js'
import { timedSync } from './sync.js'

const SERVER = fileURLToPath(new URL('../../server/main.js', import.meta.url))
const DAY_MS = 86_400_000
/** Runs of a source that people find in the list beside the one that really ran. */
const EARLIER_RUNS = 200
/** Written at the end: a world that was not finished is none. */
const FINISHED = 'finished'

/**
 * Starts Temporal, ClickHouse, a worker and the server over a workspace with these people in it.
 * @param folder the benchmark's own, where nothing is kept
 */
export async function startPageWorld(
  folder: string,
  size: PeopleSize,
  log: (message: string) => void,
): Promise<BenchStack> {
  const workspaceDir = join(
    process.env.TRIBUTARY_BENCH_PEOPLE ?? folder,
    `page-${size.people}-${size.events}`,
  )
  const isThere = existsSync(join(workspaceDir, FINISHED))
  if (!isThere && existsSync(workspaceDir)) {
    throw new Error(`opening ${workspaceDir}: it was not finished when it was made; remove it`)
  }
  const stack = await startBenchStack({}, { workspaceDir, serverEntry: SERVER })
  try {
    const warehouse = await stack.context.warehouse()
    if (!isThere) await makeWorld(stack, warehouse, size, log)
    await settle(warehouse)
    return stack
  } catch (error) {
    await stack.stop()
    throw error
  }
}

async function makeWorld(
  stack: BenchStack,
  warehouse: Warehouse,
  size: PeopleSize,
  log: (message: string) => void,
): Promise<void> {
  const now = new Date()
  await mkdir(join(stack.workspaceDir, 'exports'))
  await writeFile(join(stack.workspaceDir, 'exports', 'shops.ndjson'), '{"id":1,"city":"city-1"}\n')
  await stack.write(PAGE_FILES)
  await apply(stack.context, { author: 'bench' })
  const { report } = await timedSync(stack, 'exports', 'shops')
  for (let run = 1; run <= EARLIER_RUNS; run++) {
    const runId = `00000000-0000-4000-8000-${String(run).padStart(12, '0')}`
    await recordRun(warehouse, { ...report, runId }, now.getTime() - run * (DAY_MS / 8))
  }
  await createDictionaries(warehouse)
  await makePeople({ ...size, warehouse }, log, now, (target) => insertNames(warehouse, size, now, target))
  const { segments, name } = openWorkspace(PAGE_FILES)
  for (const at of [new Date(now.getTime() - DAY_MS), now]) {
    const startedAt = performance.now()
    const { staged, report: lines } = await stageSegments(benchStep(warehouse, at), {
      segments,
      timeZone: 'UTC',
      full: true,
    })
    if (staged) await accept(warehouse, staged)
    const seconds = (performance.now() - startedAt) / 1000
    log(`${segments.length} segments: ${seconds.toFixed(1)} s`)
    await recordRefresh(warehouse, refreshReport(name, at, seconds, size, lines))
  }
  await reloadProfileOf(warehouse)
  await reloadRecordOf(warehouse)
  const plan = await planActivation(stack.context, ACTIVATION, { author: 'bench' })
  log(`a plan of ${ACTIVATION}: ${plan.outcome}`)
  await writeFile(join(stack.workspaceDir, FINISHED), '')
}

type Lines = Awaited<ReturnType<typeof stageSegments>>['report']

/** As a round reports; the steps were done here. */
function refreshReport(workspace: string, at: Date, seconds: number, size: PeopleSize, report: Lines) {
  const lines = report.filter(({ segment }) => !segment.startsWith('_'))
  return {
    outcome: 'succeeded',
    workspace,
    workflowId: `profiles/${workspace}`,
    runId: `bench-${at.getTime()}`,
    revision: 'bench',
    now: at.toISOString(),
    seconds,
    profiles: size.people,
    identifiers: size.people + Math.floor(size.people / 5),
    merged: 0,
    split: 0,
    conflicts: 0,
    steps: [],
    segments: lines.slice(0, 20),
    segmentsTotal: lines.length,
    segmentsFailed: lines.filter(({ error }) => error !== undefined).length,
  } as const
}

/** Two hundred first names by five thousand last ones, as many people look for each other. */
async function insertNames(
  warehouse: Warehouse,
  { people }: PeopleSize,
  now: Date,
  { loadId, generation }: StepTarget,
): Promise<void> {
  const at = dateTime64(new Date(now.getTime() - 300 * DAY_MS))
  const syllables = `['ba', 'cor', 'del', 'fin', 'gus', 'lan', 'mir', 'nol', 'per', 'ris', 'sto', 'tam', 'vel', 'wyn', 'zal', 'oak', 'ume', 'ith']`
  const name = (seed: number, count: number) => {
    const of = `intHash64(intHash64(number + ${seed}) % ${count} + ${seed})`
    const part = (from: number) => `${syllables}[1 + bitShiftRight(${of}, ${from}) % 18]`
    return `initcap(concat(${part(0)}, ${part(8)}, ${part(16)}))`
  }
  await warehouse.command({
    query: `INSERT INTO cdp.trait_facts__rows
      (mapping, source, row, trait, node, ts, received_at, kind, text, _load_id, _generation)
      SELECT 'bench', 'shop', number, 'name', number + 1, ${at}, ${at}, 'text', concat(${name(1, 200)}, ' ', ${name(2, 5000)}),
        ${loadId}, ${generation} FROM numbers(${people})`,
  })
}

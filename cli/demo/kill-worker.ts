/**
 * The worker dies in the middle of a sync: kill -9 while rows of an unfinished slice are in the warehouse. It is started
 * again, the run goes on and ends, and nobody who looked at the data meanwhile saw a wrong count.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Expected, expectedStreams } from '../../examples/grocer/expected.js'
import { formatCount, formatSeconds } from '../format.js'
import type { MadeChanges } from './changes.js'
import { type Check, checkStreams } from './checks.js'
import { type ReadingAgain, readAgain } from './read-again.js'
import { HEARTBEAT_SECONDS, type Stage } from './stage.js'
import type { StepResult } from './step.js'
import { givenUp, type UnfinishedLoad, unfinishedLoads } from './unfinished.js'
import { type Watched, whileWatching } from './watch.js'

/** Read again from the beginning, beside what people see. */
const STREAMS = ['till.transactions_archive', 'till.transactions', 'loyalty.points'] as const
/** A slice may end just before it is hit. */
const ATTEMPTS = 5
const POLL_MS = 5

interface Kill {
  readonly pid: number
  /** Whose rows were in the warehouse when the worker was gone. */
  readonly loads: readonly UnfinishedLoad[]
}

export async function killWorker(stage: Stage, changes: MadeChanges): Promise<StepResult> {
  const all = expectedStreams(stage.manifest, changes)
  const expected = Object.fromEntries(STREAMS.map((stream) => [stream, all[stream]!]))
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const result = await readAndKill(stage, expected)
    if (result) return result
    stage.progress.note('Every slice ended before it was hit: once more')
  }
  const detail = `${ATTEMPTS} times every slice ended before it was hit`
  return { loads: [], checks: [{ name: KILLED, ok: false, detail }] }
}

const KILLED = 'worker killed in the middle of a sync'

/** Undefined where no slice was cut. */
async function readAndKill(stage: Stage, expected: Expected): Promise<StepResult | undefined> {
  const { progress } = stage
  const rows = Object.values(expected).reduce((sum, stream) => sum + stream.rows, 0)
  progress.step(`Reading ${formatCount(rows)} rows again, and killing the worker in the middle of it`)
  const startedAtMs = Date.now()
  const watched = await whileWatching(stage, expected, async () => {
    const before = await unfinishedLoads(stage, STREAMS)
    const reading = await readAgain(stage, STREAMS)
    const kill = await killMidSlice(stage, reading, before)
    return { kill, loads: await reading.end() }
  })
  const { kill, loads } = watched.result
  const cut = kill ? await givenUp(stage, kill.loads) : []
  if (!kill || cut.length === 0) return undefined
  const worker = stage.worker()
  return {
    loads,
    checks: [
      {
        name: KILLED,
        ok: true,
        detail: `process ${kill.pid}; ${loadWords(cut)} had arrived and stayed invisible`,
      },
      {
        name: 'the run went on and ended',
        ok: worker?.pid !== kill.pid && loads.every(({ outcome }) => outcome === 'succeeded'),
        detail: `${loads.length} streams read again after ${formatSeconds((Date.now() - startedAtMs) / 1000)}, on process ${worker?.pid}`,
      },
      watchCheck(watched),
      ...(await checkStreams(stage, 'after the kill', expected)),
    ],
  }
}

/** Kills as soon as rows of a slice have arrived; undefined when the reading ended first. */
async function killMidSlice(
  stage: Stage,
  reading: ReadingAgain,
  before: readonly UnfinishedLoad[],
): Promise<Kill | undefined> {
  const known = new Set(before.map(({ loadId }) => loadId))
  const arrived = async () =>
    (await unfinishedLoads(stage, STREAMS)).filter(({ loadId }) => !known.has(loadId))
  while (!reading.ended()) {
    const worker = stage.worker()
    if (worker && (await arrived()).length > 0) {
      process.kill(worker.pid, 'SIGKILL')
      const loads = await arrived()
      stage.progress.note(`kill -9 of worker process ${worker.pid}, while ${loadWords(loads)} had arrived`)
      stage.progress.note(
        `The worker is started again; its slices are given up after ${HEARTBEAT_SECONDS} s without a sign of life`,
      )
      return { pid: worker.pid, loads }
    }
    await sleep(POLL_MS, undefined, { signal: stage.signal })
  }
  return undefined
}

function watchCheck({ looks, wrong }: Watched<unknown>): Check {
  return {
    name: 'no wrong count was visible at any moment',
    ok: wrong.length === 0,
    detail:
      wrong.length === 0
        ? `${formatCount(looks)} looks at ${STREAMS.length} views: always right`
        : wrong.join('; '),
  }
}

function loadWords(loads: readonly UnfinishedLoad[]): string {
  const words = loads.map(({ stream, rows }) => `${formatCount(rows)} rows of ${stream}`)
  return words.length === 0 ? 'no rows' : words.join(' and ')
}

/** The worker dies in the middle of a refresh: another goes on, and people and segments are what they were. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Check } from './checks.js'
import { changesSince, findPeople } from './people.js'
import { peopleChecks } from './people-checks.js'
import { type Refreshed, refresh, succeeded } from './refresh.js'
import { selectRows } from './rows.js'
import { HEARTBEAT_SECONDS, type Stage } from './stage.js'

/** A step may end just before it is hit. */
const ATTEMPTS = 5
const POLL_MS = 5
const KILLED = 'worker killed in the middle of a refresh'

/** After tables were read again, the facts that came from them are compared anew: there is something to hit. */
export async function killRefresh(stage: Stage, before: Refreshed): Promise<readonly Check[]> {
  const { progress } = stage
  progress.step('Refreshing once more, and killing the worker in the middle of it')
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const known = new Set((await unfinishedSteps(stage)).map(({ load }) => load))
    let ended = false
    const refreshing = refresh(stage).finally(() => {
      ended = true
    })
    // It is awaited below, also where the kill fails.
    refreshing.catch(() => undefined)
    const kill = await killMidStep(stage, known, () => ended)
    const result = await refreshing
    if (!kill) {
      progress.note('Every step ended before it was hit: once more')
      continue
    }
    const log = await changesSince(stage, before.found.version)
    const found = await findPeople(stage)
    return [
      {
        name: KILLED,
        ok: stage.worker()?.pid !== kill.pid,
        detail: `process ${kill.pid}, in step ${kill.step}; went on in process ${stage.worker()?.pid}`,
      },
      succeeded('after the kill', result),
      ...peopleChecks('after the kill', found, before.expected),
      {
        name: 'membership log: nobody moved after the kill',
        ok: log.length === 0,
        detail: `${log.length} entered or left`,
      },
    ]
  }
  return [{ name: KILLED, ok: false, detail: `${ATTEMPTS} times every step ended before it was hit` }]
}

async function killMidStep(
  stage: Stage,
  known: ReadonlySet<string>,
  ended: () => boolean,
): Promise<{ readonly pid: number; readonly step: string } | undefined> {
  while (!ended()) {
    const worker = stage.worker()
    const [hit] = (await unfinishedSteps(stage)).filter(({ load }) => !known.has(load))
    if (worker && hit) {
      process.kill(worker.pid, 'SIGKILL')
      stage.progress.note(`kill -9 of worker process ${worker.pid}, in step ${hit.step}`)
      stage.progress.note(
        `The worker is started again; its step is given up after ${HEARTBEAT_SECONDS} s without a sign of life`,
      )
      return { pid: worker.pid, step: hit.step }
    }
    await sleep(POLL_MS, undefined, { signal: stage.signal })
  }
  return undefined
}

/** Steps of a refresh that began to write and are not accepted. */
function unfinishedSteps(stage: Stage): Promise<{ readonly step: string; readonly load: string }[]> {
  return selectRows(
    stage,
    `SELECT DISTINCT stream AS step, toString(load_id) AS load FROM tributary.loads
     WHERE source = 'cdp' AND event = 'started' AND load_id IN (SELECT load_id FROM cdp.hidden_loads)`,
  )
}

/** Faults as a machine knows them: a process killed in an instant, or one that stands still and wakes up later. */
import { setTimeout as sleep } from 'node:timers/promises'
import { signalProcess } from '../../local/process-identity.js'
import { type ProcessRecord, readStackRecord } from '../../runtime/stack.js'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRow } from '../../warehouse/query.js'
import type { Fault, Victim } from './round-plan.js'
import type { Watched } from './watcher.js'

const POLL_MS = 30
const RESTART_TIMEOUT_MS = 60_000

export interface Moment {
  readonly warehouse: Warehouse
  readonly stream: Watched
  /** Rows that the sync is expected to bring; without a number the moment is a share of `durationMs`. */
  readonly expectedRows: number | undefined
  readonly durationMs: number
  /** Aborts when the sync has ended. */
  readonly ended: AbortSignal
}

/** Waits for the fault's moment and lets it happen; a stalled process runs again when this resolves. */
export async function strike(workspaceDir: string, fault: Fault, moment: Moment): Promise<void> {
  await waitFor(fault, moment)
  await strikeAfter(workspaceDir, fault)
}

/** Lets it happen after the delay; a stalled process runs again when this resolves. */
export async function strikeAfter(
  workspaceDir: string,
  fault: Pick<Fault, 'kind' | 'victim' | 'delayMs' | 'stallMs'>,
): Promise<void> {
  await sleep(fault.delayMs)
  const victim = await findProcess(workspaceDir, fault.victim)
  if (fault.kind === 'kill') {
    signalProcess(victim, 'SIGKILL')
    return
  }
  signalProcess(victim, 'SIGSTOP')
  try {
    await sleep(fault.stallMs)
  } finally {
    signalProcess(victim, 'SIGCONT')
  }
}

async function waitFor({ share }: Fault, moment: Moment): Promise<void> {
  if (share <= 0) return
  if (moment.expectedRows === undefined) {
    await sleep(share * moment.durationMs, undefined, { signal: moment.ended }).catch(() => undefined)
    return
  }
  const since = new Date().toISOString().replace('T', ' ').replace('Z', '')
  const wanted = Math.min(share, 1) * moment.expectedRows
  while (!moment.ended.aborted && (await rowsSince(moment, since)) < wanted) await sleep(POLL_MS)
}

/** Rows that were written, visible or not. */
async function rowsSince({ warehouse, stream }: Moment, since: string): Promise<number> {
  const row = await selectRow<{ n: string }>(
    warehouse,
    `SELECT count() AS n FROM \`${stream.source}\`.\`${stream.stream}__rows\`
     WHERE _extracted_at >= {since:DateTime64(3, 'UTC')}`,
    { since },
  ).catch(() => undefined)
  return Number(row?.n ?? 0)
}

/** The process as it runs now; one that is just being started again is waited for. */
export async function findProcess(workspaceDir: string, name: Victim): Promise<ProcessRecord> {
  const deadline = Date.now() + RESTART_TIMEOUT_MS
  for (;;) {
    const record = await readStackRecord(workspaceDir)
    const found = record?.processes.find((process) => process.name === name)
    if (found) return found
    if (Date.now() > deadline) throw new Error(`finding ${name}: it was not started again`)
    await sleep(POLL_MS)
  }
}

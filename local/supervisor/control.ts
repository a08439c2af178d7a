/** Looks at and stops the stack of a workspace from any process. Nothing is signalled that is not certainly a process of this stack. */
import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { readStackRecord, type StackRecord, stackPaths } from '../../runtime/stack.js'
import { isAlive, type ProcessIdentity, signalProcess } from '../process-identity.js'
import { lockHolder } from './lock.js'

/** The contract of `up` and `status`. `ui` is null for a Temporal server that the stack did not start and whose UI nobody named. */
export interface StackStatus {
  readonly temporal: { readonly address: string; readonly ui: string | null }
  readonly clickhouse: { readonly url: string; readonly user: string }
  readonly server: { readonly url: string } | null
  readonly workers: number
}

/** How long a supervisor may take to stop everything before it is killed; it needs less than 10 s. */
const STOP_TIMEOUT_MS = 12_000
const POLL_MS = 50

/** The running stack of the workspace, or undefined when none runs or it is still starting. */
export async function stackStatus(workspaceDir: string): Promise<StackStatus | undefined> {
  const record = await readStackRecord(workspaceDir)
  return record && isAlive(record.supervisor) ? statusOf(record) : undefined
}

/** What a record says to people, or undefined while parts are missing. */
export function statusOf({
  ready,
  temporal,
  clickhouse,
  server,
  workers,
}: StackRecord): StackStatus | undefined {
  if (!ready || !temporal || !clickhouse) return undefined
  return {
    temporal: { address: temporal.address, ui: temporal.ui },
    clickhouse: { url: clickhouse.url, user: clickhouse.user },
    server: server && { url: server.url },
    workers,
  }
}

/**
 * Stops the stack of the workspace, whether it is ready or still starting, and resolves when all its processes are gone.
 * @returns whether there was anything to stop
 */
export async function stopStack(workspaceDir: string): Promise<boolean> {
  const supervisor = await lockHolder(stackPaths(workspaceDir).lock)
  const running = supervisor !== undefined && isAlive(supervisor)
  if (running) await stopProcesses([supervisor], STOP_TIMEOUT_MS)
  return (await removeLeftovers(workspaceDir)) || running
}

/**
 * Stops what a supervisor that was killed left behind, and removes its record.
 * @returns whether a process was left
 */
export async function removeLeftovers(workspaceDir: string): Promise<boolean> {
  const record = await readStackRecord(workspaceDir)
  if (record === undefined) return false
  const left = record.processes.filter(isAlive)
  await stopProcesses(left, 5000)
  await rm(stackPaths(workspaceDir).record, { force: true })
  return left.length > 0
}

async function stopProcesses(processes: readonly ProcessIdentity[], timeoutMs: number): Promise<void> {
  for (const identity of processes) signalProcess(identity, 'SIGTERM')
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const left = processes.filter(isAlive)
    if (left.length === 0) return
    if (performance.now() > deadline) for (const identity of left) signalProcess(identity, 'SIGKILL')
    await sleep(POLL_MS)
  }
}

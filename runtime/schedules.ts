/**
 * What people and failures do to a Temporal Schedule: pause, resume, trigger, look. And the form of its note, in which the
 * text for people and the hash of the definition live side by side: `<text> [definition 0123456789abcdef]`. The hash is in
 * the note because a listing returns notes, so that a thousand schedules are compared without describing each.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Client,
  type ScheduleDescription,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
} from '@temporalio/client'

export interface ScheduleNote {
  /** What a person reads. */
  readonly text: string
  /** Hash of the definition that was applied; absent when somebody wrote the note by other means. */
  readonly definition?: string
}

const DEFINITION = /\s*\[definition ([0-9a-f]{16})\]$/

/** Splits a schedule's note. Never fails: a foreign note is all text. */
export function parseNote(note: string | undefined): ScheduleNote {
  const match = DEFINITION.exec(note ?? '')
  if (!match) return { text: note ?? '' }
  return { text: note!.slice(0, match.index), definition: match[1]! }
}

/** The inverse of {@link parseNote}. */
export function formatNote({ text, definition }: ScheduleNote): string {
  return [text, definition && `[definition ${definition}]`].filter(Boolean).join(' ')
}

/** The hash of the definition that a schedule was made from, wherever it survived. */
export function definitionOf(description: ScheduleDescription): string | undefined {
  const kept: unknown = description.action.memo?.definition
  return parseNote(description.state.note).definition ?? (typeof kept === 'string' ? kept : undefined)
}

export interface ScheduleStatus {
  readonly scheduleId: string
  readonly paused: boolean
  /** Why it is paused, or what was last said about it. */
  readonly note: string
  /** ISO 8601; empty for one that is triggered by hand only. While paused: when it would run. */
  readonly nextRuns: readonly string[]
  readonly running: readonly ScheduledRun[]
  readonly taken: number
  /** Starts left out because the run before was still going. */
  readonly skippedOverlap: number
  /** Starts missed in an outage that was longer than the catch-up window. */
  readonly missedCatchup: number
}

export interface ScheduledRun {
  readonly workflowId: string
  readonly runId: string
}

/** There is no such schedule: the source has not been applied. */
export class ScheduleMissing extends Error {
  override readonly name = 'ScheduleMissing'
  constructor(scheduleId: string, cause: unknown) {
    super(`finding schedule ${scheduleId}: there is none; run tributary apply, or check the source's name`, {
      cause,
    })
  }
}

/** @throws ScheduleMissing */
export async function describeSchedule(client: Client, scheduleId: string): Promise<ScheduleStatus> {
  const { state, info } = await describe(client, scheduleId)
  return {
    scheduleId,
    paused: state.paused,
    note: parseNote(state.note).text,
    nextRuns: info.nextActionTimes.map((time) => time.toISOString()),
    running: info.runningActions.map(runOf),
    taken: info.numActionsTaken,
    skippedOverlap: info.numActionsSkippedOverlap,
    missedCatchup: info.numActionsMissedCatchupWindow,
  }
}

/**
 * Pauses a schedule: runs that are going on go on. Idempotent; one that is paused already keeps its first reason.
 * @returns false when it was paused already
 * @throws ScheduleMissing
 */
export async function pauseSchedule(client: Client, scheduleId: string, reason: string): Promise<boolean> {
  const description = await describe(client, scheduleId)
  if (description.state.paused) return false
  await client.schedule.getHandle(scheduleId).pause(noteWith(description, reason))
  return true
}

/**
 * Ends a pause, whoever began it. Idempotent.
 * @returns false when it was not paused
 * @throws ScheduleMissing
 */
export async function resumeSchedule(
  client: Client,
  scheduleId: string,
  reason = 'resumed',
): Promise<boolean> {
  const description = await describe(client, scheduleId)
  if (!description.state.paused) return false
  await client.schedule.getHandle(scheduleId).unpause(noteWith(description, reason))
  return true
}

export interface TriggerResult extends ScheduledRun {
  /** False: a run was going on already, and it is this one. */
  readonly started: boolean
}

/**
 * Starts a run now, paused or not, unless one is going on (single flight).
 * @param timeoutMs how long to wait for the server to start it @default 10000
 * @throws ScheduleMissing
 */
export async function triggerSchedule(
  client: Client,
  scheduleId: string,
  timeoutMs = 10_000,
): Promise<TriggerResult> {
  const before = await describe(client, scheduleId)
  const [running] = before.info.runningActions
  if (running) return { started: false, ...runOf(running) }
  const known = new Set(before.info.recentActions.map(({ action }) => runOf(action).runId))
  await client.schedule.getHandle(scheduleId).trigger(ScheduleOverlapPolicy.SKIP)
  const deadline = Date.now() + timeoutMs
  for (let waitMs = 20; Date.now() < deadline; waitMs = Math.min(waitMs * 2, 500)) {
    const { info } = await describe(client, scheduleId)
    const started = info.recentActions
      .map(({ action }) => runOf(action))
      .find(({ runId }) => !known.has(runId))
    if (started) return { started: true, ...started }
    // Somebody else's trigger came first and ours was skipped: theirs is in the list of the next turn.
    await sleep(waitMs)
  }
  throw new Error(
    `triggering ${scheduleId}: no run appeared within ${timeoutMs} ms; check that the Temporal server is well`,
  )
}

async function describe(client: Client, scheduleId: string): Promise<ScheduleDescription> {
  try {
    return await client.schedule.getHandle(scheduleId).describe()
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) throw new ScheduleMissing(scheduleId, error)
    throw error
  }
}

function noteWith(description: ScheduleDescription, text: string): string {
  const definition = definitionOf(description)
  return formatNote({ text, ...(definition !== undefined && { definition }) })
}

function runOf(action: ScheduleDescription['info']['runningActions'][number]): ScheduledRun {
  return { workflowId: action.workflow.workflowId, runId: action.workflow.firstExecutionRunId }
}

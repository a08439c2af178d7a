/** `tributary activate list` and `activate status`: every activation and what it does now. */
import type { Client } from '@temporalio/client'
import { type StateCounts, stateCounts } from '../../activation/history.js'
import { targetOf } from '../../activation/target.js'
import { describeSchedule, ScheduleMissing } from '../../runtime/schedules.js'
import { type ActivationReport, activationScheduleId } from '../../workflows/activation-contract.js'
import { triggerWords } from '../../workspace/plan-activations.js'
import type { Activation, Workspace } from '../../workspace/workspace.js'
import { answered, answeringTemporal } from '../answering.js'
import { type Hold, holdOf } from './hold.js'
import { type ActivationContext, knownActivation, publishedWorkspace } from './published.js'
import { activationHistory, type RecordedActivation } from './recorded.js'
import { type RunningActivation, runningActivation, runningActivations } from './running.js'

export interface ActivationLine {
  readonly id: string
  readonly segment: string
  readonly destination: string
  readonly object: string
  readonly mode: Activation['definition']['mode']
  /** In words: `after each refresh`. */
  readonly trigger: string
  readonly state: 'idle' | 'running' | 'waiting for approval' | 'paused'
  /** Null where nobody paused it. */
  readonly hold: Hold | null
  /** Null where no plan waits for an approval. */
  readonly waiting: Waiting | null
  /** Of the newest run that was more than a plan; null before the first. */
  readonly lastOutcome: ActivationReport['outcome'] | null
  /** ISO 8601: when it began. */
  readonly lastAt: string | null
}

/** A plan that waits. */
export interface Waiting {
  readonly hash: string
  readonly adds: number
  readonly changes: number
  readonly removes: number
  /** ISO 8601: when it expires. */
  readonly until: string | null
}

export interface ActivationStatus extends ActivationLine, StateCounts {
  /** ISO 8601: when its schedule runs it next; null where it has none. */
  readonly nextAt: string | null
  readonly running: Omit<RunningActivation, 'activation'> | null
  /** Report of the newest run that ended and was more than a plan. */
  readonly last: RecordedActivation | null
}

/** Of the newest runs, some may have been plans only: they say nothing of what the destination has. */
const LOOKED_AT = 10

/** What is known of an activation beyond its file. */
interface Known {
  readonly hold: Hold | undefined
  readonly running: RunningActivation | undefined
  readonly last: RecordedActivation | undefined
}

interface ListOptions {
  /** Where Temporal does not answer, says nothing of what runs. @default false: that is an error */
  readonly evenWithoutTemporal?: boolean
}

/** Every published activation, by id. */
export async function listActivations(
  context: ActivationContext,
  { evenWithoutTemporal = false }: ListOptions = {},
): Promise<readonly ActivationLine[]> {
  const workspace = await publishedWorkspace(context)
  if (!workspace || workspace.activations.length === 0) return []
  const open = evenWithoutTemporal
    ? ((await answered(await answeringTemporal(context), runningActivations)) ?? [])
    : await runningActivations(await context.temporal())
  const running = new Map(open.map((run) => [run.activation, run]))
  return Promise.all(
    workspace.activations.map(async (activation) => {
      const recorded = await recordedOf(context, activation)
      return lineOf(workspace, activation, { ...recorded, running: running.get(activation.id) })
    }),
  )
}

/** @throws ActivationUnknown */
export async function activationStatus(context: ActivationContext, id: string): Promise<ActivationStatus> {
  const activation = await knownActivation(context, id, `looking at ${id}`)
  const [client, warehouse, workspace] = await Promise.all([
    context.temporal(),
    context.warehouse(),
    publishedWorkspace(context),
  ])
  const [recorded, running, counts, nextAt] = await Promise.all([
    recordedOf(context, activation),
    runningActivation(client, id),
    stateCounts(warehouse, id, targetOf(activation.definition)),
    nextRun(client, activation),
  ])
  return {
    ...lineOf(workspace!, activation, { ...recorded, running }),
    ...counts,
    nextAt,
    running: running ? withoutActivation(running) : null,
    last: recorded.last ?? null,
  }
}

function withoutActivation({ activation: _activation, ...run }: RunningActivation) {
  return run
}

async function recordedOf(context: ActivationContext, { id }: Activation): Promise<Omit<Known, 'running'>> {
  const [hold, newest] = await Promise.all([
    holdOf(context, id),
    activationHistory(context, { activation: id, limit: LOOKED_AT }),
  ])
  return { hold, last: newest.find(({ outcome }) => outcome !== 'planned') }
}

function lineOf(
  { timeZone }: Workspace,
  { id, definition }: Activation,
  { hold, running, last }: Known,
): ActivationLine {
  const { segment, destination, object, mode, trigger } = definition
  const waiting = waitingOf(running)
  return {
    id,
    segment,
    destination,
    object,
    mode,
    trigger: triggerWords(trigger, timeZone),
    state: waiting ? 'waiting for approval' : running ? 'running' : hold ? 'paused' : 'idle',
    hold: hold ?? null,
    waiting,
    lastOutcome: last?.outcome ?? null,
    lastAt: last?.startedAt ?? null,
  }
}

function waitingOf(running: RunningActivation | undefined): Waiting | null {
  const { phase, plan, until = null } = running?.progress ?? {}
  if (phase !== 'waiting for approval' || !plan) return null
  const { adds, changes, removes } = plan.counts
  return { hash: plan.hash, adds, changes, removes, until }
}

async function nextRun(client: Client, { id, definition: { trigger } }: Activation): Promise<string | null> {
  if (typeof trigger !== 'object') return null
  try {
    const { nextRuns } = await describeSchedule(client, activationScheduleId(id))
    return nextRuns[0] ?? null
  } catch (error) {
    // Applied a moment ago, and not reconciled yet.
    if (error instanceof ScheduleMissing) return null
    throw error
  }
}

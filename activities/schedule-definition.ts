/** The Temporal Schedules that a workspace asks for, and the hashes by which they are recognised. Pure. */
import { createHash } from 'node:crypto'
import { ScheduleOverlapPolicy, type ScheduleSpec, type ScheduleUpdateOptions } from '@temporalio/client'
import { defineSearchAttributeKey } from '@temporalio/common'
import { canonicalJson, cronIntervalMs, parseCron, parseDuration, type Schedule } from '@tributary/schemas'
import { activationScheduleId, type RequestActivationInput } from '../workflows/activation-contract.js'
import { type SyncSourceInput, syncScheduleId, TASK_QUEUE } from '../workflows/contract.js'
import { type RequestRefreshInput, refreshScheduleId } from '../workflows/refresh-contract.js'
import { type ApplyRetentionInput, retentionScheduleId } from '../workflows/retention-contract.js'
import { scheduleWords } from '../workspace/schedule-words.js'
import type { Source, Workspace } from '../workspace/workspace.js'
import { connectorName } from './connector-name.js'

const SourceKey = defineSearchAttributeKey('Source', 'KEYWORD')
const ActivationKey = defineSearchAttributeKey('Activation', 'KEYWORD')
const ConnectorKey = defineSearchAttributeKey('Connector', 'KEYWORD')

const MAX_SUMMARY_BYTES = 200
const HOUR_MS = 3_600_000
const MAX_JITTER_MS = 300_000
/** The server's own minimum. */
const MIN_CATCHUP_MS = 10_000

export interface ScheduleDefinition {
  readonly scheduleId: string
  /** 16 hex digits: differs when anything of the schedule differs. */
  readonly hash: string
  /** Cannot be changed once the schedule exists. */
  readonly memo: { readonly workspace: string; readonly source?: string }
  readonly options: Omit<ScheduleUpdateOptions, 'state'>
}

/**
 * The schedule of a source. Settings of streams are not part of it: a run reads the newest revision itself.
 * @throws RangeError when the schedule is not valid; a published one is
 */
export function scheduleDefinition(workspace: Workspace, { id, definition }: Source): ScheduleDefinition {
  const scheduleId = syncScheduleId(id)
  const connector = connectorName(definition.connector)
  const words = scheduleWords(definition.schedule, workspace.timeZone)
  const { spec, catchupWindow } = timing(definition.schedule, workspace.timeZone)
  const input: SyncSourceInput = { source: id, reason: 'schedule' }
  const memo = { workspace: workspace.name, source: id }
  const content = {
    spec,
    catchupWindow,
    connector,
    input,
    memo,
    summary: truncateBytes(`${connector} → warehouse, ${words}`, MAX_SUMMARY_BYTES),
    details: [
      `Source **${id}** of workspace **${workspace.name}**, connector \`${connector}\`, ${words}.`,
      `Pause with \`tributary pause ${id}\`, look back with \`tributary runs --source ${id}\`.`,
    ].join('\n\n'),
  }
  const hash = createHash('sha256').update(canonicalJson(content)).digest('hex').slice(0, 16)
  const typedSearchAttributes = [
    { key: SourceKey, value: id },
    { key: ConnectorKey, value: connector },
  ]
  const options: ScheduleDefinition['options'] = {
    spec,
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow, pauseOnFailure: false },
    typedSearchAttributes,
    action: {
      type: 'startWorkflow',
      workflowType: 'syncSource',
      workflowId: scheduleId,
      taskQueue: TASK_QUEUE,
      args: [input],
      memo: { definition: hash },
      typedSearchAttributes,
      staticSummary: content.summary,
      staticDetails: content.details,
    },
  }
  return { scheduleId, hash, memo, options }
}

/**
 * Every schedule of a workspace: of each source, of its profiles where there are mappings, of activations that have one, and
 * of the removal of old data.
 */
export function scheduleDefinitions(workspace: Workspace): readonly ScheduleDefinition[] {
  return [
    ...workspace.sources.map((source) => scheduleDefinition(workspace, source)),
    ...(workspace.mappings.length > 0 ? [refreshScheduleDefinition(workspace)] : []),
    ...workspace.activations.flatMap((activation) => activationScheduleDefinition(workspace, activation)),
    retentionScheduleDefinition(workspace),
  ]
}

/** @default when profiles are refreshed apart from after syncs: windows end as time passes */
const REFRESH: Schedule = { every: '1h' }

function refreshScheduleDefinition(workspace: Workspace): ScheduleDefinition {
  const input: RequestRefreshInput = { workspace: workspace.name }
  return requestSchedule(workspace, {
    scheduleId: refreshScheduleId(workspace.name),
    schedule: workspace.settings.refresh ?? REFRESH,
    workflowType: 'requestRefresh',
    input,
    title: 'profiles and segments',
    details: `Asks for a refresh of the profiles and segments of workspace **${workspace.name}**`,
    attributes: [{ key: SourceKey, value: 'profiles' }],
  })
}

/** Once a day, at a quiet hour. Lengths are no part of it: a run reads the newest revision itself. */
const RETENTION: Schedule = { cron: '30 3 * * *', jitter: '30m', catchup_window: '12h' }

function retentionScheduleDefinition(workspace: Workspace): ScheduleDefinition {
  const input: ApplyRetentionInput = { workspace: workspace.name }
  return requestSchedule(workspace, {
    scheduleId: retentionScheduleId(workspace.name),
    schedule: RETENTION,
    workflowType: 'applyRetention',
    input,
    title: 'data that is older than it is kept',
    details: `Removes what is older than \`retention\` of workspace **${workspace.name}** keeps it`,
    attributes: [{ key: SourceKey, value: 'retention' }],
  })
}

/** The schedule of an activation, where it has one. */
function activationScheduleDefinition(
  workspace: Workspace,
  { id, definition }: Workspace['activations'][number],
): readonly ScheduleDefinition[] {
  const { trigger, segment, destination, object } = definition
  if (trigger === undefined || typeof trigger === 'string') return []
  const input: RequestActivationInput = { activation: id, reason: 'schedule' }
  return [
    requestSchedule(workspace, {
      scheduleId: activationScheduleId(id),
      schedule: trigger.schedule,
      workflowType: 'requestActivation',
      input,
      title: `${segment} → ${object} of ${destination}`,
      details: `Asks for a run of activation **${id}** of workspace **${workspace.name}**`,
      attributes: [{ key: ActivationKey, value: id }],
    }),
  ]
}

interface RequestSchedule {
  readonly scheduleId: string
  readonly schedule: Schedule
  readonly workflowType: string
  readonly input: RequestRefreshInput | RequestActivationInput | ApplyRetentionInput
  readonly title: string
  readonly details: string
  readonly attributes: NonNullable<ScheduleUpdateOptions['typedSearchAttributes']> & readonly unknown[]
}

/** A schedule whose action asks for something that runs one at a time, whoever asks. */
function requestSchedule(workspace: Workspace, request: RequestSchedule): ScheduleDefinition {
  const { scheduleId, schedule, workflowType, input, attributes } = request
  const { spec, catchupWindow } = timing(schedule, workspace.timeZone)
  const words = scheduleWords(schedule, workspace.timeZone)
  const content = { spec, catchupWindow, input, summary: `${request.title}, ${words}` }
  const hash = createHash('sha256').update(canonicalJson(content)).digest('hex').slice(0, 16)
  return {
    scheduleId,
    hash,
    memo: { workspace: workspace.name },
    options: {
      spec,
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow, pauseOnFailure: false },
      typedSearchAttributes: attributes,
      action: {
        type: 'startWorkflow',
        workflowType,
        workflowId: scheduleId,
        taskQueue: TASK_QUEUE,
        args: [input],
        memo: { definition: hash },
        typedSearchAttributes: attributes,
        staticSummary: truncateBytes(content.summary, MAX_SUMMARY_BYTES),
        staticDetails: `${request.details}, ${words}.`,
      },
    },
  }
}

/** A source that is synced by hand has an empty spec: it never fires, and `paused` keeps meaning that somebody paused it. */
function timing(
  schedule: Schedule | undefined,
  workspaceTimeZone: string,
): { readonly spec: ScheduleSpec; readonly catchupWindow: number } {
  if (schedule === undefined || schedule === 'manual') return { spec: {}, catchupWindow: HOUR_MS }
  const intervalMs =
    'every' in schedule ? parseDuration(schedule.every) : cronIntervalMs(parseCron(schedule.cron))
  const jitter = schedule.jitter
    ? parseDuration(schedule.jitter)
    : Math.min(Math.floor(intervalMs / 20_000) * 1000, MAX_JITTER_MS)
  const catchup = schedule.catchup_window
    ? parseDuration(schedule.catchup_window)
    : Math.min(intervalMs, HOUR_MS)
  const times =
    'every' in schedule
      ? { intervals: [{ every: intervalMs, offset: schedule.offset ? parseDuration(schedule.offset) : 0 }] }
      : { cronExpressions: [schedule.cron], timezone: schedule.time_zone ?? workspaceTimeZone }
  return { spec: { ...times, jitter }, catchupWindow: Math.max(catchup, MIN_CATCHUP_MS) }
}

function truncateBytes(text: string, limit: number): string {
  if (Buffer.byteLength(text) <= limit) return text
  const characters = [...text]
  while (Buffer.byteLength(`${characters.join('')}…`) > limit) characters.pop()
  return `${characters.join('')}…`
}

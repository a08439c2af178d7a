/** Every source at one look: what it is, when it runs, how it went, and how fresh its data is. */
import type { SourceFile, WorkspaceFile } from '@tributary/schemas'
import { describeSchedule } from '../runtime/schedules.js'
import { acceptedRows } from '../warehouse/ledger/accepted-rows.js'
import { latestRevision } from '../warehouse/revisions.js'
import { newestRuns } from '../warehouse/runs.js'
import { type RunReport, syncScheduleId } from '../workflows/contract.js'
import { parseYaml } from '../workspace/document.js'
import { fileOf, idOf, readFiles, WORKSPACE_FILE } from '../workspace/files.js'
import { plainSchedule } from '../workspace/plain-schedule.js'
import { answered, answeringTemporal } from './answering.js'
import { catalogueTitles } from './connector-catalogue.js'
import type { OperationContext } from './context.js'
import { pauseReason } from './pause-note.js'
import { nameHint } from './people/published.js'
import { type RunningRun, runningRuns } from './runs.js'
import { SourceUnknown } from './sources.js'
import { type DraftState, draftState } from './workspace-files.js'

export type SourceLinesContext = Pick<OperationContext, 'workspaceDir' | 'warehouse' | 'temporal'>

export interface SourceLine {
  readonly id: string
  /** What its file calls it; empty where the file does not say. */
  readonly connector: string
  /** The product's name. */
  readonly title: string
  readonly state: DraftState
  /** In plain words. */
  readonly schedule: string
  readonly paused: boolean
  /** Why it is paused, or what was last said about its schedule. */
  readonly note: string
  /** ISO 8601; null where it is run by hand, paused or not published. */
  readonly nextAt: string | null
  readonly running: SourceRun | null
  readonly last: LastSourceRun | null
  /** ISO 8601: when data last came. */
  readonly freshAt: string | null
  /** Rows that were loaded, as far back as the ledger goes. */
  readonly rows: number
  /** Rows that were loaded within the last 24 hours. */
  readonly rowsDay: number
}

export interface SourceRun {
  readonly workflowId: string
  readonly runId: string
  readonly startedAt: string
  readonly rows: number
}

export interface LastSourceRun {
  readonly workflowId: string
  readonly runId: string
  readonly outcome: RunReport['outcome']
  readonly startedAt: string
  readonly endedAt: string
  readonly rows: number
  readonly rejects: number
  readonly seconds: number
  readonly error: string | null
}

/** Drafts and what is published, by id. Without Temporal the lines say nothing of schedules and of what runs. */
export async function listSources(context: SourceLinesContext): Promise<readonly SourceLine[]> {
  const warehouse = await context.warehouse()
  const [{ files }, latest, newest, accepted, client] = await Promise.all([
    readFiles(context.workspaceDir),
    latestRevision(warehouse),
    newestRuns<RunReport>(warehouse),
    acceptedRows(warehouse),
    answeringTemporal(context),
  ])
  const published = latest?.files ?? {}
  const running = (await answered(client, () => runningRuns(context))) ?? []
  const titles = catalogueTitles(context.workspaceDir)
  const zone = timeZoneOf(files[WORKSPACE_FILE] ?? published[WORKSPACE_FILE])
  const paths = [...new Set([...Object.keys(files), ...Object.keys(published)])].sort()
  const ids = paths.flatMap((path) => idOf('sources', path) ?? [])
  return Promise.all(
    ids.map(async (id): Promise<SourceLine> => {
      const path = fileOf('sources', id)
      const { connector = '', schedule } = sourceIn(files[path] ?? published[path] ?? '')
      const status =
        path in published
          ? await answered(client, (open) => describeSchedule(open, syncScheduleId(id)))
          : undefined
      const last = newest.find((run) => run.source === id)
      const counts = accepted.get(id)
      return {
        id,
        connector,
        title: titles.get(connector) ?? connector,
        state: draftState(files[path], published[path]),
        schedule: plainSchedule(schedule, zone),
        paused: status?.paused ?? false,
        note: pauseReason(status?.note ?? ''),
        nextAt: status && !status.paused ? (status.nextRuns[0] ?? null) : null,
        running: runOf(running.find((run) => run.source === id)),
        last: last ? lastRunOf(last) : null,
        freshAt: last?.freshAt ?? null,
        rows: counts?.rows ?? 0,
        rowsDay: counts?.rowsDay ?? 0,
      }
    }),
  )
}

/** @throws SourceUnknown with the nearest name */
export async function sourceLine(context: SourceLinesContext, id: string): Promise<SourceLine> {
  const lines = await listSources(context)
  const found = lines.find((line) => line.id === id)
  if (found) return found
  const ids = lines.map((line) => line.id)
  throw new SourceUnknown(`finding the source ${id}: there is none; ${nameHint(id, ids, 'add one')}`)
}

/** A draft may be of any shape. */
function sourceIn(text: string): Partial<SourceFile> {
  try {
    const { connector, schedule } = (parseYaml(text) ?? {}) as Partial<SourceFile>
    const isSchedule = schedule === 'manual' || (typeof schedule === 'object' && schedule !== null)
    return {
      ...(typeof connector === 'string' && { connector }),
      ...(isSchedule && ('every' in Object(schedule) || 'cron' in Object(schedule)) && { schedule }),
    }
  } catch {
    return {}
  }
}

function timeZoneOf(text = ''): string {
  try {
    return (parseYaml(text) as Partial<WorkspaceFile> | null)?.time_zone ?? 'UTC'
  } catch {
    return 'UTC'
  }
}

function runOf(run: RunningRun | undefined): SourceRun | null {
  if (!run) return null
  const { workflowId, runId, startedAt, rows } = run
  return { workflowId, runId, startedAt, rows }
}

function lastRunOf(run: RunReport & { readonly startedAt: string; readonly endedAt: string }): LastSourceRun {
  const { workflowId, runId, outcome, startedAt, endedAt, rows, rejects, seconds, error, streams } = run
  const failed = streams.find((stream) => stream.error)?.error
  const message = (error ?? failed)?.message ?? null
  return { workflowId, runId, outcome, startedAt, endedAt, rows, rejects, seconds, error: message }
}

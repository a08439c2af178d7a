/** loadPlan, recordRun, pauseSchedule: what surrounds the streams of a run. All may be repeated. */
import { log } from '@temporalio/activity'
import { matchesGlob } from '@tributary/schemas'
import { pauseSchedule } from '../runtime/schedules.js'
import { failuresInARow, recordRun } from '../warehouse/runs.js'
import type {
  BackfillStretch,
  LoadPlanInput,
  PauseScheduleInput,
  RecordRunResult,
  RunReport,
  StreamPlan,
  SyncPlan,
} from '../workflows/contract.js'
import { syncScheduleId } from '../workflows/contract.js'
import { backfilledTo } from './backfill-lane.js'
import type { Catalogs, SourceCatalog } from './catalog.js'
import { connectorName } from './connector-name.js'
import type { ActivityDeps } from './deps.js'
import { configInvalid } from './failures.js'
import { withHeartbeat } from './progress.js'
import { streamPlan } from './stream-setup.js'

/** @default of a source file's parallelism */
const PARALLELISM = 3

export function createRunCommands(deps: ActivityDeps, catalogs: Catalogs) {
  return {
    /** Pins the revision and lists what the run reads, in the catalogue's order. */
    async loadPlan(input: LoadPlanInput): Promise<SyncPlan> {
      return withHeartbeat(deps.draining, async ({ signal }) => {
        const catalog = await catalogs.discover(input.source, input.revision, signal)
        const { source } = catalog
        const planned = plannedStreams(catalog, input)
        const streams = input.stretch ? await standOf(deps, source.id, planned, input.stretch) : planned
        return {
          source: source.id,
          revision: source.revision,
          connector: connectorName(source.definition.connector),
          connectorVersion: source.connector.version,
          title: `${source.connector.title} → ${source.id}`,
          parallelism: source.definition.parallelism ?? PARALLELISM,
          streams: streams.map((stream) => ({
            ...stream,
            ...(deps.heartbeatMs !== undefined && { heartbeatMs: deps.heartbeatMs }),
          })),
          ...(source.feedsProfilesOf !== undefined && { feedsProfilesOf: source.feedsProfilesOf }),
        }
      })
    },

    /** Keeps the run's report, once, and counts the failures before it. */
    async recordRun(report: RunReport): Promise<RecordRunResult> {
      await recordRun(deps.warehouse, report)
      return { failuresInARow: await failuresInARow(deps.warehouse, report.source) }
    },

    /** Pauses the source's schedule with a note that says why and what to do. */
    async pauseSchedule({ source, note }: PauseScheduleInput): Promise<void> {
      const day = new Date().toISOString().slice(0, 10)
      await pauseSchedule(
        deps.client,
        syncScheduleId(source),
        `Paused ${day}: ${note} Then \`tributary resume ${source}\`.`,
      )
      log.warn('schedule paused', { source, note })
    },
  }
}

/** The streams with where each stands in a backfill. */
function standOf(
  { warehouse }: ActivityDeps,
  source: string,
  streams: readonly StreamPlan[],
  stretch: BackfillStretch,
): Promise<StreamPlan[]> {
  return Promise.all(
    streams.map(async (plan) => {
      const to = await backfilledTo(warehouse, { source, stream: plan.name }, plan, stretch)
      return to === undefined ? plan : { ...plan, backfilledTo: to }
    }),
  )
}

function plannedStreams(catalog: SourceCatalog, input: LoadPlanInput): StreamPlan[] {
  const { definition, id } = catalog.source
  const found = catalog.streams.flatMap((stream) => streamPlan(definition, stream) ?? [])
  // A stream that is named but gone fails alone, when it is opened; the others go on.
  const missing = definition.streams
    .filter(
      (entry) => !/[*?]/.test(entry.name) && !catalog.streams.some((stream) => stream.name === entry.name),
    )
    .map(
      (entry): StreamPlan => ({
        name: entry.name,
        syncMode: entry.sync_mode,
        destinationSyncMode: entry.destination_sync_mode,
        resumable: true,
      }),
    )
  const all = [...found, ...missing]
  const asked = input.streams
  const chosen =
    asked === undefined ? all : all.filter((stream) => asked.some((name) => matchesGlob(name, stream.name)))
  if (chosen.length === 0) {
    throw configInvalid(
      asked === undefined
        ? `planning the sync of ${id}: none of the source's ${catalog.streams.length} streams matches sources/${id}.yaml`
        : `planning the sync of ${id}: it has no stream ${asked.join(', ')}; it has ${all.map((stream) => stream.name).join(', ')}`,
    )
  }
  return input.window === undefined ? chosen : chosen.filter((stream) => stream.syncMode === 'incremental')
}

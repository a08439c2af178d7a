/** openStream, finalizeStream, rollbackStream: the ends of a stream's run, and its way back. All may be repeated. */
import type { SourceFile } from '@tributary/schemas'
import type { Warehouse } from '../warehouse/client.js'
import { openPosition, publishGeneration } from '../warehouse/ledger/ledger.js'
import { rollback } from '../warehouse/ledger/rollback.js'
import { foldPending } from '../warehouse/loading/fold.js'
import { sweepStream } from '../warehouse/loading/sweep.js'
import { readColumns, showTables } from '../warehouse/tables/prepare-tables.js'
import { standing } from '../warehouse/tables/set-aside.js'
import type { StreamTable } from '../warehouse/tables/stream-table.js'
import { isReservedName } from '../warehouse/types/reserved-names.js'
import type { RollbackStreamInput, StateAfterRollback } from '../workflows/command-contract.js'
import {
  type FinalizeStreamInput,
  LIVE_LANE,
  type OpenedStream,
  type OpenStreamInput,
} from '../workflows/contract.js'
import { streamEntry } from '../workspace/workspace.js'
import { laneState, stateInWindow } from './backfill-lane.js'
import { type Catalogs, findStream } from './catalog.js'
import type { ActivityDeps } from './deps.js'
import { configInvalid } from './failures.js'
import { openPublishedSource } from './opened-source.js'
import { origin } from './origin.js'
import { openTable, preparedTable } from './prepared-table.js'
import { withHeartbeat } from './progress.js'
import { type StreamSetup, setUpStream } from './stream-setup.js'
import { acceptPrevious } from './sync-slice.js'

export function createStreamCommands(deps: ActivityDeps, catalogs: Catalogs) {
  async function setUp(
    source: string,
    revision: string,
    stream: string,
    signal: AbortSignal,
  ): Promise<StreamSetup> {
    const catalog = await catalogs.get(source, revision, signal)
    return setUpStream(source, catalog.source.definition, findStream(catalog, stream))
  }

  return {
    /** Prepares the stream's tables and finds where the run starts. */
    async openStream(input: OpenStreamInput): Promise<OpenedStream> {
      return withHeartbeat(deps.draining, async ({ signal }) => {
        const wanted = await setUp(input.source, input.revision, input.stream, signal)
        const { setup, aside } = await openTable(deps.warehouse, wanted, input.reset)
        const live = input.lane === LIVE_LANE
        if (!live && aside) {
          throw configInvalid(
            `backfilling ${input.source}.${input.stream}: it is being read anew; run \`tributary sync ${input.source}\` until that is done, then backfill`,
          )
        }
        const opened = await openPosition(deps.warehouse, {
          source: input.source,
          stream: input.stream,
          lane: input.lane,
          keyed: setup.table.keyed,
          newGeneration: live && (input.reset || aside || setup.plan.destinationSyncMode === 'overwrite'),
        })
        const { first, state: kept, ...rest } = opened
        const state = stateInWindow(input, kept)
        const start: OpenedStream = { ...rest, ...(state !== undefined && { state }) }
        // A run that was ended between accepting a load and folding it left the load to this one.
        if (setup.table.keyed && !first) {
          await foldPending(deps.warehouse, setup.table, start.position, origin(input.revision), signal)
        }
        if (!first) return start
        if (!live) {
          throw configInvalid(
            `backfilling ${input.source}.${input.stream}: nothing was loaded yet; run \`tributary sync ${input.source}\` once, then backfill`,
          )
        }
        // The first rows of a stream are seen as they are accepted: their generation is current from the start.
        await publishGeneration(deps.warehouse, input, opened.position, {}, origin(input.revision))
        return { position: { ...opened.position, sequence: opened.position.sequence + 1 } }
      })
    },

    /** Accepts what is pending; a complete read is published or closed; what nobody can see is swept. */
    async finalizeStream(input: FinalizeStreamInput): Promise<void> {
      await withHeartbeat(deps.draining, async ({ signal }) => {
        const setup = await preparedTable(
          deps.warehouse,
          await setUp(input.source, input.revision, input.stream, signal),
        )
        await acceptPrevious(deps, input, setup, signal)
        // A later run may have begun by the time that an attempt which was given up wakes up.
        signal.throwIfAborted()
        if (input.complete) await publishComplete(deps.warehouse, input, setup)
        if (input.complete && input.position.building) await showTables(deps.warehouse, setup.table)
        signal.throwIfAborted()
        await sweepStream(deps.warehouse, setup.table)
      })
    },

    /** Takes the stream back to an earlier step of its current generation. */
    async rollbackStream(input: RollbackStreamInput): Promise<StateAfterRollback> {
      return withHeartbeat(deps.draining, async ({ signal }) => {
        // The source is not asked: the way back is wanted most when it is away or has changed its shape.
        const source = await openPublishedSource(deps, input.source, input.revision)
        const table = await existingTable(deps.warehouse, source.definition, input)
        if ((await standing(deps.warehouse, table)) !== 'own') {
          throw configInvalid(
            `rolling ${input.source}.${input.stream} back: it is being read anew; run \`tributary sync ${input.source}\` until that is done`,
          )
        }
        return rollback(deps.warehouse, table, input.toSequence, origin(source.revision), signal)
      })
    },
  }
}

/** A stream's table as it stands in the warehouse. */
async function existingTable(
  warehouse: Warehouse,
  definition: SourceFile,
  { source, stream }: { readonly source: string; readonly stream: string },
): Promise<StreamTable> {
  const columns = await readColumns(warehouse, { source, stream })
  const own = columns.filter((column) => !isReservedName(column.name))
  const keyed = streamEntry(definition, stream)?.destination_sync_mode === 'append_dedup'
  return { source, stream, columns: own, key: [], keyed }
}

/** A full read starts anew next time, a backfill with its next window; an incremental stream keeps its state. */
async function publishComplete(
  warehouse: Warehouse,
  input: FinalizeStreamInput,
  setup: StreamSetup,
): Promise<void> {
  const { position } = input
  const closes = setup.plan.syncMode === 'full_refresh' || position.lane !== LIVE_LANE
  if (!position.building && !closes) return
  const state = laneState(input, closes ? undefined : input.state, true)
  const end = {
    ...(state !== undefined && { state }),
    ...(input.cursor !== undefined && { cursor: input.cursor }),
  }
  await publishGeneration(warehouse, input, position, end, origin(input.revision))
}

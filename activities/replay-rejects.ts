/**
 * replayRejects: a stream's rejects once more, as the records they were, under the stream's present settings. What still
 * does not fit is a new reject. Idempotent: its load is void unless the workflow hands it on.
 */
import { openPosition } from '../warehouse/ledger/ledger.js'
import { LoadWriter } from '../warehouse/loading/load-writer.js'
import { markReplayed, rejectsToReplay, type StoredReject, WITHHELD } from '../warehouse/loading/replay.js'
import { standing } from '../warehouse/tables/set-aside.js'
import type { ReplayedLoad, ReplayRejectsInput } from '../workflows/command-contract.js'
import { LIVE_LANE } from '../workflows/contract.js'
import { type Catalogs, findStream } from './catalog.js'
import type { ActivityDeps } from './deps.js'
import { configInvalid } from './failures.js'
import { loadTarget } from './load-target.js'
import { prepareTable } from './prepared-table.js'
import { withHeartbeat } from './progress.js'
import { setUpStream } from './stream-setup.js'

export function createReplayRejects(deps: ActivityDeps, catalogs: Catalogs) {
  return {
    async replayRejects(input: ReplayRejectsInput): Promise<ReplayedLoad> {
      return withHeartbeat(deps.draining, async ({ signal }) => {
        const catalog = await catalogs.discover(input.source, input.revision, signal)
        const { revision, definition } = catalog.source
        const wanted = setUpStream(input.source, definition, findStream(catalog, input.stream))
        const setup = await prepareTable(deps.warehouse, wanted)
        const key = { source: input.source, stream: input.stream }
        const { keyed } = setup.table
        const refused = `replaying rejects of ${input.source}.${input.stream}: it is being read anew; run \`tributary sync ${input.source}\` until that is done, then replay`
        if ((await standing(deps.warehouse, setup.table)) !== 'own') throw configInvalid(refused)
        const opened = await openPosition(deps.warehouse, {
          ...key,
          lane: LIVE_LANE,
          keyed,
          newGeneration: false,
        })
        // Rows of a generation that nobody will publish would be lost with their rejects marked as loaded.
        if (opened.position.building) throw configInvalid(refused)
        const stored = await rejectsToReplay(deps.warehouse, key, { changed: keyed })
        const parsed = stored.map((reject) => ({ reject, record: parseRecord(reject) }))
        const usable = parsed.filter(({ record }) => record !== undefined)
        const result = {
          revision,
          position: opened.position,
          skipped: parsed.length - usable.length,
          ...(opened.state !== undefined && { state: opened.state }),
        }
        if (usable.length === 0) return result
        const target = loadTarget(setup, opened.position, revision)
        const writer = new LoadWriter(deps.warehouse, target, {
          signal,
          localFileRoots: deps.localFileRoots,
        })
        await writer.appendRecords(usable.map(({ record }) => record as Record<string, unknown>))
        const totals = await writer.finish()
        await markReplayed(
          deps.warehouse,
          key,
          usable.map(({ reject }) => reject),
          target.loadId,
        )
        const load = {
          loadId: target.loadId,
          sequence: opened.position.sequence + 1,
          ...totals,
          ...(opened.state !== undefined && { state: opened.state }),
          ...(opened.cursor !== undefined && { cursor: opened.cursor }),
        }
        return { ...result, load }
      })
    },
  }
}

/** The record that was rejected; undefined for a piece of text, or where values were withheld. */
function parseRecord({ raw }: StoredReject): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(raw)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    return Object.values(value).includes(WITHHELD) ? undefined : (value as Record<string, unknown>)
  } catch {
    return undefined
  }
}

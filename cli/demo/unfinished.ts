/** Loads that nobody has accepted: their rows are in the warehouse and no view shows them. */
import { selectRows, splitStream, viewOf } from './rows.js'
import type { Stage } from './stage.js'

export interface UnfinishedLoad {
  readonly stream: string
  readonly loadId: string
  /** That have arrived. */
  readonly rows: number
}

/** Of slices under way, and of those that were given up and not yet swept. */
export async function unfinishedLoads(
  stage: Pick<Stage, 'context'>,
  streams: readonly string[],
): Promise<readonly UnfinishedLoad[]> {
  const loads = await Promise.all(
    streams.map(async (stream) => {
      const rows = await selectRows<{ loadId: string; n: string }>(
        stage,
        `SELECT toString(_load_id) AS loadId, count() AS n FROM ${viewOf(`${stream}__rows`)}
         WHERE _load_id IN (${hiddenIds(stream)}) GROUP BY _load_id`,
      )
      return rows.map(({ loadId, n }) => ({ stream, loadId, rows: Number(n) }))
    }),
  )
  return loads.flat()
}

/** Those of the loads that were never accepted, to this day. */
export async function givenUp(
  stage: Pick<Stage, 'context'>,
  loads: readonly UnfinishedLoad[],
): Promise<readonly UnfinishedLoad[]> {
  const hidden = await Promise.all(
    [...new Set(loads.map(({ stream }) => stream))].map((stream) =>
      selectRows<{ loadId: string }>(stage, `SELECT toString(load_id) AS loadId FROM (${hiddenIds(stream)})`),
    ),
  )
  const ids = new Set(hidden.flat().map(({ loadId }) => loadId))
  return loads.filter(({ loadId }) => ids.has(loadId))
}

function hiddenIds(stream: string): string {
  const { source, name } = splitStream(stream)
  return `SELECT load_id FROM tributary.hidden_loads(source = '${source}', stream = '${name}')`
}

/** Follows a run of a source to its end and shows rows as they arrive: the run itself counts a slice when it ends. */
import { followRun } from '../../operations/follow.js'
import type { Picture } from '../progress.js'
import type { Report } from '../report.js'
import { selectRows } from './rows.js'
import type { Stage } from './stage.js'

type Run = Parameters<typeof followRun>[1]

/** The report of the run, whatever its outcome. */
export async function follow(stage: Stage, run: Run): Promise<Report> {
  const { context, signal, progress } = stage
  const before = await storedRows(stage, run.source)
  let ended = false
  const onProgress = async (picture: Picture) => {
    const stored = await storedRows(stage, run.source)
    if (!ended) progress.show(withArrived(picture, before, stored))
  }
  try {
    const report = await followRun(context, run, {
      signal,
      // A picture that cannot be taken is no loss.
      onProgress: (picture) => void onProgress(picture).catch(() => undefined),
    })
    progress.finished(report)
    return report
  } finally {
    ended = true
  }
}

/** Rows of each stream of a source, visible or not. */
async function storedRows(
  stage: Pick<Stage, 'context'>,
  source: string,
): Promise<ReadonlyMap<string, number>> {
  const rows = await selectRows<{ name: string; n: string }>(
    stage,
    `SELECT replaceRegexpOne(table, '__rows$', '') AS name, sum(rows) AS n FROM system.parts
     WHERE active AND database = '${source}' AND endsWith(table, '__rows') GROUP BY name`,
  )
  return new Map(rows.map(({ name, n }) => [name, Number(n)]))
}

/** The picture with the rows of slices under way. */
export function withArrived(
  picture: Picture,
  before: ReadonlyMap<string, number>,
  now: ReadonlyMap<string, number>,
): Picture {
  const arrived = (name: string) => (now.get(name) ?? 0) - (before.get(name) ?? 0)
  return {
    ...picture,
    streams: picture.streams.map((stream) =>
      stream.status === 'running' ? { ...stream, rows: Math.max(stream.rows, arrived(stream.name)) } : stream,
    ),
  }
}

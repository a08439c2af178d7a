/** Reads streams again from the beginning, with progress that needs no worker to tell it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { orAborted } from '../../operations/or-aborted.js'
import { startReset } from '../../operations/reset.js'
import { loadOf, type SourceLoad, type StreamLoad } from './loads.js'
import { splitStream } from './rows.js'
import type { Stage } from './stage.js'
import { unfinishedLoads } from './unfinished.js'

export interface ReadingAgain {
  ended(): boolean
  /** What was loaded, in the order of the streams. @throws when a stream could not be read, or by Ctrl-C */
  end(): Promise<readonly SourceLoad[]>
}

const PROGRESS_MS = 500

/** Starts a reset of each stream. */
export async function readAgain(stage: Stage, streams: readonly string[]): Promise<ReadingAgain> {
  const loaded = new Map<string, SourceLoad>()
  const results = await Promise.all(streams.map((stream) => startReading(stage, stream)))
  let ended = false
  const all = Promise.all(
    results.map(async ({ stream, result }) => {
      const load = await result
      loaded.set(stream, load)
      return load
    }),
  ).finally(() => {
    ended = true
  })
  // Whoever calls end() hears of it.
  all.catch(() => undefined)
  const showing = show(stage, streams, loaded, () => ended)
  return {
    ended: () => ended,
    async end() {
      const loads = await orAborted(all, stage.signal)
      await showing
      return loads
    },
  }
}

async function startReading(
  stage: Stage,
  stream: string,
): Promise<{ readonly stream: string; readonly result: Promise<SourceLoad> }> {
  const { source, name } = splitStream(stream)
  const { workflowId, runId } = await startReset(stage.context, source, name)
  const client = await stage.context.temporal()
  const handle = client.workflow.getHandle(workflowId, runId)
  const result = (handle.result() as Promise<ResetReport>).then((report) =>
    loadOf('repeat', { source, ...report, streams: [report] }),
  )
  return { stream, result }
}

/** The part of a reset's result that is used. */
interface ResetReport extends StreamLoad {
  readonly outcome: string
  readonly rejects: number
}

async function show(
  stage: Stage,
  streams: readonly string[],
  loaded: ReadonlyMap<string, SourceLoad>,
  ended: () => boolean,
): Promise<void> {
  const startedAtMs = Date.now()
  while (!ended()) {
    const arriving = await unfinishedLoads(stage, streams).catch(() => [])
    const arrived = (stream: string) =>
      Math.max(0, ...arriving.filter((load) => load.stream === stream).map(({ rows }) => rows))
    const picture = streams.map((name) => {
      const { outcome: status = 'running', rows = arrived(name), bytes = 0 } = loaded.get(name) ?? {}
      return { name, status, rows, bytes, rejects: 0 }
    })
    if (ended() || stage.signal.aborted) return
    stage.progress.show({ source: 'reading again', startedAtMs, streams: picture })
    await sleep(PROGRESS_MS)
  }
}

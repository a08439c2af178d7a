/** One run, followed while it goes on. */
import { useEffect, useRef, useState } from 'react'
import { follow } from '../../api/follow.js'
import { useForget, useRead } from '../../api/hooks.js'
import type { RunView } from './api.js'
import { type Look, paceOf, withLook } from './model/pace.js'

/** Things a second of the whole run and of each stream; undefined while that cannot be told. */
export interface Paces {
  readonly whole: number | undefined
  readonly streams: ReadonlyMap<string, number | undefined>
}

/** Reads the run once and listens while it has not ended; a line that breaks is taken up again. */
export function useRun(workflowId: string, run: string | undefined) {
  const init = { params: { path: { workflowId }, query: run === undefined ? {} : { run } } }
  const read = useRead('/api/v1/runs/{workflowId}', init)
  const [news, setNews] = useState<RunView>()
  const forget = useForget()
  const looks = useRef(new Map<string, readonly Look[]>())
  const isRunning = read.data !== undefined && read.data.endedAt === null
  useEffect(() => {
    if (!isRunning) return undefined
    const query = run === undefined ? '' : `?run=${encodeURIComponent(run)}`
    const stop = follow({
      path: `/api/v1/runs/${encodeURIComponent(workflowId)}/progress${query}`,
      hear: (text) => {
        const view = JSON.parse(text) as RunView
        observe(looks.current, view, Date.now())
        setNews(view)
        if (view.endedAt === null) return
        stop()
        void forget('/api/v1/runs', '/api/v1/sources', '/api/v1/workspace')
      },
    })
    return stop
  }, [isRunning, workflowId, run, forget])
  // What was read later than the last word is newer than it.
  const isOld = news === undefined || news.runId !== read.data?.runId || read.data.endedAt !== null
  const view = isOld ? read.data : news
  return { read, view, paces: pacesOf(looks.current) }
}

const WHOLE = ''

function observe(looks: Map<string, readonly Look[]>, view: RunView, atMs: number): void {
  const add = (key: string, done: number) => looks.set(key, withLook(looks.get(key) ?? [], { atMs, done }))
  add(WHOLE, view.counts.rows ?? 0)
  for (const { name, rows } of view.streams) add(name, rows)
}

function pacesOf(looks: ReadonlyMap<string, readonly Look[]>): Paces {
  return {
    whole: paceOf(looks.get(WHOLE) ?? []),
    streams: new Map([...looks].map(([name, of]) => [name, paceOf(of)])),
  }
}

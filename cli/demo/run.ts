/** Runs a demo in the foreground of a process: Ctrl-C stops it in order within ten seconds, a second one at once. */
import { join, relative } from 'node:path'
import { fetchFullData } from '../../examples/grocer/full-data.js'
import { signInLink } from '../../operations/members/sign-in.js'
import { stackPaths } from '../../runtime/stack.js'
import { Interrupted } from '../errors.js'
import type { Output } from '../output.js'
import { type DemoResult, LIVE_SOURCES, performDemo, resumeSchedules } from './demo.js'
import { DemoProgress } from './progress.js'
import { onStage, type Stage } from './stage.js'
import { addressWords, summaryWords } from './summary.js'

export interface RunDemoOptions {
  /** Absolute; the demo's folder is made in it, and the full data is kept in it. */
  readonly base: string
  readonly full: boolean
  /** Ends when the checks are done, instead of staying up. */
  readonly once: boolean
  readonly seed: number
}

/**
 * Prints the result, or its words, when the checks are done.
 * @throws Interrupted by Ctrl-C before that, and what keeps the full data from being fetched
 */
export async function runDemo(options: RunDemoOptions, output: Output): Promise<DemoResult> {
  return untilStopped(async (signal) => {
    const progress = new DemoProgress(output)
    const { base, seed } = options
    const dataDirectory = options.full ? await fullData(base, progress) : undefined
    signal.throwIfAborted()
    const startedAtMs = Date.now()
    const print = (result: DemoResult) => output.result(result, () => summaryWords(result, output.paint))
    const stageOptions = { base, seed, ...(dataDirectory !== undefined && { dataDirectory }) }
    let printed = false
    try {
      return await onStage(stageOptions, progress, signal, async (stage) => {
        const result = await performDemo(stage, startedAtMs)
        print(result)
        printed = true
        if (!options.once) await stayUp(stage, output)
        return { result, keep: !result.ok }
      })
    } catch (error) {
      if (signal.aborted || printed) throw error
      const result = notStarted(error as Error, startedAtMs)
      print(result)
      return result
    }
  })
}

/** Also a demo that cannot begin has a result, for those who read nothing else. */
function notStarted({ message }: Error, startedAtMs: number): DemoResult {
  const checks = [{ name: 'every part could start', ok: false, detail: message }]
  return { ok: false, loads: [], seconds: Math.round(Date.now() - startedAtMs) / 1000, checks }
}

async function fullData(base: string, progress: DemoProgress): Promise<string> {
  const directory = join(base, 'grocer-full')
  progress.step('Getting the full data set')
  await fetchFullData(directory, (message) => progress.detail(message))
  return directory
}

async function stayUp(stage: Stage, output: Output): Promise<void> {
  const { status, workspaceDir, systems, signal } = stage
  const here = (path: string) => relative(process.cwd(), path) || '.'
  await resumeSchedules(stage)
  const page = await signInLink(stage.context, { serverUrl: status.server!.url, by: 'demo' })
  output.note('')
  output.note(
    addressWords({
      workspace: here(workspaceDir),
      page: page.url,
      temporal: status.temporal.address,
      temporalUi: status.temporal.ui,
      namespace: 'default',
      clickhouse: status.clickhouse.url,
      user: status.clickhouse.user,
      passwordFile: here(stackPaths(workspaceDir).password),
      loyaltyApi: systems.loyalty.url,
    }),
  )
  output.note(
    `\nThe schedules of ${LIVE_SOURCES.join(' and ')} run on. Ctrl-C stops everything and removes its files.`,
  )
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
  output.note('Stopping')
}

/** Runs work with a signal that the first SIGINT, SIGTERM or SIGHUP aborts. */
async function untilStopped<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const stopping = new AbortController()
  const onSignal = (signal: NodeJS.Signals) => {
    // What is cut off is stopped by the guard of the children.
    if (stopping.signal.aborted && signal === 'SIGINT') process.exit(130)
    stopping.abort(new Interrupted('stopped the demo: everything it had started is gone'))
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, onSignal)
  try {
    return await work(stopping.signal)
  } catch (error) {
    throw stopping.signal.aborted ? stopping.signal.reason : error
  } finally {
    for (const signal of signals) process.off(signal, onSignal)
  }
}

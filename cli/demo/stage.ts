/** Everything that a demo runs on: folder, systems, workspace and stack; taken down again whatever happens in between. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Manifest, readManifest } from '../../examples/grocer/extract/manifest.js'
import { copyWorkspace } from '../../examples/grocer/workspace-copy.js'
import type { StackStatus } from '../../local/supervisor/control.js'
import type { ServiceEvent } from '../../local/supervisor/service.js'
import { type Stack, startStack } from '../../local/supervisor/stack.js'
import { createContext, type OperationContext } from '../../operations/context.js'
import { claimDemoFolder } from './folder.js'
import type { DemoProgress } from './progress.js'
import { type GrocerSystems, startSystems } from './systems.js'

export interface StageOptions {
  /** The demo's folder is made in it. */
  readonly base: string
  /** The laid-out data. @default the extract */
  readonly dataDirectory?: string
  readonly seed: number
}

export interface Stage {
  readonly workspaceDir: string
  readonly dataDirectory: string
  readonly manifest: Manifest
  readonly systems: GrocerSystems
  readonly status: StackStatus
  readonly context: OperationContext
  readonly seed: number
  readonly progress: DemoProgress
  readonly signal: AbortSignal
  /** The living worker process. */
  worker(): { readonly name: string; readonly pid: number } | undefined
}

/** A worker that is silent this long has lost its slices; usually a minute. */
export const HEARTBEAT_SECONDS = 15

const SERVER_MAIN = fileURLToPath(new URL('../../server/main.js', import.meta.url))
const GROCER = fileURLToPath(new URL('../../../examples/grocer', import.meta.url))
/** The shortest there is: nobody waits long for the first run. */
const SCHEDULE = { every: '10s', jitter: '0s' }
/** A demo brings its own servers: none of these may lead it to others. */
const FOREIGN =
  /^(TEMPORAL_(ADDRESS|NAMESPACE|API_KEY|TLS.*|UI_URL)|CLICKHOUSE_(URL|USER|PASSWORD)|TRIBUTARY_WORKSPACE)$/

/**
 * Starts everything, lets `work` use it, and stops everything in order.
 * The folder stays where `work` fails or says so: its logs tell why.
 * @throws when a part cannot start, and what `work` throws
 */
export async function onStage<Result>(
  options: StageOptions,
  progress: DemoProgress,
  signal: AbortSignal,
  work: (stage: Stage) => Promise<{ readonly result: Result; readonly keep: boolean }>,
): Promise<Result> {
  const folder = await claimDemoFolder(options.base)
  const undo: (() => Promise<void>)[] = []
  let keep = true
  try {
    const stage = await raise(folder.dir, options, progress, signal, undo)
    const { result, keep: wanted } = await work(stage)
    keep = wanted
    return result
  } catch (error) {
    keep = !signal.aborted
    throw error
  } finally {
    for (const step of undo.reverse()) await step()
    await folder.release(keep)
    if (keep) progress.note(`The demo's files are kept in ${folder.dir}; its logs are in .tributary/logs`)
  }
}

async function raise(
  workspaceDir: string,
  options: StageOptions,
  progress: DemoProgress,
  signal: AbortSignal,
  undo: (() => Promise<void>)[],
): Promise<Stage> {
  const dataDirectory = options.dataDirectory ?? join(GROCER, 'data')
  const manifest = await readManifest(dataDirectory)
  progress.step(
    "Starting the grocer's systems: PostgreSQL for shop and office, the loyalty API with its faults, the mailing tool",
  )
  const systems = await startSystems({ dir: workspaceDir, dataDirectory, seed: options.seed })
  undo.push(() => systems.stop())
  const { host, port, database } = systems.shop
  await copyWorkspace({
    from: GROCER,
    to: workspaceDir,
    dataDirectory,
    config: { shop: { host, port, database }, loyalty: { base_url: systems.loyalty.url } },
    destinations: { mailer: { url: systems.mailer.url }, office: { host, port } },
    schedule: SCHEDULE,
  })
  signal.throwIfAborted()
  progress.step('Starting Temporal, ClickHouse, a worker and the page')
  const workers = new Map<string, number>()
  const onEvent = (event: ServiceEvent) => {
    if (event.type === 'started' && event.name.startsWith('worker')) workers.set(event.name, event.pid)
    else if (event.type === 'exited') workers.delete(event.name)
  }
  const env = ownEnvironment(systems.workerEnv)
  const stack: Stack = await startStack(
    { workspaceDir, workers: 1, serverEntry: SERVER_MAIN },
    { env, onEvent, signal, log: (message) => progress.detail(firstLine(message)) },
  )
  undo.push(() => stack.stop())
  const context = createContext(workspaceDir, env)
  undo.push(() => context.close())
  return {
    workspaceDir,
    dataDirectory,
    manifest,
    systems,
    status: stack.status,
    context,
    seed: options.seed,
    progress,
    signal,
    worker() {
      const [first] = workers
      return first && { name: first[0], pid: first[1] }
    },
  }
}

/** What a part wrote before it ended is in its log. */
function firstLine(message: string): string {
  return message.split('\n', 1)[0]!
}

function ownEnvironment(workerEnv: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name))
  return {
    ...Object.fromEntries(inherited),
    TRIBUTARY_HEARTBEAT_MS: String(HEARTBEAT_SECONDS * 1000),
    ...workerEnv,
  }
}

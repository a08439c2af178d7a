/** Runs the built command line as a person's shell does, in workspaces of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../cli/main.js', import.meta.url))

export interface Said {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string>>
  /** Told of the process as it starts. */
  readonly onStart?: (child: ChildProcess) => void
}

/** A workspace in a temporary folder, and its command line. */
export class CliWorkspace {
  private constructor(
    /** The folder that holds everything; gone after `remove`. */
    private readonly root: string,
    readonly dir: string,
  ) {}

  static async create(): Promise<CliWorkspace> {
    const root = await mkdtemp(join(tmpdir(), 'tributary-cli-'))
    const dir = join(root, 'corner_shop')
    await mkdir(dir)
    return new CliWorkspace(root, dir)
  }

  async remove(): Promise<void> {
    await this.run(['down'])
    await rm(this.root, { recursive: true, force: true })
  }

  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(this.dir, path)), { recursive: true })
      await writeFile(join(this.dir, path), content)
    }
  }

  /** Runs `tributary …` in the workspace. */
  async run(args: readonly string[], { stdin = '', env = {}, onStart }: RunOptions = {}): Promise<Said> {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: this.dir,
      env: { ...withoutServers(), XDG_CONFIG_HOME: join(this.root, 'config'), ...env },
    })
    onStart?.(child)
    child.stdin.end(stdin)
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit') as Promise<[number | null]>,
    ])
    return { code, stdout, stderr }
  }

  /** Runs it with --json and parses the one document that it prints. */
  async json(
    args: readonly string[],
    options: RunOptions = {},
  ): Promise<{ code: number | null; value: unknown }> {
    const { code, stdout, stderr } = await this.run([...args, '--json'], options)
    if (stdout === '') throw new Error(`tributary ${args.join(' ')} printed nothing: ${stderr}`)
    return { code, value: JSON.parse(stdout) }
  }
}

/** What the environment of the tests names is not for the commands. */
function withoutServers(): NodeJS.ProcessEnv {
  const names = /^(TEMPORAL_(ADDRESS|NAMESPACE|API_KEY)|CLICKHOUSE_|TRIBUTARY_(SECRET|WORKSPACE|LOG))/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.test(name)))
}

/** Ids and measured times, which differ from run to run, as their kind. */
export function normalised(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalised)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [key, key === 'seconds' ? typeof part : normalised(part)]),
    )
  }
  if (typeof value !== 'string') return value
  return value
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f-]{17}/, '<run>')
    .replace(/^[0-9a-f]{64}$/, '<revision>')
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?/, '<time>')
    .replace(/^\d{15,}$/, '<load>')
    .replace(/(https?:\/\/)?127\.0\.0\.1:\d+/, '<address>')
}

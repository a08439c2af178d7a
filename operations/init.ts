/** `tributary init`: a workspace that is valid as it is, with comments that say what to write next. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

export interface InitResult {
  readonly workspaceDir: string
  readonly name: string
  /** Files that were written; those that existed are left as they are. */
  readonly written: readonly string[]
}

/** Never overwrites. Idempotent. @param name @default made from the folder's name */
export async function init(workspaceDir: string, name = nameOf(workspaceDir)): Promise<InitResult> {
  const written: string[] = []
  for (const [path, text] of Object.entries(files(name))) {
    const target = join(workspaceDir, path)
    await mkdir(dirname(target), { recursive: true })
    try {
      await writeFile(target, text, { flag: 'wx' })
      written.push(path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
  if (await ignoreLocalState(join(workspaceDir, '.gitignore'))) written.push('.gitignore')
  return { workspaceDir, name, written }
}

function nameOf(workspaceDir: string): string {
  const name = basename(workspaceDir)
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
  return name || 'workspace'
}

/** Of this machine: that of the people who use it, as far as can be told. */
function timeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
}

/** An existing .gitignore keeps its lines. */
async function ignoreLocalState(path: string): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => '')
  if (text.split('\n').includes('.tributary/')) return false
  await writeFile(path, `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}.tributary/\n`)
  return true
}

const files = (name: string): Readonly<Record<string, string>> => ({
  'tributary.yaml': `# What holds for every file of this workspace.
workspace: ${name}
time_zone: ${timeZone()} # of times on the page, of schedules that name none, and of calendar windows
`,
  'sources/files.yaml': `# A source: where data comes from. The file's name is its id, and names its database in the warehouse.
# Every file of the folder data/ is a stream: put orders.csv there, and it becomes the table files.orders.
# Other connectors: tributary connector list.
connector: source-files
config:
  location: { folder: ./data }
schedule: manual # or { every: 15m }, or { cron: "0 6 * * *" }
streams:
  - name: "*"
    sync_mode: full_refresh # incremental reads only what is new
    destination_sync_mode: overwrite # append, or append_dedup with a primary_key
`,
  'data/hello.csv': 'id,greeting\n1,Hello\n2,Bonjour\n',
})

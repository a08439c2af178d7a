/**
 * A copy of this workspace for servers on free ports: same files, with the addresses written in. The files in the
 * repository stay as they are.
 */
import { copyFile, cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { parseDocument } from 'yaml'

export interface WorkspaceCopyOptions {
  /** The workspace to copy: `examples/grocer` of the checkout. */
  readonly from: string
  /** Where the copy is made; what stands there under the copied names is replaced. */
  readonly to: string
  /** Laid-out data: the extract, or the full data. */
  readonly dataDirectory: string
  /** Configs that differ from the files', by source: `{ shop: { port: 54321 } }`. Never a secret. */
  readonly config: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /**
   * The same by destination. Without it the copy has no destinations and no activations.
   * @default none
   */
  readonly destinations?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** The schedule of every source, where it is not to be the file's: none for runs that start their syncs themselves. */
  readonly schedule?: CopySchedule
}

type CopySchedule = 'manual' | { readonly every: string; readonly jitter?: string }

/** The last week of the till stays behind in a copy: `deliverLastWeek` brings it, as a till would. */
export const LAST_WEEK = 'till/transactions/2017-12-week-53.csv'

const INTENT = ['sources', 'mappings', 'segments', 'destinations', 'activations', 'plans']

/** Makes the copy. Connectors are linked, the till's files are copied. */
export async function copyWorkspace(options: WorkspaceCopyOptions): Promise<void> {
  const { from, to, dataDirectory } = options
  await mkdir(to, { recursive: true })
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (entry.isFile() ? entry.name.endsWith('.yaml') : INTENT.includes(entry.name)) {
      await cp(join(from, entry.name), join(to, entry.name), { recursive: true })
    }
  }
  await rm(join(to, 'connectors'), { recursive: true, force: true })
  await symlink(resolve(from, 'connectors'), join(to, 'connectors'), 'junction')
  await rm(join(to, 'data', 'till'), { recursive: true, force: true })
  await cp(join(dataDirectory, 'till'), join(to, 'data', 'till'), { recursive: true })
  await rm(join(to, 'data', LAST_WEEK))
  const { schedule, destinations } = options
  await rewriteConfigs(join(to, 'sources'), options.config, schedule === undefined ? {} : { schedule })
  if (destinations) return rewriteConfigs(join(to, 'destinations'), destinations, {})
  for (const folder of ['destinations', 'activations']) {
    await rm(join(to, folder), { recursive: true, force: true })
  }
}

/** Brings the last week into a copy: the next sync of the till finds one new file. */
export async function deliverLastWeek(copy: string, dataDirectory: string): Promise<void> {
  const target = join(copy, 'data', LAST_WEEK)
  await mkdir(dirname(target), { recursive: true })
  await copyFile(join(dataDirectory, LAST_WEEK), target)
}

/** Writes settings into every file of a folder: those of its config, and its own. */
async function rewriteConfigs(
  folder: string,
  configs: WorkspaceCopyOptions['config'],
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  for (const file of await readdir(folder)) {
    const path = join(folder, file)
    const document = parseDocument(await readFile(path, 'utf8'))
    for (const [key, value] of Object.entries(configs[file.replace(/\.yaml$/, '')] ?? {})) {
      document.setIn(['config', key], value)
    }
    for (const [key, value] of Object.entries(settings)) document.set(key, document.createNode(value))
    await writeFile(path, document.toString())
  }
}

/**
 * A config that somebody sends, beside what is kept of the same source or destination: its draft, what is published, and
 * the draft that was removed last. Its secrets may stay where one of these has them.
 */
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type JsonSchema, loadAnyConnector } from '@tributary/connector-sdk'
import { latestRevision } from '../warehouse/revisions.js'
import { parseYaml } from '../workspace/document.js'
import { fileOf, readFiles } from '../workspace/files.js'
import type { ConnectorUse } from './bound-secrets.js'
import { catalogueEntry } from './connector-catalogue.js'
import type { OperationContext } from './context.js'
import { type FormSecretsInput, hideSecrets } from './form-secrets.js'

type Context = Pick<OperationContext, 'workspaceDir' | 'warehouse'>
type Config = Readonly<Record<string, unknown>>

interface Thing {
  readonly kind: 'source' | 'destination'
  readonly id: string
}

/** @throws where the connector cannot be loaded */
export async function sentConfig(
  context: Context,
  thing: Thing,
  { connector, config = {} }: { readonly connector: string; readonly config?: Config },
): Promise<FormSecretsInput> {
  const { workspaceDir, warehouse } = context
  const file = fileOf(`${thing.kind}s`, thing.id)
  const [{ files: drafts }, latest, removed, spec] = await Promise.all([
    readFiles(workspaceDir),
    warehouse().then(latestRevision),
    readRemoved(context, thing),
    specOf(workspaceDir, connector),
  ])
  const kept = [drafts[file], latest?.files[file]].flatMap((text) => {
    const use = text === undefined ? undefined : useIn(text)
    return use ? [use] : []
  })
  // Once there is a draft again, what was before it counts no more.
  const known = drafts[file] === undefined && removed ? [...kept, removed] : kept
  const named = (use: ConnectorUse) => withCatalogueName(context, use)
  return {
    ...(await named({ connector, config })),
    ...thing,
    spec,
    known: await Promise.all(known.map(named)),
    ...(kept[0] && { previous: kept[0].config }),
  }
}

/** One connector has several names: its package's, and its place in the workspace. */
async function withCatalogueName(
  context: Context,
  { connector, config }: ConnectorUse,
): Promise<ConnectorUse> {
  const entry = await catalogueEntry(context, connector).catch(() => undefined)
  return { connector: entry?.reference ?? connector, config }
}

/** What a file says of its connector; undefined where it says no config. */
function useIn(text: string): ConnectorUse | undefined {
  const { connector, config } = partsOf(text) ?? {}
  return isObject(config) ? { connector: String(connector), config } : undefined
}

/** Keeps what a removed draft said of its connection; nothing where its connector cannot be loaded. */
export async function rememberRemoved({ workspaceDir }: Context, thing: Thing, text: string): Promise<void> {
  const use = useIn(text)
  const spec = use && (await specOf(workspaceDir, use.connector).catch(() => undefined))
  if (!use || !spec) return
  const file = removedFile(workspaceDir, thing)
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const shown = { ...use, config: await hideSecrets(spec, use.config) }
  await writeFile(file, JSON.stringify(shown), { mode: 0o600 })
}

/** Forgets it, once there is another draft in its place. */
export async function forgetRemoved({ workspaceDir }: Context, thing: Thing): Promise<void> {
  await rm(removedFile(workspaceDir, thing), { force: true })
}

/** How long a removal can be taken back without typing secrets again. */
const REMEMBERED_MS = 86_400_000

async function readRemoved({ workspaceDir }: Context, thing: Thing): Promise<ConnectorUse | undefined> {
  const file = removedFile(workspaceDir, thing)
  const info = await stat(file).catch(() => undefined)
  if (info === undefined || Date.now() - info.mtimeMs > REMEMBERED_MS) return undefined
  return useIn(await readFile(file, 'utf8'))
}

function removedFile(workspaceDir: string, { kind, id }: Thing): string {
  return path.join(workspaceDir, '.tributary', 'removed', `${kind}s`, `${path.basename(id)}.json`)
}

/** The spec of a connector that a file names. @throws where it cannot be loaded */
export async function specOf(workspaceDir: string, reference: unknown): Promise<JsonSchema> {
  const loaded = await loadAnyConnector(String(reference), workspaceDir)
  return 'source' in loaded ? loaded.source.spec : loaded.destination.spec
}

/** A file's text as a value; undefined where it is no YAML, empty where it is no map. */
export function partsOf(text: string): Config | undefined {
  try {
    const value = parseYaml(text)
    return isObject(value) ? value : {}
  } catch {
    return undefined
  }
}

export function isObject(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Sources and destinations as forms edit them: a connector of the catalogue, a config whose secrets are references, and no
 * secret that is ever shown.
 */
import { type JsonSchema, loadAnyConnector } from '@tributary/connector-sdk'
import {
  type DestinationFile,
  definitionIdProblem,
  type SourceFile,
  sourceIdProblem,
} from '@tributary/schemas'
import { parseYaml } from '../workspace/document.js'
import { editYaml } from '../workspace/edit-yaml.js'
import { fileOf } from '../workspace/files.js'
import { EtagMismatch, FileNameInvalid } from '../workspace/write-file.js'
import { type CatalogueDetails, catalogueEntry } from './connector-catalogue.js'
import type { ConnectorConfig } from './connector-session.js'
import type { OperationContext } from './context.js'
import { hideSecrets, storeFormSecrets } from './form-secrets.js'
import { type DocumentView, readWorkspaceDocument, writeWorkspaceDocument } from './workspace-documents.js'
import { FileUnknown } from './workspace-files.js'

export type ConnectedContext = Pick<OperationContext, 'workspaceDir' | 'warehouse' | 'secrets'>

interface Connected {
  readonly source: SourceFile
  readonly destination: DestinationFile
}
export type ConnectedKind = keyof Connected

/** The draft without secrets. @throws FileUnknown */
export async function readConnected<Kind extends ConnectedKind>(
  context: ConnectedContext,
  kind: Kind,
  id: string,
): Promise<DocumentView<Connected[Kind]>> {
  return hidden(context, await readWorkspaceDocument<Connected[Kind]>(context, `${kind}s`, id))
}

/**
 * Writes the draft; secrets that were typed go to the secret store first.
 * @param expected etag of the draft that it replaces; null: there is none yet
 * @param text whose comments and order are kept. @default the draft's, or else what is published
 * @throws FileNameInvalid, ConnectorUnknown, SecretInvalid, EtagMismatch with the text as it is now
 */
export async function writeConnected<Kind extends ConnectedKind>(
  context: ConnectedContext,
  kind: Kind,
  id: string,
  definition: Connected[Kind],
  expected: string | null,
  text?: string,
): Promise<DocumentView<Connected[Kind]>> {
  assertId(kind, id)
  const before = await current<Connected[Kind]>(context, kind, id)
  // Before any secret is stored: what is refused changes nothing.
  if ((before?.etag ?? null) !== expected) {
    const shown = before?.etag != null ? await hidden(context, before) : undefined
    throw new EtagMismatch(fileOf(`${kind}s`, id), shown && { text: shown.text, etag: shown.etag! })
  }
  // What an engineer wrote may be a path; a form names what is installed.
  if (definition.connector !== before?.definition?.connector) {
    await catalogueEntry(context, definition.connector)
  }
  const spec = await specOf(context, definition.connector)
  const config = await storeFormSecrets(
    context,
    { spec, config: definition.config ?? {}, kind, id, previous: before?.definition?.config ?? {} },
    'keep',
  )
  const kept = { ...definition, ...(definition.config && { config }) }
  return hidden(context, await writeWorkspaceDocument(context, `${kind}s`, id, kept, expected, text))
}

/**
 * What a connector is asked with: the draft's config, secrets as references, also those that an engineer wrote into the file.
 * @throws FileUnknown, SecretInvalid
 */
export async function connectedConfig(
  context: ConnectedContext,
  kind: ConnectedKind,
  id: string,
): Promise<ConnectorConfig> {
  const { text } = await readWorkspaceDocument(context, `${kind}s`, id)
  const { connector, config } = partsOf(text) ?? {}
  const spec = await specOf(context, connector)
  const given = { spec, config: isObject(config) ? config : {}, kind, id }
  return { id, kind, connector: String(connector), config: await storeFormSecrets(context, given, 'try') }
}

/**
 * What a connector is asked with before anybody keeps it: secrets that were typed become those of a draft.
 * @throws SecretInvalid
 */
export async function triedConfig(
  context: ConnectedContext,
  { kind, reference, spec }: Pick<CatalogueDetails, 'kind' | 'reference' | 'spec'>,
  id: string,
  config: Readonly<Record<string, unknown>>,
): Promise<ConnectorConfig> {
  const before = await current<Connected[typeof kind]>(context, kind, id)
  const given = { spec, config, kind, id, previous: before?.definition?.config ?? {} }
  return { id, kind, connector: reference, config: await storeFormSecrets(context, given, 'try') }
}

function assertId(kind: ConnectedKind, id: string): void {
  const problem = kind === 'source' ? sourceIdProblem(id) : definitionIdProblem(id)
  if (problem) throw new FileNameInvalid(`naming the ${kind} ${id}: ${problem}`)
}

async function current<File>(
  context: ConnectedContext,
  kind: ConnectedKind,
  id: string,
): Promise<DocumentView<File> | undefined> {
  try {
    return await readWorkspaceDocument<File>(context, `${kind}s`, id)
  } catch (error) {
    if (error instanceof FileUnknown) return undefined
    throw error
  }
}

/** An engineer may have written a secret into the file: nobody reads it here. */
async function hidden<File>(
  { workspaceDir }: ConnectedContext,
  document: DocumentView<File>,
): Promise<DocumentView<File>> {
  const value = partsOf(document.text)
  // Of what is no YAML nobody knows where its secrets are.
  if (value === undefined) return { ...document, text: '', definition: null }
  if (!isObject(value.config)) return document
  const spec = await specOf({ workspaceDir }, value.connector).catch(() => everySecret(value.config))
  const config = await hideSecrets(spec, value.config)
  return {
    ...document,
    text: editYaml(document.text, { ...value, config }),
    definition: document.definition && { ...document.definition, config },
  }
}

async function specOf({ workspaceDir }: Pick<ConnectedContext, 'workspaceDir'>, reference: unknown) {
  const loaded = await loadAnyConnector(String(reference), workspaceDir)
  return 'source' in loaded ? loaded.source.spec : loaded.destination.spec
}

function everySecret(config: unknown): JsonSchema {
  const keys = Object.keys(config as object)
  return { type: 'object', properties: Object.fromEntries(keys.map((key) => [key, { writeOnly: true }])) }
}

function partsOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = parseYaml(text)
    return isObject(value) ? value : {}
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

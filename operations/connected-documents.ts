/**
 * Sources and destinations as forms edit them: a connector of the catalogue, a config whose secrets are references, and no
 * secret that is ever shown.
 */
import path from 'node:path'
import type { JsonSchema } from '@tributary/connector-sdk'
import {
  type DestinationFile,
  definitionIdProblem,
  type SourceFile,
  sourceIdProblem,
} from '@tributary/schemas'
import { withFileLock } from '../runtime/file-lock.js'
import { editYaml } from '../workspace/edit-yaml.js'
import { fileOf } from '../workspace/files.js'
import { EtagMismatch, FileNameInvalid } from '../workspace/write-file.js'
import { type Asker, assertSecretsStay } from './bound-secrets.js'
import { type CatalogueDetails, catalogueEntry } from './connector-catalogue.js'
import type { ConnectorConfig } from './connector-session.js'
import type { OperationContext } from './context.js'
import { forgetTrials, hideSecrets, storeForTrial, storeToKeep } from './form-secrets.js'
import { referredSecrets } from './secrets.js'
import { forgetRemoved, isObject, partsOf, rememberRemoved, sentConfig, specOf } from './sent-config.js'
import {
  type DocumentView,
  deleteWorkspaceDocument,
  readWorkspaceDocument,
  writeWorkspaceDocument,
} from './workspace-documents.js'
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

export interface ConnectedEdit<File> {
  readonly definition: File
  /** Etag of the draft that it replaces; null: there is none yet. */
  readonly expected: string | null
  /** Whose comments and order are kept. @default the draft's, or else what is published */
  readonly text?: string
}

/**
 * Writes the draft; secrets that were typed go to the secret store first.
 * @throws FileNameInvalid, ConnectorUnknown, SecretRefused, SecretInvalid, EtagMismatch with the text as it is now
 */
export async function writeConnected<Kind extends ConnectedKind>(
  context: ConnectedContext,
  by: Asker,
  kind: Kind,
  id: string,
  edit: ConnectedEdit<Connected[Kind]>,
): Promise<DocumentView<Connected[Kind]>> {
  assertId(kind, id)
  // One at a time: of two that see the same draft, only the first gives names to its secrets.
  const lock = path.join(context.workspaceDir, '.tributary', 'forms.lock')
  return hidden(context, await withFileLock(lock, () => write(context, by, kind, id, edit)))
}

async function write<Kind extends ConnectedKind>(
  context: ConnectedContext,
  by: Asker,
  kind: Kind,
  id: string,
  { definition, expected, text }: ConnectedEdit<Connected[Kind]>,
): Promise<DocumentView<Connected[Kind]>> {
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
  const sent = await sentConfig(context, { kind, id }, definition)
  await assertSecretsStay(context, by, sent)
  const taken = await referredSecrets(context)
  const config = await storeToKeep(context, sent, (name) => taken.has(name))
  const kept = { ...definition, ...(definition.config && { config }) }
  const written = await writeWorkspaceDocument(context, `${kind}s`, id, kept, expected, text)
  await forgetRemoved(context, { kind, id })
  await forgetTrials(context, { kind, id })
  return written
}

/** Deletes the draft, and remembers what its secrets were for: who takes it back need not type them. @throws EtagMismatch */
export async function deleteConnected(
  context: ConnectedContext,
  kind: ConnectedKind,
  id: string,
  expected: string,
): Promise<void> {
  const before = await current(context, kind, id)
  await deleteWorkspaceDocument(context, `${kind}s`, id, expected)
  if (before) await rememberRemoved(context, { kind, id }, before.text)
}

/**
 * What a connector is asked with: the draft's config, secrets as references, also those that an engineer wrote into the file.
 * Whoever wrote the draft was allowed to let its secrets go where it says.
 * @throws FileUnknown, SecretInvalid
 */
export async function connectedConfig(
  context: ConnectedContext,
  kind: ConnectedKind,
  id: string,
): Promise<ConnectorConfig> {
  const { text } = await readWorkspaceDocument(context, `${kind}s`, id)
  const { connector, config } = partsOf(text) ?? {}
  const reference = String(connector)
  const given = isObject(config) ? config : {}
  const sent = await sentConfig(context, { kind, id }, { connector: reference, config: given })
  return { id, kind, connector: reference, config: await storeForTrial(context, sent) }
}

/**
 * What a connector is asked with before anybody keeps it: secrets that were typed become those of a draft.
 * @throws SecretRefused, SecretInvalid
 */
export async function triedConfig(
  context: ConnectedContext,
  by: Asker,
  { kind, reference }: Pick<CatalogueDetails, 'kind' | 'reference'>,
  id: string,
  config: Readonly<Record<string, unknown>>,
): Promise<ConnectorConfig> {
  const sent = await sentConfig(context, { kind, id }, { connector: reference, config })
  await assertSecretsStay(context, by, sent)
  return { id, kind, connector: reference, config: await storeForTrial(context, sent) }
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
  const spec = await specOf(workspaceDir, value.connector).catch(() => everySecret(value.config))
  const config = await hideSecrets(spec, value.config)
  return {
    ...document,
    text: editYaml(document.text, { ...value, config }),
    definition: document.definition && { ...document.definition, config },
  }
}

function everySecret(config: unknown): JsonSchema {
  const keys = Object.keys(config as object)
  return { type: 'object', properties: Object.fromEntries(keys.map((key) => [key, { writeOnly: true }])) }
}

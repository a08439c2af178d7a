/** Mappings as people list them, and a first one for a stream that has none. */
import { type MappingFile, mappingFileSchema } from '@tributary/schemas'
import { describeStream, splitStream } from '../profiles/mappings/describe-stream.js'
import { type MappingSuggestion, suggestMapping } from '../profiles/mappings/suggest-mapping.js'
import { kindOfType } from '../profiles/mappings/value-of-type.js'
import { schemaProblems } from '../runtime/validation.js'
import { latestRevision } from '../warehouse/revisions.js'
import { parseYaml } from '../workspace/document.js'
import { fileOf, idOf, readFiles } from '../workspace/files.js'
import { etagOf } from '../workspace/write-file.js'
import type { OperationContext } from './context.js'
import { draftIdentity } from './identifiers.js'
import { StreamUnknown } from './sources.js'
import { type DraftState, draftState } from './workspace-files.js'

export type MappingsContext = Pick<OperationContext, 'workspaceDir' | 'warehouse'>

export interface MappingLine {
  readonly id: string
  readonly state: DraftState
  /** Of the draft; null where there is none any more. */
  readonly etag: string | null
  /** `source.stream`; empty where the draft does not say. */
  readonly stream: string
  /** Types that its rows give. */
  readonly identifiers: readonly string[]
  /** Names of events that its rows give. */
  readonly events: readonly string[]
  readonly traits: readonly string[]
}

/** Drafts and what is published, by id. */
export async function listMappings({
  workspaceDir,
  warehouse,
}: MappingsContext): Promise<readonly MappingLine[]> {
  const [{ files }, latest] = await Promise.all([readFiles(workspaceDir), warehouse().then(latestRevision)])
  const published = latest?.files ?? {}
  const paths = [...new Set([...Object.keys(files), ...Object.keys(published)])].sort()
  return paths
    .flatMap((path) => idOf('mappings', path) ?? [])
    .map((id) => {
      const path = fileOf('mappings', id)
      const draft = files[path]
      const mapping = mappingIn(draft ?? published[path] ?? '')
      return {
        id,
        state: draftState(draft, published[path]),
        etag: draft === undefined ? null : etagOf(draft),
        stream: mapping?.stream ?? '',
        identifiers: Object.keys(mapping?.identifiers ?? {}),
        events: [...new Set((mapping?.events ?? []).map(({ name }) => name))],
        traits: Object.keys(mapping?.traits ?? {}),
      }
    })
}

export interface SuggestedMapping extends MappingSuggestion {
  /** A name for its file that nothing bears yet. */
  readonly id: string
}

/** A first mapping of a stream by its columns, and why. @param stream `source.stream` @throws StreamUnknown */
export async function suggestMappingOf(context: MappingsContext, stream: string): Promise<SuggestedMapping> {
  const [description, identity, { files }, mappings] = await Promise.all([
    context.warehouse().then((warehouse) => describeStream(warehouse, stream)),
    draftIdentity(context),
    readFiles(context.workspaceDir),
    listMappings(context),
  ])
  if (!description) {
    throw new StreamUnknown(`mapping ${stream}: nothing of it is loaded; sync its source first`)
  }
  const suggestion = suggestMapping({
    stream,
    columns: description.columns.map(({ name, type }) => ({ name, kind: kindOfType(type) })),
    key: description.key,
    identifiers: Object.keys(identity?.identifiers ?? {}),
    ofSource: mappings
      .filter((mapping) => mapping.stream.startsWith(`${splitStream(stream).source}.`))
      .flatMap((mapping) => mapping.identifiers),
  })
  return { ...suggestion, id: freeId(stream, Object.keys(files)) }
}

function freeId(stream: string, paths: readonly string[]): string {
  const { source, stream: name } = splitStream(stream)
  const last = idFrom(name.split(/[./]/).at(-1) ?? '')
  const candidates = [last, `${idFrom(source)}-${last}`]
  const isFree = (id: string) => !paths.includes(fileOf('mappings', id))
  const free = candidates.find(isFree)
  if (free !== undefined) return free
  for (let number = 2; ; number += 1) if (isFree(`${last}-${number}`)) return `${last}-${number}`
}

/** A text as the id of a file. */
function idFrom(text: string): string {
  const id = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
  return id.slice(0, 50) || 'mapping'
}

function mappingIn(text: string): MappingFile | undefined {
  try {
    const value = parseYaml(text)
    return schemaProblems(mappingFileSchema, value).length === 0 ? (value as MappingFile) : undefined
  } catch {
    return undefined
  }
}

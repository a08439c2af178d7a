/** `tributary mapping preview` and `segment preview`: what drafts would make of real data, before anybody applies them. */
import { type MappingPreview, previewMapping } from '../../profiles/mappings/preview-mapping.js'
import { previewSegment, type SegmentPreview } from '../../profiles/segments/preview.js'
import { sentenceOf } from '../../profiles/segments/sentence.js'
import { readDocument } from '../../workspace/document.js'
import type { OperationContext } from '../context.js'
import { DraftInvalid, readDraft } from './drafts.js'
import { refreshedWorkspace } from './published.js'

export type PreviewContext = Pick<OperationContext, 'warehouse' | 'workspaceDir'>

export interface MappingPreviewOptions {
  /** Rows to show. @default 20 */
  readonly rows?: number
  /** Ends the queries, on the server, too. */
  readonly signal?: AbortSignal
}

/** What a mapping makes of a bounded sample of the stream's rows. */
export interface MappingPreviewResult extends Pick<FoundMapping, 'rows' | 'counts'> {
  /** The mapping's id. */
  readonly mapping: string
  readonly stream: string
}

type FoundMapping = Extract<MappingPreview, { readonly counts: unknown }>

/** @param nameOrFile of a draft @throws DraftUnknown, DraftInvalid, the signal's reason */
export async function previewMappingDraft(
  { warehouse, workspaceDir }: PreviewContext,
  nameOrFile: string,
  options: MappingPreviewOptions = {},
): Promise<MappingPreviewResult> {
  const { id, file, shownAs, drafts } = await readDraft(workspaceDir, 'mappings', nameOrFile)
  const { definition } = drafts.mappings.find((mapping) => mapping.id === id)!
  const preview = await unlessAborted(options.signal, async () =>
    previewMapping(await warehouse(), { mapping: definition, identity: drafts.identity, ...options }),
  )
  if ('counts' in preview) {
    return { mapping: id, stream: definition.stream, rows: preview.rows, counts: preview.counts }
  }
  const document = readDocument(shownAs, drafts.files[file]!)
  throw new DraftInvalid(
    `previewing ${nameOrFile}`,
    'problems' in document ? document.problems : preview.problems.map(document.problem),
  )
}

export interface SegmentPreviewOptions {
  /** People to show. @default 10 */
  readonly sample?: number
  readonly signal?: AbortSignal
}

export interface SegmentPreviewResult extends SegmentPreview {
  /** The definition in plain words. */
  readonly sentence: string
}

/**
 * Asks the facts as they are now.
 * @param nameOrFile of a draft
 * @throws DraftUnknown, DraftInvalid, NothingMapped, NeverRefreshed, the signal's reason
 */
export async function previewSegmentDraft(
  context: PreviewContext,
  nameOrFile: string,
  options: SegmentPreviewOptions = {},
): Promise<SegmentPreviewResult> {
  const { id, drafts } = await readDraft(context.workspaceDir, 'segments', nameOrFile)
  await refreshedWorkspace(context, `previewing ${nameOrFile}`)
  const definitionOf = (name: string) => drafts.segments.find((segment) => segment.id === name)?.definition
  const definition = definitionOf(id)!
  const preview = await unlessAborted(options.signal, async () =>
    previewSegment(await context.warehouse(), {
      id,
      definition,
      segment: definitionOf,
      now: new Date(),
      timeZone: drafts.timeZone,
      ...options,
    }),
  )
  return { ...preview, sentence: sentenceOf(definition, (segment) => definitionOf(segment)?.name) }
}

/** What was aborted fails with the reason, not with what the connection says of it. */
async function unlessAborted<Result>(
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}

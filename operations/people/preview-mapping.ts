/** What a mapping would make of real rows while somebody edits it: nothing is saved, and faults come back with their places. */
import type { IdentityFile, MappingFile } from '@tributary/schemas'
import { type MappingPreview, previewMapping } from '../../profiles/mappings/preview-mapping.js'
import { renderPath } from '../../workspace/problem.js'
import type { OperationContext } from '../context.js'
import { draftIdentity } from '../identifiers.js'
import type { MappingPreviewOptions } from './preview.js'

type Found = Extract<MappingPreview, { readonly counts: unknown }>

export interface MappingDraftPreview {
  readonly stream: string
  /** What does not fit the stream or identity.yaml; empty where rows were looked at. */
  readonly problems: readonly MappingDraftProblem[]
  readonly rows: Found['rows']
  /** Null where there are problems. */
  readonly counts: Found['counts'] | null
}

export interface MappingDraftProblem {
  /** Place in the mapping: `events[0].timestamp`. */
  readonly path: string
  readonly message: string
  readonly remedy: string
}

/** @throws the signal's reason */
export async function previewMappingDefinition(
  context: Pick<OperationContext, 'warehouse' | 'workspaceDir'>,
  mapping: MappingFile,
  options: MappingPreviewOptions = {},
): Promise<MappingDraftPreview> {
  const identity: IdentityFile = (await draftIdentity(context)) ?? { identifiers: {} }
  try {
    const preview = await previewMapping(await context.warehouse(), { mapping, identity, ...options })
    if ('counts' in preview) {
      const { rows, counts } = preview
      return { stream: mapping.stream, problems: [], rows, counts }
    }
    const problems = preview.problems.map(({ path, ...problem }) => ({ path: renderPath(path), ...problem }))
    return { stream: mapping.stream, problems, rows: [], counts: null }
  } catch (error) {
    options.signal?.throwIfAborted()
    throw error
  }
}

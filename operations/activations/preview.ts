/** What an activation would send about some real people, while somebody writes it. Nothing is saved, and nobody is asked but the warehouse. */
import type { ActivationFile } from '@tributary/schemas'
import { type PreviewedPerson, previewPeople } from '../../activation/plan/preview-people.js'
import { fileOf } from '../../workspace/files.js'
import { renderPath } from '../../workspace/problem.js'
import type { OperationContext } from '../context.js'
import { DraftInvalid } from '../people/drafts.js'
import { personNames } from '../people/person-names.js'
import { refreshedWorkspace } from '../people/published.js'
import { type ActivationDraft, checkActivationDraft, NEW } from './drafts.js'

export interface PreviewActivationOptions {
  /** @default 5 */
  readonly limit?: number
  readonly signal?: AbortSignal
}

export interface NamedPreview extends PreviewedPerson {
  /** What the person is called; null where nothing says it. */
  readonly name: string | null
}

/**
 * Members of the published segment who may be sent, with the values as they are mapped: types, formats and hashes of the
 * destination come with a plan. Nobody where the segment is not published or was not evaluated yet.
 * @throws DraftInvalid with the place of each problem, NothingMapped, NeverRefreshed
 */
export async function previewActivationDraft(
  context: Pick<OperationContext, 'warehouse' | 'workspaceDir'>,
  draft: ActivationDraft,
  { limit = 5, signal = new AbortController().signal }: PreviewActivationOptions = {},
): Promise<readonly NamedPreview[]> {
  const { id = NEW } = draft
  const doing = 'previewing an activation'
  const [{ segments }, { problems }] = await Promise.all([
    refreshedWorkspace(context, doing),
    checkActivationDraft(context, draft),
  ])
  if (problems.length > 0) {
    const at = { file: fileOf('activations', id), line: 1, column: 1, severity: 'error' } as const
    throw new DraftInvalid(
      doing,
      problems.map(({ path, ...problem }) => ({ ...at, ...problem, path: renderPath(path) })),
    )
  }
  const definition = draft.definition as ActivationFile
  const published = segments.find((segment) => segment.id === definition.segment)
  const segmentName = published?.definition.name ?? definition.segment
  const warehouse = await context.warehouse()
  const people = await previewPeople(warehouse, { activation: id, definition, segmentName, limit, signal })
  const names = await personNames(
    warehouse,
    people.map(({ profile }) => profile),
  )
  return people.map((person) => ({ ...person, name: names.get(person.profile) ?? null }))
}

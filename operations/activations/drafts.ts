/** Activations as the page lists and edits them: drafts beside what is published, and what is wrong with one. */
import { type ActivationFile, activationFileSchema } from '@tributary/schemas'
import { schemaProblems } from '../../runtime/validation.js'
import { parseYaml } from '../../workspace/document.js'
import { fileOf, idOf, readFiles, WORKSPACE_FILE, type WorkspaceFiles } from '../../workspace/files.js'
import { checkWorkspace, openWorkspace } from '../../workspace/workspace.js'
import { activationProblems } from '../activation-checks.js'
import type { OperationContext } from '../context.js'
import type { DraftProblem } from '../people/segment-draft.js'
import { publishedRevision } from '../published-workspace.js'
import { type DraftState, listFiles } from '../workspace-files.js'
import { type ActivationLine, listActivations } from './list.js'

type DraftsContext = Pick<OperationContext, 'temporal' | 'warehouse' | 'workspaceDir'>

export interface ListedActivation {
  readonly id: string
  readonly state: DraftState
  /** Of the draft; null where there is none any more. */
  readonly etag: string | null
  /** What the draft says, or what is published where there is none; null where it has not the shape. */
  readonly definition: ActivationFile | null
  /** What is published and what it does now; null where it is not published. */
  readonly live: ActivationLine | null
}

/** By id. */
export async function listActivationDrafts(context: DraftsContext): Promise<readonly ListedActivation[]> {
  const [lines, published, { files: drafts }, latest] = await Promise.all([
    listFiles(context),
    listActivations(context, { evenWithoutTemporal: true }),
    readFiles(context.workspaceDir),
    context.warehouse().then(publishedRevision),
  ])
  const files = { ...latest?.revision.files, ...drafts }
  const live = new Map(published.map((line) => [line.id, line]))
  return lines.flatMap(({ kind, id, state, etag, path }): ListedActivation[] => {
    if (kind !== 'activation' || id === null) return []
    return [{ id, state, etag, definition: readActivation(files[path]), live: live.get(id) ?? null }]
  })
}

function readActivation(text: string | undefined): ActivationFile | null {
  try {
    const value = parseYaml(text ?? '')
    return schemaProblems(activationFileSchema, value).length === 0 ? (value as ActivationFile) : null
  } catch {
    return null
  }
}

export interface ActivationCheck {
  readonly ok: boolean
  readonly problems: readonly DraftProblem[]
}

/** A definition that may have anything wrong. */
export interface ActivationDraft {
  /** It has or will have. @default none of those that there are */
  readonly id?: string
  readonly definition: unknown
}

/**
 * What is wrong with a definition, with everything else as its draft is. What a destination has to be asked for is checked
 * by a plan.
 */
export async function checkActivationDraft(
  { workspaceDir }: Pick<OperationContext, 'workspaceDir'>,
  { id = NEW, definition }: ActivationDraft,
): Promise<ActivationCheck> {
  const ofSchema = schemaProblems(activationFileSchema, definition)
  if (ofSchema.length > 0) return checked(ofSchema)
  const file = fileOf('activations', id)
  const files = await soundFiles(workspaceDir)
  // JSON is YAML.
  const workspace = openWorkspace({ ...files, [file]: JSON.stringify(definition) })
  const problems = await activationProblems(workspace, workspaceDir)
  return checked(problems.filter((problem) => problem.file === file))
}

/** Stands for the id of an activation that has none yet. */
export const NEW = 'new-activation'

const checked = (problems: readonly DraftProblem[]): ActivationCheck => ({
  ok: problems.length === 0,
  problems: problems.map(({ path, message, remedy }) => ({ path, message, remedy })),
})

/** Drafts that have the shape of their kind, without activations. */
async function soundFiles(workspaceDir: string): Promise<WorkspaceFiles> {
  const { files } = await readFiles(workspaceDir)
  const problems = await checkWorkspace(files)
  const faulty = new Set(problems.filter(({ severity }) => severity === 'error').map(({ file }) => file))
  const kept = Object.entries(files).filter(
    ([file]) => idOf('activations', file) === undefined && (file === WORKSPACE_FILE || !faulty.has(file)),
  )
  return Object.fromEntries(kept)
}

/** A segment while somebody builds it: what is wrong with the definition, how many it has, and who. Nothing is saved. */
import { type SegmentFile, segmentFileSchema } from '@tributary/schemas'
import { vocabulary } from '../../profiles/definitions/vocabulary.js'
import { checkSegments } from '../../profiles/segments/check-segment.js'
import { type MembersQuestion, membersSql } from '../../profiles/segments/members-sql.js'
import { previewSegment } from '../../profiles/segments/preview.js'
import { publishedSizes } from '../../profiles/segments/refresh/sizes.js'
import { EVERYONE } from '../../profiles/segments/refresh/sources.js'
import { sentenceOf } from '../../profiles/segments/sentence.js'
import { type SchemaProblem, schemaProblems } from '../../runtime/validation.js'
import { selectRow } from '../../warehouse/query.js'
import { parseYaml } from '../../workspace/document.js'
import { fileOf, idOf, readFiles } from '../../workspace/files.js'
import { type Problem, renderPath } from '../../workspace/problem.js'
import type { OperationContext } from '../context.js'
import { DraftInvalid } from './drafts.js'
import { showLists } from './lists.js'
import type { SegmentPreviewOptions, SegmentPreviewResult } from './preview.js'
import { type PeopleWorkspace, peopleWorkspace, refreshedWorkspace } from './published.js'

type DraftContext = Pick<OperationContext, 'warehouse' | 'workspaceDir'>

/** What is wrong at a place of the definition. */
export interface DraftProblem {
  /** Keys and indexes from the definition's root: leads to the condition. */
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly remedy: string
}

export interface SegmentCheck {
  readonly ok: boolean
  readonly problems: readonly DraftProblem[]
  /** The definition in plain words; null where it has problems. */
  readonly sentence: string | null
}

/** A definition that may have anything wrong, and the id that it has or will have. */
export interface SegmentDraft {
  /** @default none of those that there are */
  readonly id?: string
  readonly definition: unknown
}

/** By the published mappings, and with the other segments as their drafts are. @throws NothingMapped */
export async function checkSegmentDraft(context: DraftContext, draft: SegmentDraft): Promise<SegmentCheck> {
  const workspace = await peopleWorkspace(context, 'checking a segment')
  return checkDraft(context, draft, workspace, await otherSegments(context, draft))
}

export interface DraftPreview extends SegmentPreviewResult {
  /** Everybody, as the newest refresh knew. */
  readonly people: number
}

/**
 * Asks the facts as they are now, within bounds; ends when the signal aborts, on the server, too.
 * @throws DraftInvalid with the place of each problem, NothingMapped, NeverRefreshed, the signal's reason
 */
export async function previewDraft(
  context: DraftContext,
  draft: SegmentDraft,
  options: SegmentPreviewOptions = {},
): Promise<DraftPreview> {
  const doing = 'previewing a segment'
  const question = await questionOf(context, draft, await refreshedWorkspace(context, doing), doing)
  options.signal?.throwIfAborted()
  const warehouse = await context.warehouse()
  try {
    const [preview, sizes] = await Promise.all([
      previewSegment(warehouse, { ...question, ...options }),
      publishedSizes(warehouse),
    ])
    const people = Math.max(sizes.get(EVERYONE)?.size ?? 0, preview.size)
    const sentence = sentenceOf(question.definition, (id) => question.segment(id)?.name)
    return { ...preview, people, sentence }
  } catch (error) {
    options.signal?.throwIfAborted()
    throw error
  }
}

/**
 * The query that finds who fulfils a definition now: for whoever wants to see it, or to run it with `tributary query`.
 * @throws DraftInvalid with the place of each problem, NothingMapped
 */
export async function draftSql(context: DraftContext, draft: SegmentDraft): Promise<string> {
  const doing = 'compiling a segment'
  const question = await questionOf(context, draft, await peopleWorkspace(context, doing), doing)
  const warehouse = await context.warehouse()
  const members = await membersSql(warehouse, question)
  const row = await selectRow<{ sql: string }>(warehouse, 'SELECT formatQuery({query:String}) AS sql', {
    query: `SELECT concat('p', toString(arrayJoin(bitmapToArray(members)))) AS profile FROM (SELECT ${members} AS members)`,
  })
  return row!.sql
}

/** What a definition that is right asks. @throws DraftInvalid */
async function questionOf(
  context: DraftContext,
  draft: SegmentDraft,
  workspace: PeopleWorkspace,
  doing: string,
): Promise<MembersQuestion> {
  const others = await otherSegments(context, draft)
  const { ok, problems } = await checkDraft(context, draft, workspace, others)
  if (!ok) throw new DraftInvalid(doing, problems.map(placed(draft)))
  return {
    id: draft.id ?? NEW,
    definition: draft.definition as SegmentFile,
    segment: (id) => others.get(id),
    now: new Date(),
    timeZone: workspace.timeZone,
  }
}

/** No file is called so. */
const NEW = '(new)'

type Others = ReadonlyMap<string, SegmentFile>

/** Drafts of the other segments; those that are none of the shape of segments are left out. */
async function otherSegments({ workspaceDir }: DraftContext, { id }: SegmentDraft): Promise<Others> {
  const { files } = await readFiles(workspaceDir)
  const others = Object.entries(files).flatMap(([file, text]): [string, SegmentFile][] => {
    const other = idOf('segments', file)
    if (other === undefined || other === id) return []
    const definition = readValue(text)
    return schemaProblems(segmentFileSchema, definition).length === 0
      ? [[other, definition as SegmentFile]]
      : []
  })
  return new Map(others)
}

function readValue(text: string): unknown {
  try {
    return parseYaml(text)
  } catch {
    return undefined
  }
}

async function checkDraft(
  context: DraftContext,
  { id = NEW, definition }: SegmentDraft,
  workspace: PeopleWorkspace,
  others: Others,
): Promise<SegmentCheck> {
  const ofSchema = schemaProblems(segmentFileSchema, definition)
  if (ofSchema.length > 0) return { ok: false, problems: ofSchema.map(asProblem), sentence: null }
  const own = { id, definition: definition as SegmentFile }
  const all = [own, ...[...others].map(([other, of]) => ({ id: other, definition: of }))]
  const lists = new Set((await showLists(context)).map(({ list }) => list))
  const problems = checkSegments(all, { ...vocabulary(workspace), lists })
    .filter(({ segment }) => segment === id)
    .map(({ path, message, remedy }) => ({ path, message, remedy }))
  return {
    ok: problems.length === 0,
    problems,
    sentence: problems.length === 0 ? sentenceOf(own.definition, (other) => others.get(other)?.name) : null,
  }
}

const asProblem = ({ path, message, remedy }: SchemaProblem): DraftProblem => ({ path, message, remedy })

/** As problems of files are shown. */
const placed =
  ({ id = NEW }: SegmentDraft) =>
  ({ path, message, remedy }: DraftProblem): Problem => ({
    file: fileOf('segments', id),
    line: 1,
    column: 1,
    path: renderPath(path),
    message,
    remedy,
    severity: 'error',
  })

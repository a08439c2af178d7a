/** What was published: the list of revisions, and what each of them changed. */
import {
  latestRevision,
  type RevisionLine,
  type RevisionRow,
  readRevision,
  listRevisions as revisionLines,
} from '../warehouse/revisions.js'
import type { Change } from '../workspace/change.js'
import { planRevision } from '../workspace/plan.js'
import { leftBehind } from './activations/held-records.js'
import type { OperationContext } from './context.js'
import { findRevision, RevisionUnknown } from './find-revision.js'

export type RevisionsContext = Pick<OperationContext, 'warehouse'>

export interface RevisionsOptions {
  /** @default 50 */
  readonly limit?: number
  /** Only those with a smaller number: the next page. */
  readonly before?: number
}

export interface RevisionDiff {
  readonly revision: RevisionLine
  readonly changes: readonly Change[]
}

/** Newest first. */
export async function listRevisions(
  { warehouse }: RevisionsContext,
  { limit = 50, before }: RevisionsOptions = {},
): Promise<readonly RevisionLine[]> {
  return revisionLines(await warehouse(), { limit, ...(before !== undefined && { before }) })
}

/**
 * What publishing a revision changed (`parent`), or what applying it again would change (`current`).
 * @throws RevisionUnknown, RevisionAmbiguous
 */
export async function diffRevision(
  { warehouse: open }: RevisionsContext,
  prefix: string,
  against: 'parent' | 'current',
): Promise<RevisionDiff> {
  const warehouse = await open()
  const found = await readRevision(warehouse, await findRevision(warehouse, prefix))
  if (!found)
    throw new RevisionUnknown(`comparing revision ${prefix}: it was never published; check the hash`)
  const { revision, number, author, message, appliedAt } = found
  const line = { revision, number, author, message, appliedAt }
  if (against === 'current') {
    const current = (await latestRevision(warehouse))?.files
    const held = await leftBehind(warehouse, current, found.files)
    return { revision: line, changes: planRevision(current, found.files, held) }
  }
  const parent: RevisionRow | undefined =
    found.parent === '' ? undefined : await readRevision(warehouse, found.parent)
  return { revision: line, changes: planRevision(parent?.files, found.files) }
}

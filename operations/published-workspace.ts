/** The newest published workspace, read and understood once for each revision: every request asks for it. */
import type { Warehouse } from '../warehouse/client.js'
import { latestNumber, latestRevision, type RevisionRow } from '../warehouse/revisions.js'
import { openWorkspace, type Workspace } from '../workspace/workspace.js'

export interface PublishedWorkspace {
  readonly revision: RevisionRow
  readonly workspace: Workspace
}

const known = new WeakMap<Warehouse, PublishedWorkspace>()

/** Undefined before the first revision. The same value until another one is published. */
export async function publishedRevision(warehouse: Warehouse): Promise<PublishedWorkspace | undefined> {
  const head = await latestNumber(warehouse)
  const before = known.get(warehouse)
  if (before && head && before.revision.number === head.number && before.revision.revision === head.revision)
    return before
  const revision = head && (await latestRevision(warehouse))
  if (!revision) return undefined
  const opened = { revision, workspace: openWorkspace(revision.files) }
  known.set(warehouse, opened)
  return opened
}

/** What a workspace is called, and in which zone it counts its days. */
import { basename } from 'node:path'
import { latestRevision } from '../warehouse/revisions.js'
import { openWorkspace } from '../workspace/workspace.js'
import type { OperationContext } from './context.js'

export interface WorkspaceIdentity {
  readonly name: string
  /** IANA name. */
  readonly timeZone: string
}

/** As published; before that, the folder's name and UTC. */
export async function workspaceIdentity({
  warehouse,
  workspaceDir,
}: Pick<OperationContext, 'warehouse' | 'workspaceDir'>): Promise<WorkspaceIdentity> {
  const latest = await latestRevision(await warehouse())
  if (latest === undefined) return { name: basename(workspaceDir), timeZone: 'UTC' }
  const { name, timeZone } = openWorkspace(latest.files)
  return { name, timeZone }
}

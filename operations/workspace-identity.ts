/** What a workspace is called, and in which zone it counts its days. */
import { basename } from 'node:path'
import { type WorkspaceFile, workspaceFileSchema } from '@tributary/schemas'
import { schemaProblems } from '../runtime/validation.js'
import { latestRevision } from '../warehouse/revisions.js'
import { parseYaml } from '../workspace/document.js'
import { readFiles, WORKSPACE_FILE } from '../workspace/files.js'
import type { OperationContext } from './context.js'

export interface WorkspaceIdentity {
  readonly name: string
  /** IANA name. */
  readonly timeZone: string
}

/** As published; before that, as the draft says, or else the folder's name and UTC. */
export async function workspaceIdentity({
  warehouse,
  workspaceDir,
}: Pick<OperationContext, 'warehouse' | 'workspaceDir'>): Promise<WorkspaceIdentity> {
  const latest = await latestRevision(await warehouse())
  const files = latest?.files ?? (await readFiles(workspaceDir)).files
  const settings = settingsIn(files[WORKSPACE_FILE] ?? '')
  return { name: settings?.workspace ?? basename(workspaceDir), timeZone: settings?.time_zone ?? 'UTC' }
}

function settingsIn(text: string): WorkspaceFile | undefined {
  try {
    const value = parseYaml(text)
    return schemaProblems(workspaceFileSchema, value).length === 0 ? (value as WorkspaceFile) : undefined
  } catch {
    return undefined
  }
}

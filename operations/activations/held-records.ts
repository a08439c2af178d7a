/** How many records stay at destinations, as they acknowledged them. */
import { stateCounts } from '../../activation/history.js'
import { targetOf } from '../../activation/target.js'
import type { Warehouse } from '../../warehouse/client.js'
import type { WorkspaceFiles } from '../../workspace/files.js'
import { type HeldRecords, leavingActivations, stayingActivations } from '../../workspace/plan-activations.js'
import { openWorkspace } from '../../workspace/workspace.js'

/** What stays behind where the next files remove activations or send them elsewhere, or change where a destination is. */
export async function leftBehind(
  warehouse: Warehouse,
  previous: WorkspaceFiles | undefined,
  next: WorkspaceFiles,
): Promise<HeldRecords> {
  if (previous === undefined) return new Map()
  const [before, after] = [openWorkspace(previous), openWorkspace(next)]
  const asked = [...leavingActivations(before, after), ...stayingActivations(before, after)]
  const counted = await Promise.all(
    asked.map(async ({ id, definition }) => {
      const { records } = await stateCounts(warehouse, id, targetOf(definition))
      return [id, records] as const
    }),
  )
  return new Map(counted)
}

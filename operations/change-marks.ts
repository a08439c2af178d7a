/** What there is to see of runs, refreshes, activations, revisions and drafts, as marks that differ once something changed. */
import { selectRows } from '../warehouse/query.js'
import { filesMark } from '../workspace/files.js'
import type { OperationContext } from './context.js'

/** By `<type> <id>`: `run sync/shop`, `activation winback`, `refresh `, `workspace `, `workspace drafts`. */
export type ChangeMarks = ReadonlyMap<string, string>

/** Only what changed lately is looked at. */
const LATELY = 'now() - INTERVAL 1 HOUR'
/** Workflows that people see as runs, and what they are runs of. */
const RUNNING = `ExecutionStatus = 'Running' AND WorkflowType IN ('syncSource', 'backfillSource', 'resetStream', 'refreshProfiles', 'activateSegment')`

/** Without Temporal only what has ended is seen. */
export async function changeMarks(
  context: Pick<OperationContext, 'warehouse' | 'temporal' | 'workspaceDir'>,
): Promise<ChangeMarks> {
  const [recorded, running, files] = await Promise.all([
    recordedMarks(context),
    runningMarks(context).catch(() => []),
    filesMark(context.workspaceDir).catch(() => ''),
  ])
  // Of drafts, too: engineers edit them beside an open page.
  return new Map([...recorded, ...running, [DRAFTS, files]])
}

const DRAFTS = 'workspace drafts'

async function recordedMarks({
  warehouse,
}: Pick<OperationContext, 'warehouse'>): Promise<readonly (readonly [string, string])[]> {
  const rows = await selectRows<{ key: string; mark: string }>(
    await warehouse(),
    `SELECT concat('run ', workflow_id) AS key, toString(max(ended_at)) AS mark
       FROM tributary.runs WHERE ended_at > ${LATELY} GROUP BY workflow_id
     UNION ALL SELECT 'refresh ' AS key, toString(max(ended_at)) AS mark FROM cdp.refreshes
     UNION ALL SELECT concat('activation ', activation) AS key, toString(max(ended_at)) AS mark
       FROM cdp.activation_runs WHERE ended_at > ${LATELY} GROUP BY activation
     UNION ALL SELECT concat('activation ', activation) AS key, toString(max(at)) AS mark
       FROM cdp.activation_holds WHERE at > ${LATELY} GROUP BY activation
     UNION ALL SELECT 'workspace ' AS key, toString(max(number)) AS mark FROM tributary.revisions`,
  )
  const marks = new Map<string, string>()
  // An activation's run and hold are one mark.
  for (const { key, mark } of rows) marks.set(key, `${marks.get(key) ?? ''} ${mark}`)
  return [...marks]
}

async function runningMarks({
  temporal,
}: Pick<OperationContext, 'temporal'>): Promise<readonly (readonly [string, string])[]> {
  const client = await temporal()
  const marks: (readonly [string, string])[] = []
  for await (const { workflowId, runId, type } of client.workflow.list({ query: RUNNING })) {
    const kind = type === 'refreshProfiles' ? 'refresh' : type === 'activateSegment' ? 'activation' : 'run'
    const id =
      kind === 'run' ? workflowId : kind === 'activation' ? workflowId.replace(/^activate\//, '') : ''
    // Beside what is recorded of it.
    marks.push([`${kind} ${id}`, `running ${runId}`])
  }
  return marks
}

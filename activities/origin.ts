/** Whose a load is: the revision and the run that stand beside it in the ledger. */
import { activityInfo } from '@temporalio/activity'
import type { LoadOrigin } from '../warehouse/ledger/ledger.js'

/** Called within an activity. */
export function origin(revision: string): LoadOrigin {
  return { revision, runId: activityInfo().workflowExecution?.runId ?? '' }
}

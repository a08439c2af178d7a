/** Logs who could not be sent when a plan was made, so that they are seen beside those whom the destination rejects. */
import { PLANNING_BATCH } from '../types.js'
import type { FrozenTarget } from './freeze.js'
import type { PlanScratch } from './scratch.js'

/** They are no part of the state, and so are tried again at the next run. */
export function logRejects(
  scratch: PlanScratch,
  diff: string,
  target: FrozenTarget,
  { run, version, operation }: { readonly run: string; readonly version: number; readonly operation: string },
): Promise<void> {
  return scratch.run(
    `INSERT INTO cdp.activation_log
       (activation, target, key, change, operation, fields, before, profile, outcome, reason, code, run, plan, version, batch)
     SELECT {activation:String}, {target:String}, key, if(held, 'change', 'add'), {operation:String}, '', '', profile,
       'rejected', reason, '', {run:String}, {plan:String}, {version:UInt64}, ${PLANNING_BATCH}
     FROM ${diff} WHERE reason != ''`,
    { ...target, run, version, operation },
  )
}

/** `tributary doctor`: every dependency looked at, each with what was found and, where it is not well, what to do. */

import type { OperationContext } from './context.js'
import type { Check } from './doctor/check.js'
import { checkClock, checkDisk, checkNode } from './doctor/machine.js'
import { checkTemporal } from './doctor/temporal.js'
import { checkWarehouse } from './doctor/warehouse.js'
import { checkWorkspace } from './doctor/workspace.js'

export type { Check }

/** Never fails: what cannot be looked at is a check that is not ok. Changes nothing. */
export async function doctor(context: OperationContext): Promise<readonly Check[]> {
  const groups = await Promise.all([
    [checkNode()],
    checkDisk(context).then((check) => [check]),
    checkWorkspace(context),
    checkTemporal(context),
    checkWarehouse(context),
    checkClock(context),
  ])
  return groups.flat()
}

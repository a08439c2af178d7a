/** A new load of a stream, with an id of its own. */
import { newLoadId } from '../warehouse/ledger/ids.js'
import type { Position } from '../warehouse/ledger/ledger.js'
import type { LoadTarget } from '../warehouse/loading/load-target.js'
import { origin } from './origin.js'
import type { StreamSetup } from './stream-setup.js'

/** Each call draws a load id of its own: what one attempt writes is never mixed with another's. */
export function loadTarget(setup: StreamSetup, position: Position, revision: string): LoadTarget {
  return {
    table: setup.table,
    position,
    origin: origin(revision),
    loadId: newLoadId(),
    rows: setup.rows,
    blocks: setup.blocks,
    exactBlocks: setup.exactBlocks,
    contract: setup.contract,
    keyFields: setup.primaryKey,
    keepsUnknown: setup.keepsUnknown,
    withheld: setup.withheld,
  }
}

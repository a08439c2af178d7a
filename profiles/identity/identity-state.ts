/** What the step `identity` keeps with its load, and what it says of itself. */
import type { IdentityFile } from '@tributary/schemas'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRow } from '../../warehouse/query.js'
import type { DerivedPosition } from '../facts/position.js'

export interface IdentityReport {
  readonly mode: 'full' | 'incremental'
  /** Identifiers ever seen. */
  readonly identifiers: number
  /** People whom they are; who was never linked is one. */
  readonly profiles: number
  /** People who became part of another one with this load. */
  readonly merged: number
  /** People who have identifiers that were another one's. */
  readonly split: number
  /** Links that this load left out for the first time. */
  readonly conflicts: number
}

export interface IdentityState {
  /** The rules that were applied, as written. */
  readonly identity: IdentityFile
  /** The mappings' loads that were seen. */
  readonly position: DerivedPosition
  /** The records that were seen. */
  readonly records: string
  /** The highest node that was seen. */
  readonly lastNode: number
  /** Nodes whose profile is another node. */
  readonly joined: number
  /** There are identifiers that tell nobody apart. */
  readonly hasOutsiders: boolean
  /** No node up to this one is such an identifier. Absent where that is not known. */
  readonly plainUpTo?: number
  readonly report: IdentityReport
}

/** The state of the published identity; undefined before the first. */
export async function publishedState(warehouse: Warehouse): Promise<IdentityState | undefined> {
  const row = await selectRow<{ state: string }>(
    warehouse,
    `SELECT argMax(state, (epoch, sequence)) AS state FROM tributary.valid_loads_of(source = 'cdp')
     WHERE stream = 'identity' AND event = 'accepted'
       AND (stream, generation) IN (SELECT stream, generation FROM cdp.current_generations)`,
  )
  return row === undefined || row.state === '' ? undefined : (JSON.parse(row.state) as IdentityState)
}

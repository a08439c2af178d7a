/** `cdp.activation_holds`: activations that are paused, by whom and why. Append-only; the newest row holds. */
import type { Warehouse } from '../warehouse/client.js'
import { isoTime } from '../warehouse/iso-time.js'
import { selectRow } from '../warehouse/query.js'

export interface Hold {
  /** False: it was resumed. */
  readonly held: boolean
  readonly reason: string
  readonly author: string
  /** ISO 8601 in UTC. */
  readonly at: string
}

/** Pauses or resumes an activation; durable when the promise resolves. */
export async function setHold(
  warehouse: Warehouse,
  hold: Omit<Hold, 'at'> & { readonly activation: string },
): Promise<void> {
  const { activation, held, reason, author } = hold
  await warehouse.insert({
    table: 'cdp.activation_holds',
    columns: ['activation', 'held', 'reason', 'author'],
    values: [{ activation, held, reason, author }],
    format: 'JSONEachRow',
  })
}

/** What was last said; undefined where nobody ever paused it. */
export async function readHold(warehouse: Warehouse, activation: string): Promise<Hold | undefined> {
  return selectRow<Hold>(
    warehouse,
    `SELECT held, reason, author, ${isoTime('hold.at')} AS at
     FROM cdp.activation_holds AS hold WHERE activation = {activation:String} ORDER BY hold.at DESC LIMIT 1`,
    { activation },
  )
}

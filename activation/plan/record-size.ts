/** How large a record is for its batch: the rule that batches are cut by. */
import type { AnyObject } from '../types.js'

/** `{"match":…,"fields":…,"event":"entered","compensates":"…"},` around the texts. */
export const RECORD_OVERHEAD = 128
const DEFAULT_BATCH_BYTES = 4 * 1024 * 1024

/** The most bytes of a batch. */
export const batchBytes = ({ batch }: AnyObject): number => batch.bytes ?? DEFAULT_BATCH_BYTES

/** True where a record alone is more than a batch takes. @param texts the match values and the fields as JSON */
export function isTooLarge(maxBytes: number, key: string, fields: string): boolean {
  const most = 3 * (key.length + fields.length) + RECORD_OVERHEAD
  return most > maxBytes && Buffer.byteLength(key) + Buffer.byteLength(fields) + RECORD_OVERHEAD > maxBytes
}

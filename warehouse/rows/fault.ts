/** What a value writer reports instead of throwing: exceptions per value would cost more than the writing. */
import type { RowBuffer } from './row-buffer.js'

/** `bad`: nothing was written. `truncated`: the value was written without what the column cannot hold. */
export interface Fault {
  readonly kind: 'bad' | 'truncated'
  /** Without content of the record. */
  readonly reason: string
}

/** Appends a value to the buffer; on a bad one the buffer is as before. */
export type ValueWriter = (buffer: RowBuffer, value: unknown) => Fault | undefined

export function bad(reason: string): Fault {
  return { kind: 'bad', reason }
}

/** Cuts what is sent, in its order, into batches that the destination takes. */

export interface BatchCutter {
  /**
   * Takes the next record.
   * @param group records of different groups never share a batch: each batch is one operation
   */
  take(group: number, bytes: number): void
  /** Where each batch begins among the records, from 0. */
  readonly starts: readonly number[]
}

export function batchCutter(limits: { readonly records: number; readonly bytes: number }): BatchCutter {
  const starts: number[] = []
  let position = 0
  let last = -1
  let records = 0
  let size = 0
  return {
    starts,
    take(group, bytes) {
      if (group !== last || records >= limits.records || size + bytes > limits.bytes) {
        starts.push(position)
        last = group
        records = 0
        size = 0
      }
      position += 1
      records += 1
      size += bytes
    },
  }
}

/** How many people two segments share. */
import type { Warehouse } from '../../../warehouse/client.js'
import { selectRow } from '../../../warehouse/query.js'
import { publishedAt } from './published.js'

export interface SegmentOverlap {
  readonly a: number
  readonly b: number
  readonly both: number
  readonly onlyA: number
  readonly onlyB: number
  readonly either: number
}

/** Counts by the newest published members. @throws where one of the two was never evaluated */
export async function overlapOf(warehouse: Warehouse, a: string, b: string): Promise<SegmentOverlap> {
  const [one, other] = await Promise.all(
    [a, b].map(async (segment) => {
      const published = await publishedAt(warehouse, segment)
      if (published !== undefined) return published.members
      throw new Error(`comparing segments: ${segment} was not evaluated yet; run a refresh first`)
    }),
  )
  const row = await selectRow<Record<'a' | 'b' | 'shared', string>>(
    warehouse,
    `SELECT bitmapCardinality(one.members) AS a, bitmapCardinality(other.members) AS b,
       bitmapAndCardinality(one.members, other.members) AS shared
     FROM ${one} AS one CROSS JOIN ${other} AS other`,
  )
  const [sizeA, sizeB, both] = [Number(row!.a), Number(row!.b), Number(row!.shared)]
  return { a: sizeA, b: sizeB, both, onlyA: sizeA - both, onlyB: sizeB - both, either: sizeA + sizeB - both }
}

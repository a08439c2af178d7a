/** Points that members earned, one entry a basket. Entries are booked in batches and never change. */
import { defineStream, type StreamSchema } from '@tributary/connector-sdk'
import { readChanges } from '../changes.js'
import schema from '../schemas/points.json' with { type: 'json' }
import type { LoyaltyConfig } from '../spec.js'

interface PointsItem {
  readonly entry_id: string
  readonly updated_at: string
}

export const points = defineStream<LoyaltyConfig>({
  name: 'points',
  schema: schema as StreamSchema,
  primaryKey: ['entry_id'],
  cursor: { field: 'updated_at', granularity: 'PT0.001S' },
  read: (context) =>
    readChanges<PointsItem>(context, {
      path: '/v1/points',
      idOf: ({ entry_id }) => entry_id,
      record: (item) => ({ ...item }),
    }),
})

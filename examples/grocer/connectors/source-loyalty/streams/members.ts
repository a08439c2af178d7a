/** Members of the programme. Who left comes as a deletion, with nothing but the id. */
import { DELETED_FIELD, defineStream, type StreamSchema } from '@tributary/connector-sdk'
import { readChanges } from '../changes.js'
import schema from '../schemas/members.json' with { type: 'json' }
import type { LoyaltyConfig } from '../spec.js'

/** A member as the API gives it; `deleted` marks somebody who left. */
interface MemberItem {
  readonly member_id: string
  readonly updated_at: string
  readonly deleted?: boolean
}

export const members = defineStream<LoyaltyConfig>({
  name: 'members',
  schema: schema as StreamSchema,
  primaryKey: ['member_id'],
  cursor: { field: 'updated_at', granularity: 'PT0.001S' },
  read: (context) =>
    readChanges<MemberItem>(context, {
      path: '/v1/members',
      idOf: ({ member_id }) => member_id,
      record({ deleted, ...member }) {
        if (!deleted) {
          return { ...member }
        }
        // A whole reading replaces the table: somebody who left is simply not in it.
        return context.syncMode === 'full_refresh' ? undefined : { ...member, [DELETED_FIELD]: true }
      },
    }),
})

/** The audit log: who did what. */
import { listActions } from '../../operations/members/audit.js'
import { defineRoute } from '../route.js'
import { count, described, list, moment, named, object, shortText, text } from '../schema.js'

const entry = named(
  'AuditEntry',
  object({
    actor: text,
    action: described(text, { description: 'As the command line says it', examples: ['activate approve'] }),
    subject: text,
    detail: text,
    at: moment,
  }),
)

export const auditRoutes = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/audit',
    role: 'admin',
    summary: 'Who did what, newest first',
    query: object(
      {
        limit: described(count, { minimum: 1, maximum: 1000, default: 200 }),
        before: described(moment, { description: 'Only older entries: the moment of the last one shown' }),
        subject: shortText,
        action: shortText,
        actor: shortText,
      },
      ['limit', 'before', 'subject', 'action', 'actor'],
    ),
    response: object({ entries: list(entry) }),
    handle: async ({ operations }, { query }) => ({ entries: await listActions(operations, query) }),
  }),
]

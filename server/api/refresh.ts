/** Bringing people, traits and segments up to what is loaded. */
import { refreshResultSchema } from '@tributary/schemas'
import { auditMembership } from '../../operations/people/segments.js'
import { type RefreshResult, refreshes, startRefresh } from '../../operations/refresh.js'
import { watchRefresh } from '../../operations/refresh-progress.js'
import { defineEvents, defineRoute } from '../route.js'
import {
  boolean,
  count,
  described,
  fileSchema,
  list,
  moment,
  named,
  nullable,
  number,
  object,
  oneOf,
  text,
} from '../schema.js'
import { LONG_MS } from '../within.js'

const refreshResult = fileSchema<RefreshResult>('RefreshResult', refreshResultSchema)

const step = object(
  {
    name: described(text, { examples: ['mapping purchases', 'identity', 'traits', 'segments'] }),
    status: oneOf('waiting', 'running', 'done', 'nothing new', 'failed'),
    rows: count,
    seconds: number,
    error: object({ type: text, message: text }),
  },
  ['error'],
)

const membershipAudit = named(
  'MembershipAudit',
  object({
    at: described(nullable(moment), { description: 'For which members are published; null: nothing is yet' }),
    segments: list(
      object({
        segment: text,
        missing: described(count, { description: 'People who should be in it' }),
        extra: described(count, { description: 'People who should not be in it' }),
      }),
    ),
    drift: described(count, { description: 'Sum over all segments: 0, or the refresh has a fault' }),
    excluded: described(count, { description: 'People left out, about whom something came since' }),
    skipped: list(object({ segment: text, reason: text })),
  }),
)

export const refreshRoutes = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/refresh',
    role: 'viewer',
    summary: 'The last rounds of refreshing, the newest first',
    query: object({ limit: described(count, { minimum: 1, maximum: 100 }) }, ['limit']),
    response: object({ rounds: list(refreshResult) }),
    handle: async ({ operations }, { query }) => ({ rounds: await refreshes(operations, query.limit) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/refresh',
    role: 'marketer',
    summary: 'Refresh people and segments now, from everything that is loaded',
    body: object({ full: described(boolean, { description: 'Everybody, not only those with news' }) }, [
      'full',
    ]),
    response: object({ workflowId: text, runId: text }),
    audit: () => ({ action: 'refresh', subject: 'people' }),
    async handle({ operations }, { body }) {
      const { workflowId, runId } = await startRefresh(operations, body)
      return { workflowId, runId }
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/segments/audit',
    role: 'operator',
    summary: 'Compare the members of every segment with a full evaluation; changes nothing',
    costly: true,
    patienceMs: LONG_MS,
    response: membershipAudit,
    handle: async ({ operations, signal }) => {
      const { at, ...audit } = await auditMembership(operations, { signal })
      return { ...audit, at: at?.toISOString() ?? null }
    },
  }),
  defineEvents({
    path: '/api/v1/refresh/progress',
    role: 'viewer',
    summary: 'Where the round stands that goes on now, as it goes on (server-sent events); ends with it',
    event: named(
      'RefreshMoment',
      object({
        running: boolean,
        waiting: described(boolean, { description: 'A round was asked for and has not begun' }),
        steps: list(step),
        last: described(nullable(refreshResult), { description: 'The newest round that ended' }),
      }),
    ),
    handle: async ({ operations, signal }) => watchRefresh(operations, signal),
  }),
]

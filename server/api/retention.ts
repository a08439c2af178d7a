/** How long data is kept: what is in force, what a change would remove, and removing what is old now. */
import { applyRetention, previewRetention, showRetention } from '../../operations/retention.js'
import { defineRoute } from '../route.js'
import { count, described, list, moment, named, nullable, number, object, oneOf, text } from '../schema.js'

const length = described(text, { pattern: '^(0|[1-9][0-9]{0,9})[smhdy]$', examples: ['2y', '90d'] })

const lengths = named(
  'RetentionLengths',
  described(object({ raw: length, rejects: length, audit: length }, ['raw', 'rejects', 'audit']), {
    description: 'How long by kind; what is absent is kept for ever, rejects for 90 days',
  }),
)

const failure = object({ type: text, message: text })

const stream = object(
  {
    name: described(text, { examples: ['shop.orders'] }),
    rows: count,
    bytes: count,
    error: described(text, { description: 'Why nothing of it went' }),
  },
  ['error'],
)

const kind = named(
  'RemovedKind',
  object(
    {
      kind: oneOf('raw', 'rejects', 'audit'),
      length,
      before: described(moment, { description: 'What is older goes' }),
      rows: count,
      bytes: described(count, { description: 'On disk, rough' }),
      streams: described(list(stream), { description: 'Those that failed, then the most rows' }),
      streamsInAll: count,
      error: failure,
    },
    ['error'],
  ),
)

const report = named(
  'RetentionReport',
  object(
    {
      workspace: text,
      workflowId: text,
      runId: text,
      revision: text,
      outcome: oneOf('succeeded', 'partial', 'failed'),
      now: described(moment, { description: 'From when lengths were counted back' }),
      rows: count,
      bytes: count,
      seconds: number,
      kinds: list(kind),
      error: failure,
    },
    ['error'],
  ),
)

export const retentionRoutes = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/retention',
    role: 'operator',
    summary: 'How long data is kept as published, and what was removed last',
    response: object({
      inForce: described(nullable(lengths), { description: 'Null before anything is published' }),
      last: described(nullable(report), { description: 'The newest removal; null before the first' }),
      nextRun: nullable(moment),
    }),
    handle: ({ operations }) => showRetention(operations),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/retention/preview',
    role: 'operator',
    summary: 'What would be removed now if data were kept this long; nothing is touched',
    costly: true,
    body: object({ lengths }),
    response: named(
      'RetentionPreview',
      object({ rows: count, bytes: described(count, { description: 'On disk, rough' }), kinds: list(kind) }),
    ),
    handle: ({ operations }, { body }) => previewRetention(operations, body.lengths),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/retention/apply',
    role: 'operator',
    summary: 'Remove what is older than it is kept, at once',
    body: object({}),
    response: object({ workflowId: text, runId: text }),
    audit: () => ({ action: 'retention apply', subject: 'old data' }),
    async handle({ operations }) {
      const { workflowId, runId } = await applyRetention(operations)
      return { workflowId, runId }
    },
  }),
]

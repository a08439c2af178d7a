/** Who is in a published segment: some of them, all of them, how that came, why somebody is, and what depends on it. */
import { exportSegment, segmentHistory } from '../../operations/people/history.js'
import { memberTable } from '../../operations/people/member-columns.js'
import { segmentSenders } from '../../operations/people/segment-list.js'
import { sampleSegment } from '../../operations/people/segment-sample.js'
import { explainSegment, segmentDependents, segmentOverlap } from '../../operations/people/segments.js'
import { RequestInvalid } from '../errors.js'
import { defineLines, defineRoute } from '../route.js'
import {
  boolean,
  count,
  described,
  json,
  list,
  moment,
  named,
  nullable,
  object,
  oneOf,
  personal,
  shortText,
  type TypedSchema,
  text,
} from '../schema.js'
import { cause, profileId, samplePerson } from './people-shapes.js'
import { idParam } from './workspace-shapes.js'

const trendPoint = object({ at: moment, size: count, entered: count, left: count })
const enteredOrLeft = oneOf('entered', 'left')

interface ExplainedCondition {
  readonly condition: string
  readonly truth: boolean
  readonly evidence: readonly unknown[] | string
  readonly combines?: 'all' | 'any' | 'not'
  readonly children?: readonly ExplainedCondition[]
}

const explainedCondition = named(
  'ExplainedCondition',
  object(
    {
      condition: described(text, {
        description: 'In plain words',
        examples: ['lifetime value is at least 500'],
      }),
      truth: boolean,
      evidence: described(personal(list(json)), {
        description: 'The events, values or identifiers behind it; the newest where there are many',
      }),
      combines: described(oneOf('all', 'any', 'not'), {
        description: 'What has to hold of its children: every one, at least one, or that the one does not',
      }),
      children: { type: 'array', items: { $ref: '#' } } as TypedSchema<readonly ExplainedCondition[]>,
    },
    ['combines', 'children'],
  ) as TypedSchema<ExplainedCondition>,
)

export const segmentMemberRoutes = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/segments/:id/sample',
    role: 'viewer',
    summary: 'Some members of a published segment',
    params: idParam,
    query: object({ limit: described(count, { minimum: 1, maximum: 100 }) }, ['limit']),
    response: object({ people: list(samplePerson) }),
    handle: async ({ operations, signal }, { params, query }) => ({
      people: await sampleSegment(operations, params.id, { ...query, signal }),
    }),
  }),
  defineLines({
    path: '/api/v1/segments/:id/export',
    role: 'marketer',
    summary: 'All members of a segment as a file, a line each, now or at an earlier moment',
    params: idParam,
    query: object(
      {
        format: described(oneOf('ndjson', 'csv'), {
          description: 'JSON lines, or a table for spreadsheets. Default: ndjson',
        }),
        at: described(shortText, { description: 'A date or a moment. Default: now' }),
      },
      ['format', 'at'],
    ),
    line: samplePerson,
    file: ({ params, query }) => `${params.id}.${query.format ?? 'ndjson'}`,
    table: async ({ operations }, { query }) =>
      query.format === 'csv' ? memberTable(operations) : undefined,
    audit: ({ params, query: { format = 'ndjson', at } }) => ({
      action: 'segment export',
      subject: params.id,
      detail: at === undefined ? format : `${format}, as of ${at}`,
    }),
    handle: async ({ operations, signal }, { params, query: { at } }) =>
      exportSegment(operations, params.id, { ...(at !== undefined && { at }), signal }),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/segments/:id/history',
    role: 'viewer',
    summary: 'How a segment’s size became what it is: the trend, who came and went, and why',
    params: idParam,
    query: object(
      {
        from: described(shortText, { description: 'A date or a moment, included', examples: ['2026-01-31'] }),
        to: described(shortText, { description: 'Excluded. Default: now' }),
        every: described(shortText, {
          description: 'Length of time of one point. Default: every evaluation is one',
          examples: ['1d'],
        }),
        changes: described(count, {
          maximum: 1000,
          description: 'People who came or went to list. Default: 0',
        }),
      },
      ['from', 'to', 'every', 'changes'],
    ),
    response: named(
      'SegmentHistory',
      object({
        segment: text,
        trend: described(list(trendPoint), { description: 'Oldest first' }),
        counts: list(object({ change: enteredOrLeft, cause, people: count })),
        changes: described(
          list(
            object({
              profile: profileId,
              name: described(nullable(personal(text)), {
                description: 'What the person is called now; null: nothing is known of this id any more',
              }),
              change: enteredOrLeft,
              cause,
              at: moment,
            }),
          ),
          { description: 'Newest first' },
        ),
      }),
    ),
    handle: ({ operations }, { params, query }) => segmentHistory(operations, params.id, query),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/segments/:id/overlap',
    role: 'viewer',
    summary: 'How many people two segments share',
    params: idParam,
    query: object({ with: described(shortText, { description: 'Id of the other segment' }) }),
    response: named(
      'SegmentOverlap',
      object({
        segments: described(
          { type: 'array', items: { type: 'string' } } as TypedSchema<readonly [string, string]>,
          {
            description: 'The two, in the order of a and b',
          },
        ),
        a: count,
        b: count,
        both: count,
        onlyA: count,
        onlyB: count,
        either: count,
      }),
    ),
    handle: ({ operations }, { params, query }) => segmentOverlap(operations, params.id, query.with),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/segments/:id/explain',
    role: 'viewer',
    summary: 'Why a person is in a segment, or is not: by a profile’s id, or by an identifier',
    params: idParam,
    query: object({ profile: profileId, type: shortText, value: shortText }, ['profile', 'type', 'value']),
    response: object({
      name: described(nullable(personal(text)), {
        description: 'What the person is called; null: nothing says it',
      }),
      member: boolean,
      tree: explainedCondition,
    }),
    handle: ({ operations }, { params, query: { profile, type, value } }) => {
      if (profile !== undefined) return explainSegment(operations, params.id, { id: profile })
      if (type !== undefined && value !== undefined)
        return explainSegment(operations, params.id, { type, value })
      throw new RequestInvalid('explaining a segment: nobody is named; give profile, or type and value')
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/segments/:id/dependents',
    role: 'viewer',
    summary: 'What depends on a segment: other published segments, and activations that send it',
    params: idParam,
    response: object({
      segments: list(
        object({
          segment: text,
          direct: described(boolean, { description: 'False: it names a segment that does' }),
        }),
      ),
      activations: described(list(text), { description: 'Ids, drafts included' }),
    }),
    async handle({ operations }, { params }) {
      const [segments, activations] = await Promise.all([
        segmentDependents(operations, params.id),
        segmentSenders(operations, params.id),
      ])
      return { segments, activations }
    },
  }),
]

/** Segments as they are defined: listed, built with live counts, and kept as drafts that are published. */
import { type SegmentFile, segmentFileSchema } from '@tributary/schemas'
import { checkSegmentDraft, draftSql, previewDraft } from '../../operations/people/segment-draft.js'
import { listSegmentsAndDrafts } from '../../operations/people/segment-list.js'
import { defineRoute } from '../route.js'
import {
  boolean,
  count,
  described,
  fileSchema,
  json,
  list,
  moment,
  named,
  nullable,
  number,
  object,
  shortText,
  text,
} from '../schema.js'
import { draftProblem, draftRoutes } from './draft-routes.js'
import { nullableMoment, samplePerson } from './people-shapes.js'
import { draftState, etag } from './workspace-shapes.js'

const segmentFile = fileSchema<SegmentFile>('SegmentFile', segmentFileSchema)

const listedSegment = named(
  'ListedSegment',
  object({
    id: text,
    name: text,
    description: nullable(text),
    state: draftState,
    etag: described(nullable(etag), { description: 'Of the draft; null: there is none any more' }),
    size: described(nullable(count), {
      description: 'Members of what is published; null: not evaluated yet',
    }),
    evaluatedAt: nullableMoment,
    error: described(nullable(text), { description: 'Why it keeps its last good members' }),
    sentence: described(nullable(text), { description: 'The draft in plain words' }),
    trend: described(list(object({ at: moment, size: count })), {
      description: 'A point a day of the last 30, oldest first',
    }),
    activations: described(list(text), { description: 'Ids of activations that send it' }),
  }),
)

const draft = {
  id: described(shortText, { description: 'The id that it has; left out of a new one', maxLength: 128 }),
  definition: described(json, { description: 'A SegmentFile, which may still have anything wrong' }),
}

export const segmentRoutes = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/segments',
    role: 'viewer',
    summary: 'Segments and drafts of segments, by name, with sizes and a trend',
    response: object({ segments: list(listedSegment) }),
    handle: async ({ operations }) => ({ segments: await listSegmentsAndDrafts(operations) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/segments/check',
    role: 'marketer',
    summary: 'What is wrong with a definition, by the place in it, and the definition in plain words',
    body: object(draft, ['id']),
    response: named(
      'SegmentCheck',
      object({ ok: boolean, problems: list(draftProblem), sentence: nullable(text) }),
    ),
    handle: ({ operations }, { body }) => checkSegmentDraft(operations, body),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/segments/preview',
    role: 'marketer',
    summary: 'How many people fulfil a definition now, and some of them; ends when the reader leaves',
    costly: true,
    body: object(
      {
        ...draft,
        sample: described(count, { maximum: 100, description: 'People to show. Default: 10' }),
      },
      ['id', 'sample'],
    ),
    response: named(
      'DraftPreview',
      object({
        size: count,
        people: described(count, { description: 'Everybody' }),
        seconds: number,
        sentence: text,
        sample: list(samplePerson),
      }),
    ),
    handle: ({ operations, signal }, { body: { sample, ...given } }) =>
      previewDraft(operations, given, { signal, ...(sample !== undefined && { sample }) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/segments/sql',
    role: 'viewer',
    summary: 'The query that finds who fulfils a definition now',
    body: object(draft, ['id']),
    response: object({ sql: text }),
    handle: async ({ operations }, { body }) => ({ sql: await draftSql(operations, body) }),
  }),
  ...draftRoutes<SegmentFile>({ folder: 'segments', one: 'a segment', definition: segmentFile }),
]

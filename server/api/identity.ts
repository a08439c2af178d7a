/** Who is who, and what members say about it: explained, merged, split, taken back, and simulated before. */
import {
  explainProfiles,
  mergeProfiles,
  simulateDraft,
  simulateMerge,
  simulateSplit,
  simulateUndo,
  splitProfile,
  undoIdentityRecord,
} from '../../operations/people/profiles.js'
import { listRecords } from '../../operations/people/records.js'
import { defineRoute } from '../route.js'
import {
  boolean,
  count,
  described,
  either,
  list,
  moment,
  named,
  nullable,
  object,
  oneOf,
  shortText,
  text,
} from '../schema.js'
import { LONG_MS } from '../within.js'
import {
  givenIdentifier,
  givenPerson,
  identifierName,
  identityRecord,
  recorded,
  simulation,
} from './people-shapes.js'

const linkEvidence = either(
  object({
    kind: oneOf('link'),
    mapping: text,
    source: text,
    row: described(text, { description: 'Hash of the row’s key' }),
    time: moment,
  }),
  object({ kind: oneOf('merge'), record: text, author: text, note: text, time: moment }),
)

const linkExplanation = named(
  'LinkExplanation',
  object({
    same: described(boolean, { description: 'They are one person’s today' }),
    path: described(
      nullable(list(object({ a: identifierName, b: identifierName, evidence: linkEvidence }))),
      {
        description: 'The shortest chain of evidence; null where there is none',
      },
    ),
    skipped: described(
      list(object({ a: identifierName, b: identifierName, type: text, time: moment }, ['type', 'time'])),
      { description: 'Links that a limit or a cut leaves out' },
    ),
  }),
)

const note = described(text, { description: 'Why', maxLength: 500 })

export const identityRoutes = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/profiles/records',
    role: 'viewer',
    summary: 'Merges, splits and cuts that members made, the newest first',
    query: object({ limit: described(count, { minimum: 1, maximum: 1000 }) }, ['limit']),
    response: object({ records: list(identityRecord) }),
    handle: async ({ operations }, { query }) => ({ records: await listRecords(operations, query.limit) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/profiles/explain',
    role: 'marketer',
    summary: 'Why two identifiers are one person’s, or are not',
    body: object({ a: givenIdentifier, b: givenIdentifier }),
    response: linkExplanation,
    async handle({ operations }, { body }) {
      const { path, skipped, same } = await explainProfiles(operations, body.a, body.b)
      return { same, path, skipped }
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/profiles/merge',
    role: 'marketer',
    summary: 'Say that two people are one; takes effect with the refresh that it asks for',
    body: object({ a: givenPerson, b: givenPerson, note }, ['note']),
    response: recorded,
    audit: () => ({ action: 'profile merge', subject: 'two profiles' }),
    handle: ({ operations, member }, { body: { a, b, ...rest } }) =>
      mergeProfiles(operations, a, b, { ...rest, author: member.name }),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/profiles/merge/simulate',
    role: 'marketer',
    summary: 'What a merge would do; nothing is recorded',
    costly: true,
    patienceMs: LONG_MS,
    body: object({ a: givenPerson, b: givenPerson }),
    response: simulation,
    handle: ({ operations, signal }, { body: { a, b } }) => simulateMerge(operations, a, b, signal),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/profiles/split',
    role: 'marketer',
    summary: 'Say that an identifier is a person of its own; takes effect with the refresh that it asks for',
    body: object({ identifier: givenIdentifier, note }, ['note']),
    response: recorded,
    audit: ({ body }) => ({ action: 'profile split', subject: body.identifier.type }),
    handle: ({ operations, member }, { body: { identifier, ...rest } }) =>
      splitProfile(operations, identifier, { ...rest, author: member.name }),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/profiles/split/simulate',
    role: 'marketer',
    summary: 'What a split would do; nothing is recorded',
    costly: true,
    patienceMs: LONG_MS,
    body: object({ identifier: givenIdentifier }),
    response: simulation,
    handle: ({ operations, signal }, { body }) => simulateSplit(operations, body.identifier, signal),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/profiles/undo',
    role: 'marketer',
    summary: 'Take back a merge, split or cut',
    body: object({ record: shortText, note }, ['note']),
    response: recorded,
    audit: ({ body }) => ({ action: 'profile undo', subject: body.record }),
    handle: ({ operations, member }, { body: { record, ...rest } }) =>
      undoIdentityRecord(operations, record, { ...rest, author: member.name }),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/profiles/undo/simulate',
    role: 'marketer',
    summary: 'What taking back a merge, split or cut would do; nothing is recorded',
    costly: true,
    patienceMs: LONG_MS,
    body: object({ record: shortText }),
    response: simulation,
    handle: ({ operations, signal }, { body }) => simulateUndo(operations, body.record, signal),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/profiles/simulate',
    role: 'marketer',
    summary: 'What the draft of identity.yaml would do to people; nothing is published',
    costly: true,
    patienceMs: LONG_MS,
    response: simulation,
    handle: ({ operations, signal }) => simulateDraft(operations, signal),
  }),
]

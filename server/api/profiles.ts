/** People: found, shown part by part, and what members say about who is who. */

import { seesPersonalData } from '../../operations/members/roles.js'
import {
  personDestinations,
  personEvents,
  personEvidence,
  showPersonPage,
} from '../../operations/people/person.js'
import {
  explainProfiles,
  mergeProfiles,
  simulateMerge,
  simulateSplit,
  simulateUndo,
  splitProfile,
  undoIdentityRecord,
} from '../../operations/people/profiles.js'
import { listRecords } from '../../operations/people/records.js'
import { searchPeople } from '../../operations/people/search.js'
import { defineRoute } from '../route.js'
import {
  boolean,
  count,
  described,
  dictionary,
  either,
  list,
  moment,
  named,
  nullable,
  number,
  object,
  oneOf,
  personal,
  shortText,
  text,
} from '../schema.js'
import {
  anyValues,
  cause,
  event,
  givenIdentifier,
  givenPerson,
  identifierName,
  identifiers,
  identityRecord,
  nullableMoment,
  profileId,
  profileParam,
  recorded,
  simulation,
  value,
} from './people-shapes.js'

const foundPerson = named(
  'FoundPerson',
  object({
    profile: profileId,
    name: described(nullable(personal(text)), { description: 'Null: no trait says it' }),
    matches: described(
      list(
        object({
          kind: oneOf('id', 'identifier', 'trait'),
          name: described(text, { description: 'Type of the identifier, or name of the trait' }),
          value: personal(text),
          exact: boolean,
        }),
      ),
      { description: 'Why they were found, the best reason first' },
    ),
    identifiers,
    traits: dictionary(personal(value)),
  }),
)

const person = named(
  'Person',
  object(
    {
      profile: profileId,
      redirectedFrom: described(profileId, {
        description: 'The id that was asked for, where the person has another one today',
      }),
      name: described(nullable(personal(text)), { description: 'Null: no trait says it' }),
      identifiers,
      traits: dictionary(
        object({
          value: personal(value),
          source: described(text, { description: 'Id of the source; computed: from events' }),
          at: described(nullableMoment, { description: 'When it was said; null: of no event' }),
        }),
      ),
      segments: list(
        object({
          segment: text,
          name: text,
          since: described(moment, { description: 'The evaluation that first saw them in it' }),
          cause,
        }),
      ),
    },
    ['redirectedFrom'],
  ),
)

const evidence = named(
  'Evidence',
  object({
    identifiers: list(
      object({
        type: text,
        value: personal(text),
        firstAt: nullableMoment,
        lastAt: nullableMoment,
        sources: list(text),
      }),
    ),
    links: described(
      list(
        object({
          a: identifierName,
          b: identifierName,
          mapping: text,
          source: text,
          rows: described(count, { description: 'Rows that name both' }),
          firstAt: moment,
          lastAt: moment,
        }),
      ),
      { description: 'What names two of the identifiers together, the earliest first' },
    ),
    more: boolean,
    records: described(list(identityRecord), { description: 'What members said about them' }),
  }),
)

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

const sent = named(
  'SentRecord',
  object({
    activation: text,
    destination: text,
    object: text,
    present: described(boolean, { description: 'False: it was taken away' }),
    match: personal(anyValues),
    fields: personal(anyValues),
    firstAt: moment,
    lastAt: moment,
    run: text,
  }),
)

const note = described(text, { description: 'Why', maxLength: 500 })

export const profileRoutes = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/profiles/search',
    role: 'viewer',
    summary: 'Find people by an identifier, its beginning, an id, or the text of a trait',
    query: object(
      {
        q: described(shortText, { maxLength: 200, examples: ['ada@example.com'] }),
        limit: described(count, { minimum: 1, maximum: 100 }),
      },
      ['limit'],
    ),
    response: object({ people: list(foundPerson), more: boolean, seconds: number }),
    // Who may not see values could read them letter by letter from what beginnings find.
    handle: ({ operations, role, signal }, { query: { q, ...options } }) =>
      searchPeople(operations, q, { ...options, wholeOnly: !seesPersonalData(role), signal }),
  }),
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
    method: 'GET',
    path: '/api/v1/profiles/:id',
    role: 'viewer',
    summary: 'A person: identifiers, traits with their source, segments since when and why',
    params: profileParam,
    response: person,
    handle: ({ operations }, { params }) => showPersonPage(operations, params.id),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/profiles/:id/events',
    role: 'viewer',
    summary: 'What a person did, the newest first, a page at a time',
    params: profileParam,
    query: object(
      {
        limit: described(count, { minimum: 1, maximum: 500 }),
        cursor: described(shortText, { description: 'The next of the page before' }),
        event: described(shortText, { description: 'Only events of this name' }),
      },
      ['limit', 'cursor', 'event'],
    ),
    response: object(
      {
        events: list(event),
        next: described(text, { description: 'Names the next page; absent: there is none' }),
      },
      ['next'],
    ),
    handle: ({ operations, signal }, { params, query }) =>
      personEvents(operations, params.id, { ...query, signal }),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/profiles/:id/evidence',
    role: 'viewer',
    summary: 'Why these identifiers are one person’s: rows that name them together, and what members said',
    params: profileParam,
    response: evidence,
    handle: ({ operations }, { params }) => personEvidence(operations, params.id),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/profiles/:id/destinations',
    role: 'viewer',
    summary: 'Where a person was sent',
    params: profileParam,
    response: object({ records: list(sent) }),
    handle: async ({ operations }, { params }) => ({
      records: await personDestinations(operations, params.id),
    }),
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
    body: object({ record: shortText }),
    response: simulation,
    handle: ({ operations, signal }, { body }) => simulateUndo(operations, body.record, signal),
  }),
]

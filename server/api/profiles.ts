/** People: found, and shown part by part. */
import { seesPersonalData } from '../../operations/members/roles.js'
import {
  personDestinations,
  personEvents,
  personEvidence,
  showPersonPage,
} from '../../operations/people/person.js'
import { searchPeople } from '../../operations/people/search.js'
import { defineRoute } from '../route.js'
import { boolean, count, described, list, number, object, shortText, text } from '../schema.js'
import { event, profileParam } from './people-shapes.js'
import { evidence, foundPerson, person, sent } from './person-shapes.js'

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
]

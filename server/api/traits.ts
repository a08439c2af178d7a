/** What segments can speak of: traits, events and their properties, lists, operators, and values that were seen. */
import { listTraits, traitDependents } from '../../operations/people/traits.js'
import {
  builderVocabulary,
  listEvents,
  propertyValues,
  traitValues,
} from '../../operations/people/vocabulary.js'
import { defineRoute } from '../route.js'
import {
  boolean,
  count,
  described,
  either,
  list,
  named,
  nullable,
  number,
  object,
  oneOf,
  personal,
  shortText,
  text,
} from '../schema.js'

const kind = oneOf('text', 'number', 'boolean', 'time', 'list')

const trait = named(
  'CatalogueTrait',
  object(
    {
      trait: text,
      rule: described(either(text, object({ source_priority: list(text) })), {
        description: 'How its value is chosen; computed: from events',
        examples: ['latest'],
      }),
      description: text,
      sources: described(list(text), { description: 'Ids of the sources whose mappings make it' }),
      people: described(
        object({ text: count, number: count, boolean: count, time: count, list: count }, [
          'text',
          'number',
          'boolean',
          'time',
          'list',
        ]),
        { description: 'How many people have a value, by its kind' },
      ),
    },
    ['description'],
  ),
)

const knownEvent = named(
  'KnownEvent',
  object({
    event: described(text, { examples: ['Order Completed'] }),
    count: described(count, { description: 'How many there were at the newest refresh' }),
    properties: list(
      object({ property: text, kinds: described(list(kind), { description: 'Of values that were seen' }) }),
    ),
  }),
)

const operator = named(
  'SegmentOperator',
  object({
    name: described(text, { description: 'The key in the definition', examples: ['gte'] }),
    title: described(text, { examples: ['at least'] }),
    description: text,
    kinds: described(list(kind), { description: 'Kinds of values that it speaks of' }),
    literal: described(
      oneOf(
        'none',
        'scalar',
        'scalars',
        'ordered',
        'range',
        'text',
        'texts',
        'pattern',
        'moment',
        'duration',
      ),
      { description: 'What it is given; none: true' },
    ),
    negated: described(boolean, { description: 'It also holds of people without a value' }),
  }),
)

const aggregate = named(
  'SegmentAggregate',
  object({
    name: text,
    title: text,
    description: text,
    property: described(nullable(list(kind)), { description: 'Kinds of the property; null: it takes none' }),
    comparisons: list(text),
  }),
)

const seenValues = object({
  values: described(
    list(
      object({
        value: personal(either(text, number, boolean)),
        count: described(count, { description: 'Of the people, or of the events that were looked at' }),
      }),
    ),
    { description: 'The most frequent first' },
  ),
})

const valuesQuery = {
  search: described(text, { description: 'What values contain', maxLength: 200 }),
  limit: described(count, { minimum: 1, maximum: 200 }),
}

export const traitRoutes = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/vocabulary',
    role: 'viewer',
    summary: 'Everything that segments can speak of, and what each operator takes',
    response: named(
      'Vocabulary',
      object({
        stage: described(oneOf('nothing_mapped', 'never_refreshed', 'refreshed'), {
          description: 'Before the first refresh, names are those of the mappings, and nothing is counted',
        }),
        timeZone: text,
        events: list(knownEvent),
        traits: list(trait),
        identifiers: described(list(text), { description: 'Types, in the order of their priority' }),
        lists: list(object({ list: text, entries: count })),
        segments: list(object({ id: text, name: text })),
        consents: described(list(text), { description: 'Purposes that people can consent to' }),
        operators: list(operator),
        aggregates: list(aggregate),
        periods: described(list(text), {
          description: 'Windows by the calendar',
          examples: [['this_month']],
        }),
      }),
    ),
    handle: ({ operations }) => builderVocabulary(operations),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/vocabulary/events',
    role: 'viewer',
    summary: 'Events that mappings make, with counts, and their properties',
    response: object({ events: list(knownEvent) }),
    handle: async ({ operations }) => ({ events: await listEvents(operations) }),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/vocabulary/values',
    role: 'marketer',
    summary: 'The most frequent values of a property of an event',
    query: object({ event: shortText, property: shortText, ...valuesQuery }, ['search', 'limit']),
    response: seenValues,
    handle: async ({ operations, signal }, { query: { event, property, ...options } }) => ({
      values: await propertyValues(operations, event, property, { ...options, signal }),
    }),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/traits',
    role: 'viewer',
    summary: 'Traits that people have: where they come from, and how many have a value',
    response: object({ traits: list(trait) }),
    handle: async ({ operations }) => ({ traits: await listTraits(operations) }),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/traits/:trait/values',
    role: 'marketer',
    summary: 'The most frequent values of a trait',
    params: object({ trait: shortText }),
    query: object(valuesQuery, ['search', 'limit']),
    response: seenValues,
    handle: async ({ operations, signal }, { params, query }) => ({
      values: await traitValues(operations, params.trait, { ...query, signal }),
    }),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/traits/:trait/dependents',
    role: 'viewer',
    summary: 'Published segments that speak of a trait',
    params: object({ trait: shortText }),
    response: object({ segments: list(object({ segment: text, direct: boolean })) }),
    handle: async ({ operations }, { params }) => ({
      segments: await traitDependents(operations, params.trait),
    }),
  }),
]

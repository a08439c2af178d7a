/** Mappings: what rows say of people, tried on real rows before anybody publishes it. */
import { type MappingFile, mappingFileSchema } from '@tributary/schemas'
import { apply } from '../../operations/apply.js'
import { addIdentifiers } from '../../operations/identifiers.js'
import { listMappings, suggestMappingOf } from '../../operations/mappings.js'
import { previewMappingDefinition } from '../../operations/people/preview-mapping.js'
import { defineRoute } from '../route.js'
import {
  boolean,
  count,
  described,
  dictionary,
  either,
  fileSchema,
  json,
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
import { draftRoutes } from './draft-routes.js'
import { applied, draftState, etag } from './workspace-shapes.js'

const mappingFile = fileSchema<MappingFile>('MappingFile', mappingFileSchema)

const mappingLine = named(
  'MappingLine',
  object({
    id: text,
    state: draftState,
    etag: described(nullable(etag), { description: 'Of the draft; null: there is none any more' }),
    stream: described(text, { examples: ['shop.public.orders'] }),
    identifiers: described(list(text), { description: 'Types that its rows give' }),
    events: list(text),
    traits: list(text),
  }),
)

const value = either(text, number, boolean, list(text))
const kind = oneOf('text', 'number', 'boolean', 'time', 'list', 'null')

const previewedRow = named(
  'PreviewedRow',
  object({
    columns: described(dictionary(personal(json)), {
      description: 'The columns that the mapping reads',
    }),
    identifiers: list(
      object({
        type: text,
        raw: described(personal(text), { description: 'As it stands in the row' }),
        value: described(personal(text), { description: 'Normalised' }),
        status: described(oneOf('used', 'blocked', 'empty'), {
          description: 'blocked: the value identifies nobody',
        }),
      }),
    ),
    events: list(
      object({
        name: text,
        messageId: text,
        at: moment,
        properties: dictionary(object({ kind, value: personal(nullable(value)) })),
      }),
    ),
    traits: list(object({ name: text, at: moment, kind, value: personal(nullable(value)) })),
  }),
)

const mappingPreview = named(
  'MappingPreview',
  object({
    stream: text,
    problems: described(
      list(
        object({
          path: described(text, { examples: ['events[0].timestamp'] }),
          message: text,
          remedy: text,
        }),
      ),
      { description: 'What does not fit the stream or identity.yaml' },
    ),
    rows: list(previewedRow),
    counts: described(
      nullable(
        object({
          rows: described(count, { description: 'Rows of the sample' }),
          isWhole: described(boolean, { description: 'The sample is all that the stream has' }),
          repeated: described(count, { description: 'Rows that repeat the key of another one' }),
          withoutIdentifier: described(count, { description: 'Rows that identify nobody' }),
          blocked: described(dictionary(count), { description: 'Values that identify nobody, by type' }),
          events: dictionary(count),
        }),
      ),
      { description: 'Null where there are problems' },
    ),
  }),
)

const suggestion = named(
  'MappingSuggestion',
  object(
    {
      id: described(text, { description: 'A name that no mapping bears yet' }),
      definition: described(mappingFile, { description: 'Absent: no column tells people apart' }),
      missingIdentifiers: described(list(text), {
        description: 'Types that it names and identity.yaml does not have',
      }),
      reasons: list(
        object({
          column: text,
          use: oneOf('identifier', 'time', 'property', 'trait', 'left out'),
          as: described(text, { description: 'The identifier, the property or the trait' }),
          why: text,
        }),
      ),
    },
    ['definition'],
  ),
)

export const mappingRoutes = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/mappings',
    role: 'viewer',
    summary: 'Mappings, drafts and published ones',
    response: object({ mappings: list(mappingLine) }),
    handle: async ({ operations }) => ({ mappings: await listMappings(operations) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/mappings/preview',
    role: 'marketer',
    summary: 'What a mapping makes of real rows; nothing is saved',
    costly: true,
    body: object({ definition: mappingFile, rows: described(count, { minimum: 1, maximum: 100 }) }, ['rows']),
    response: mappingPreview,
    handle: ({ operations, signal }, { body: { definition, ...options } }) =>
      previewMappingDefinition(operations, definition, { ...options, signal }),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/mappings/suggest',
    role: 'marketer',
    summary: 'A first mapping of a stream by its columns, with a reason for each',
    body: object({ stream: described(shortText, { examples: ['shop.public.orders'] }) }),
    response: suggestion,
    handle: ({ operations }, { body }) => suggestMappingOf(operations, body.stream),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/mappings/identifiers',
    role: 'marketer',
    summary: 'Add types of identifiers to identity.yaml with the rules that fit them, and publish that',
    body: object(
      {
        types: {
          ...list(described(shortText, { pattern: '^[a-z][a-z0-9_]{0,63}$' })),
          minItems: 1,
          maxItems: 20,
        },
        region: described(text, {
          description: 'ISO 3166 country of phone numbers without a country code',
          pattern: '^[A-Z]{2}$',
        }),
      },
      ['region'],
    ),
    response: applied,
    audit: ({ body }) => ({ action: 'identifiers add', subject: body.types.join(', ') }),
    async handle({ operations, member }, { body }) {
      const { path } = await addIdentifiers(operations, body.types, body.region)
      return apply(operations, { files: [path], author: member.name })
    },
  }),
  ...draftRoutes<MappingFile>({ folder: 'mappings', one: 'a mapping', definition: mappingFile }),
]

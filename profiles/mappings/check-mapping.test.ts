/** What is said of mappings that do not fit their stream. */
import assert from 'node:assert/strict'
import type { IdentityFile, MappingFile } from '@tributary/schemas'
import { checkMapping } from './check-mapping.js'
import type { StreamDescription } from './describe-stream.js'

const IDENTITY: IdentityFile = { identifiers: { customer_id: {}, email: { normalize: 'email' } } }

const ORDERS: StreamDescription = {
  source: 'shop',
  stream: 'orders',
  columns: [
    { name: 'id', type: 'Int64' },
    { name: 'email', type: 'Nullable(String)' },
    { name: 'created_at', type: "DateTime64(3, 'UTC')" },
    { name: 'ok', type: 'Bool' },
    { name: 'items', type: 'Array(String)' },
  ],
  key: ['id'],
  keyed: true,
  aside: false,
}
const PRODUCTS: StreamDescription = {
  ...ORDERS,
  stream: 'products',
  columns: [
    { name: 'sku', type: 'String' },
    { name: 'department', type: 'String' },
  ],
  key: ['sku'],
}
const LOOKUPS = new Map([['shop.products', PRODUCTS]])
const lookup = { lookup: 'shop.products', key: 'id', field: 'department' }

const MAPPING: MappingFile = {
  stream: 'shop.orders',
  identifiers: { email: 'email' },
  events: [
    {
      name: 'Ordered',
      timestamp: 'created_at',
      when: { field: 'ok', eq: true },
      properties: { id: 'id', department: lookup },
    },
  ],
  traits: { 'consent.email': 'ok' },
}

const event = (more: object): Partial<MappingFile> => ({ events: [{ name: 'Ordered', ...more }] })

const CASES: readonly {
  readonly title: string
  readonly mapping?: Partial<MappingFile>
  readonly stream?: Partial<StreamDescription>
  readonly error?: string
}[] = [
  { title: 'takes a mapping that fits' },
  {
    title: 'names an unknown identifier',
    mapping: { identifiers: { emial: 'email' } },
    error:
      'identifiers.emial: identity.yaml knows no identifier emial; did you mean email? Else add it there, or use one of: customer_id, email',
  },
  {
    title: 'names an unknown column and the nearest',
    mapping: { identifiers: { email: 'emial' } },
    error: 'identifiers.email: shop.orders has no column emial; did you mean email?',
  },
  {
    title: 'refuses lists as identifiers',
    mapping: { identifiers: { email: 'items' } },
    error:
      'identifiers.email: items is Array(String), which identifies nobody; name a column of texts or numbers',
  },
  {
    title: 'refuses times that are none',
    mapping: event({ timestamp: 'email' }),
    error:
      'events.0.timestamp: email is no time but Nullable(String); name a column of dates or times, or declare the format date-time in the schema of the stream',
  },
  {
    title: 'names a wrong condition',
    mapping: event({ when: { all: [{ field: 'id', eq: 'x' }] } }),
    error: 'events.0.when.all.0.eq: needs a number; correct the condition',
  },
  {
    title: 'asks for a message id where the stream has no key',
    mapping: event({}),
    stream: { key: [] },
    error:
      'events.0.message_id: rows of shop.orders have no key that is known; write message_id with the columns that identify the event, or set primary_key of the stream in sources/shop.yaml',
  },
  {
    title: 'takes whom rows are about in place of a key where traits alone are mapped',
    mapping: { events: undefined as never },
    stream: { key: [] },
  },
  {
    title: 'takes a message id in place of a key',
    mapping: event({ message_id: ['id', 'email'] }),
    stream: { key: [] },
  },
  {
    title: 'refuses different message ids',
    mapping: {
      events: [
        { name: 'A', message_id: ['id'] },
        { name: 'B', message_id: ['email'] },
      ],
    },
    error:
      'events.1.message_id: events of one mapping have different message ids; write message_id: [id] here too, or map them in files of their own',
  },
  {
    title: 'refuses consent that is not true or false',
    mapping: { traits: { 'consent.sms': { field: 'items' } } },
    error:
      'traits.consent.sms.field: consent.sms is true or false, but items is Array(String); name a column of truth values, or of words such as yes and no',
  },
  {
    title: 'takes words for consent: a column that was empty at first is one of texts',
    mapping: { traits: { 'consent.sms': { field: 'email' }, suppressed: 'id' } },
  },
  {
    title: 'refuses lookups in streams that are not there',
    mapping: event({ properties: { x: { ...lookup, lookup: 'shop.none' } } }),
    error:
      'events.0.properties.x.lookup: the warehouse has no stream shop.none; load it first, or correct its name',
  },
  {
    title: 'names an unknown field of a lookup',
    mapping: event({ properties: { x: { ...lookup, field: 'departement' } } }),
    error: 'events.0.properties.x.field: shop.products has no column departement; did you mean department?',
  },
  {
    title: 'refuses looked-up times that are none',
    mapping: event({ timestamp: lookup }),
    error:
      'events.0.timestamp.field: department is no time but String; name a column of dates or times, or declare the format date-time in the schema of the stream',
  },
]

describe('the check of a mapping', () => {
  for (const { title, mapping, stream, error } of CASES) {
    it(title, () => {
      const problems = checkMapping({
        mapping: { ...MAPPING, ...mapping },
        identity: IDENTITY,
        stream: { ...ORDERS, ...stream },
        lookups: LOOKUPS,
      })
      assert.deepEqual(
        problems.map(({ path, message, remedy }) => `${path.join('.')}: ${message}; ${remedy}`),
        error === undefined ? [] : [error],
      )
    })
  }
})

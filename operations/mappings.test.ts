import { deepEqual } from 'node:assert/strict'
import { mappingFileSchema } from '@tributary/schemas'
import fc from 'fast-check'
import { checkMapping } from '../profiles/mappings/check-mapping.js'
import { suggestMapping } from '../profiles/mappings/suggest-mapping.js'
import { schemaProblems } from '../runtime/validation.js'

const TYPES = {
  text: 'Nullable(String)',
  number: 'Nullable(Int64)',
  boolean: 'Nullable(Bool)',
  time: "DateTime64(6, 'UTC')",
  list: 'Array(String)',
} as const
const WORDS = [
  'id',
  'customer',
  'email',
  'phone',
  'total',
  'created',
  'at',
  'updated',
  'city',
  'consent',
  'Order',
  'é',
  '2',
  'x-y',
  'anonymous',
  'device',
  '_',
]

const name = fc
  .array(fc.oneof(fc.constantFrom(...WORDS), fc.string({ minLength: 1, maxLength: 5 })), {
    minLength: 1,
    maxLength: 3,
  })
  .chain((words) => fc.constantFrom('_', '', ' ').map((joint) => words.join(joint)))
  // A column's name holds no NUL, and is no column of Tributary's own.
  .filter((text) => !text.includes('\0'))

const stream = fc.record({
  stream: fc.constantFrom('shop.public.orders', 'crm.customers', 'x.y', 'till.line items'),
  columns: fc.uniqueArray(
    fc.record({ name, kind: fc.constantFrom('text', 'number', 'boolean', 'time', 'list') }),
    { selector: (column) => column.name, minLength: 1, maxLength: 12 },
  ),
  identifiers: fc.constantFrom([], ['customer_id', 'email', 'phone'], ['household_id', 'card_number']),
})

describe('a suggested mapping', () => {
  it('is one that the schema and the stream take, whatever the columns are called', () => {
    fc.assert(
      fc.property(stream, fc.nat(), ({ stream: stood, columns, identifiers }, seed) => {
        const chosen = columns[seed % columns.length]!
        const key = seed % 2 === 0 || chosen.kind === 'list' ? [] : [chosen.name]
        const { definition, missingIdentifiers, reasons } = suggestMapping({
          stream: stood,
          columns,
          key,
          identifiers,
        })
        deepEqual(
          reasons.map(({ column }) => column),
          columns.map((column) => column.name),
        )
        if (!definition) return
        deepEqual(schemaProblems(mappingFileSchema, definition), [])
        const types = [...identifiers, ...missingIdentifiers].map((type) => [type, {}])
        const [source = '', ...rest] = stood.split('.')
        const problems = checkMapping({
          mapping: definition,
          identity: { identifiers: Object.fromEntries(types) },
          stream: {
            source,
            stream: rest.join('.'),
            columns: columns.map((column) => ({ name: column.name, type: TYPES[column.kind] })),
            key,
            keyed: false,
            aside: false,
          },
          lookups: new Map(),
        })
        deepEqual(
          problems.map(({ path }) => path),
          [],
        )
      }),
      { numRuns: 500 },
    )
  })
})

import { deepEqual, equal } from 'node:assert/strict'
import fc from 'fast-check'
import {
  columnRoles,
  emptyMapping,
  freeTraitName,
  type Mapping,
  mappingProblems,
  missingColumns,
  OPERATORS,
  readTests,
  setEvent,
  setIdentifier,
  setProperty,
  setTrait,
  type Test,
  traitNameOf,
  traitNameProblem,
  writeTests,
} from './mapping.js'

const ORDERS: Mapping = {
  stream: 'shop.public.orders',
  identifiers: { customer_id: 'customer', email: 'email' },
  traits: { city: { field: 'city', timestamp: 'updated_at' }, tier: 'tier' },
  events: [
    {
      name: 'Order Completed',
      message_id: ['id'],
      timestamp: 'created_at',
      when: { all: [{ field: 'status', eq: 'paid' }] },
      properties: {
        total: 'amount',
        channel: { constant: 'store' },
        brand: { lookup: 'shop.products', key: 'product_id', field: 'brand' },
      },
    },
  ],
}

describe('a mapping that is edited', () => {
  it('names the columns that its stream does not have', () => {
    const all = ['customer', 'email', 'city', 'updated_at', 'tier', 'id', 'created_at', 'status', 'amount']
    deepEqual(missingColumns(ORDERS, [...all, 'product_id']), [])
    deepEqual(missingColumns(ORDERS, ['email', 'city', 'id', 'amount']), [
      'customer',
      'updated_at',
      'tier',
      'status',
      'created_at',
      'product_id',
    ])
  })

  it('keeps the place of what is renamed, and what is left out is gone', () => {
    const renamed = setTrait(ORDERS, 'town', { field: 'city' }, 'city')
    deepEqual(Object.entries(renamed.traits ?? {}), [
      ['town', 'city'],
      ['tier', 'tier'],
    ])
    deepEqual(setTrait(setTrait(renamed, 'town', undefined), 'tier', undefined), {
      stream: ORDERS.stream,
      identifiers: ORDERS.identifiers,
      events: ORDERS.events,
    })
    deepEqual(setIdentifier(ORDERS, 'email', undefined).identifiers, { customer_id: 'customer' })
    equal(setEvent(ORDERS, 0, undefined).events, undefined)
  })

  it('changes one property and leaves constants and lookups of others', () => {
    const event = ORDERS.events![0]!
    deepEqual(setProperty(event, 'revenue', 'net', 'total').properties, {
      revenue: 'net',
      channel: { constant: 'store' },
      brand: { lookup: 'shop.products', key: 'product_id', field: 'brand' },
    })
  })

  it('knows what every column is used as', () => {
    const columns = [
      'customer',
      'city',
      'updated_at',
      'id',
      'created_at',
      'status',
      'amount',
      'product_id',
      'note',
    ]
    deepEqual(
      columns.map((column) => columnRoles(ORDERS, column).map(({ kind, name }) => `${kind} ${name}`)),
      [
        ['identifier customer_id'],
        ['trait city'],
        ['time city'],
        ['id Order Completed'],
        ['time Order Completed'],
        ['condition Order Completed'],
        ['property Order Completed'],
        ['property Order Completed'],
        [],
      ],
    )
  })

  it('says what is missing', () => {
    deepEqual(mappingProblems(ORDERS), [])
    deepEqual(mappingProblems(emptyMapping('a.b')), [
      'Choose the column that says whom a row is about.',
      'Add an event or something that is known of people; so far rows say nothing but who.',
    ])
    deepEqual(mappingProblems({ ...ORDERS, traits: { City: 'city' }, events: [{ name: '' }] }), [
      'The name City has to be of small letters, digits and _, beginning with a letter.',
      'Every event needs a name.',
    ])
  })
})

describe('the condition of an event', () => {
  it('is a list of tests where that says all', () => {
    deepEqual(readTests(undefined), [])
    deepEqual(readTests({ field: 'total', gt: 5 }), [{ field: 'total', operator: 'gt', value: '5' }])
    equal(readTests({ any: [{ field: 'a', eq: 'x' }] }), undefined)
    equal(readTests({ all: [{ not: { field: 'a', eq: 'x' } }] }), undefined)
    equal(readTests({ field: 'a', in: ['x, y', 'z'] }), undefined)
  })

  it('compares numbers as numbers where the column holds them', () => {
    const tests: readonly Test[] = [
      { field: 'total', operator: 'gte', value: '5' },
      { field: 'code', operator: 'in', value: '01, 2' },
      { field: 'paid', operator: 'eq', value: 'true' },
      { field: 'note', operator: 'exists', value: '' },
    ]
    deepEqual(writeTests(tests, { total: 'Decimal(18, 2)', code: 'String', paid: 'Bool' }), {
      all: [
        { field: 'total', gte: 5 },
        { field: 'code', in: ['01', '2'] },
        { field: 'paid', eq: true },
        { field: 'note', exists: true },
      ],
    })
    equal(writeTests([], {}), undefined)
  })

  it('reads back the tests that it wrote', () => {
    const test = fc
      .record(
        {
          field: fc.constantFrom('a', 'b'),
          operator: fc.constantFrom(...OPERATORS.map(({ operator }) => operator)),
          value: fc.constantFrom('x', '5', 'true', '01'),
        },
        { noNullPrototype: true },
      )
      .map((one) => (one.operator === 'exists' || one.operator === 'absent' ? { ...one, value: '' } : one))
    fc.assert(
      fc.property(fc.array(test, { maxLength: 4 }), (tests) =>
        deepEqual(
          readTests(writeTests(tests, { a: 'Int64', b: 'String' })),
          tests.map((one) => ({
            ...one,
            value: one.field === 'a' && one.value === '01' && one.operator !== 'contains' ? '1' : one.value,
          })),
        ),
      ),
    )
  })

  it('calls a trait by its column, in letters that a mapping takes, and never twice the same', () => {
    deepEqual(['Email', 'Prénom', 'LTV (€)', '2nd street', '€'].map(traitNameOf), [
      'email',
      'prenom',
      'ltv',
      'nd_street',
      'trait',
    ])
    deepEqual([freeTraitName(ORDERS, 'Tier'), freeTraitName(ORDERS, 'Size')], ['tier_3', 'size'])
    equal(traitNameProblem('consent.email'), undefined)
    equal(traitNameProblem('Lifetime value'), 'Small letters, digits and _, beginning with a letter.')
  })
})

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import type { DestinationField } from '../destination.js'
import type { JsonValue } from '../json.js'
import { prepareField } from './prepare-field.js'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const email: DestinationField = {
  type: 'string',
  title: 'E-mail address',
  normalize: (text) => (text.includes('@') ? text.trim().toLowerCase() : undefined),
}

const CASES: readonly [string, DestinationField, JsonValue | undefined, JsonValue | { reason: string }][] = [
  ['nothing is null', { type: 'string' }, undefined, null],
  ['null is null', { type: 'integer' }, null, null],
  ['text as it is', { type: 'string' }, ' Zoë 😀 ', ' Zoë 😀 '],
  ['empty text is text', { type: 'string' }, '', ''],
  ['empty text is no number', { type: 'number' }, '', null],
  ['empty text is no e-mail address', email, '', null],
  [
    'empty text is missing where it is required',
    { ...email, required: true },
    '',
    { reason: 'f is missing' },
  ],
  ['what is required', { type: 'string', required: true }, undefined, { reason: 'f is missing' }],
  ['a number as text', { type: 'string' }, 12.5, '12.5'],
  ['a list is no text', { type: 'string' }, ['a'], { reason: 'f is no text' }],
  ['text as integer', { type: 'integer' }, ' 42 ', 42],
  ['minus zero', { type: 'integer' }, '-0', 0],
  ['half an integer', { type: 'integer' }, 1.5, { reason: 'f is no whole number' }],
  ['an integer beyond 2^53', { type: 'integer' }, '9007199254740993', { reason: 'f is no whole number' }],
  ['an exact integer beyond 2^53', { 'x-type': 'int64' }, '9007199254740993', '9007199254740993'],
  [
    'an integer beyond its range',
    { 'x-type': 'uint8' },
    256,
    { reason: 'f is no whole number in its range' },
  ],
  ['the least integer', { 'x-type': 'int8' }, '-128', -128],
  ['text as number', { type: 'number' }, '1.5e3', 1500],
  ['hexadecimal is no number', { type: 'number' }, '0x10', { reason: 'f is no number' }],
  ['infinity is no number', { type: 'number' }, '1e999', { reason: 'f is no number' }],
  ['money stays exact', { 'x-type': 'decimal(18,2)' }, '0012345678901234.10', '12345678901234.10'],
  ['too much money', { 'x-type': 'decimal(4,2)' }, '123.00', { reason: 'f is no number in its range' }],
  ['yes', { type: 'boolean' }, 'Yes', true],
  ['zero', { type: 'boolean' }, 0, false],
  ['perhaps', { type: 'boolean' }, 'perhaps', { reason: 'f is no boolean' }],
  ['constructor', { type: 'boolean' }, 'constructor', { reason: 'f is no boolean' }],
  ['a date', { type: 'string', format: 'date' }, '2026-01-31', '2026-01-31'],
  ['the day of a time in UTC', { 'x-type': 'date' }, '2026-01-31T23:30:00-02:00', '2026-02-01'],
  ['no such day', { type: 'string', format: 'date' }, '2026-02-30', { reason: 'f is no date' }],
  ['a time', { type: 'string', format: 'date-time' }, '2026-01-31T12:00:00+02', '2026-01-31T10:00:00.000Z'],
  [
    'a time of the warehouse',
    { 'x-type': 'timestamp(6)' },
    '2026-01-31 10:00:00.123456',
    '2026-01-31T10:00:00.123456Z',
  ],
  ['a time in whole seconds', { 'x-type': 'timestamp(0)' }, '2026-01-31T10:00:00.9Z', '2026-01-31T10:00:00Z'],
  ['Unix seconds', { type: 'string', format: 'date-time' }, 1_700_000_000, '2023-11-14T22:13:20.000Z'],
  [
    'Unix milliseconds',
    { type: 'string', format: 'date-time' },
    1_700_000_000_123,
    '2023-11-14T22:13:20.123Z',
  ],
  [
    'a time after the year 9999',
    { type: 'string', format: 'date-time' },
    '9999-12-31T23:00:00-05:00',
    { reason: 'f is no time' },
  ],
  [
    'the end of a day',
    { type: 'string', format: 'date-time' },
    '2026-01-31T24:00:00Z',
    '2026-02-01T00:00:00.000Z',
  ],
  [
    'no such hour',
    { type: 'string', format: 'date-time' },
    '2026-01-31T25:00:00Z',
    { reason: 'f is no time' },
  ],
  ['a leap day', { type: 'string', format: 'date' }, '2024-02-29', '2024-02-29'],
  ['no leap day', { type: 'string', format: 'date' }, '2026-02-29', { reason: 'f is no date' }],
  ['half an hour of a zone', { 'x-type': 'timestamp(0)' }, '2026-01-31 10:00+0530', '2026-01-31T04:30:00Z'],
  ['infinity as a time', { type: 'string', format: 'date-time' }, 1e300, { reason: 'f is no time' }],
  ['yesterday is no time', { type: 'string', format: 'date-time' }, 'yesterday', { reason: 'f is no time' }],
  ['a list', { type: 'array', items: { type: 'integer' } }, ['1', null, 2], [1, 2]],
  ['a list of one', { type: 'array', items: { type: 'string' } }, 'a', ['a']],
  [
    'a list with another item',
    { type: 'array', items: { type: 'integer' } },
    ['a'],
    { reason: 'f is no list' },
  ],
  ['an object', { type: 'object' }, { a: 1 }, { a: 1 }],
  ['text is no object', { type: 'object' }, 'a', { reason: 'f is no object' }],
  ['anything', {}, { a: ['b'] }, { a: ['b'] }],
  ['the type that it has', { type: ['string', 'integer', 'null'] }, 7, 7],
  ['a type that it can be', { type: ['integer', 'boolean'] }, 'yes', true],
  [
    'a UUID',
    { type: 'string', format: 'uuid' },
    '6F9619FF-8B86-D011-B42D-00CF4FC964FF',
    '6f9619ff-8b86-d011-b42d-00cf4fc964ff',
  ],
  ['a normalised address', email, ' Zoe@Example.COM', 'zoe@example.com'],
  ['what cannot be normalised', email, 'zoe', { reason: 'f is no valid E-mail address' }],
  ['an accepted value', { type: 'string', oneOf: ['a', 'b'] }, 'b', 'b'],
  [
    'no accepted value',
    { type: 'string', oneOf: ['a', 'b'] },
    'c',
    { reason: 'f is none of the accepted values' },
  ],
  ['characters, not units', { type: 'string', maxLength: 2 }, '😀😀', '😀😀'],
  ['too long', { type: 'string', maxLength: 2 }, 'abc', { reason: 'f is longer than 2 characters' }],
  ['a hash', { ...email, hash: 'sha256_hex' }, ' Zoe@Example.COM', sha256('zoe@example.com')],
  ['a hash of a list', { type: 'array', hash: 'sha256_hex' }, ['a', 'b'], [sha256('a'), sha256('b')]],
  ['what is hashed already', { ...email, hash: 'sha256_hex' }, sha256('a').toUpperCase(), sha256('a')],
]

describe('prepareField', () => {
  for (const [title, field, value, expected] of CASES) {
    it(`prepares ${title}`, () => {
      const refused = typeof expected === 'object' && expected !== null && 'reason' in expected
      assert.deepEqual(prepareField(field, 'f', value), refused ? expected : { value: expected })
    })
  }

  const fields = CASES.map(([, field]) => field)
  const values = fc.oneof(
    fc.jsonValue() as fc.Arbitrary<JsonValue>,
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.bigInt().map(String),
    fc.constantFrom(...CASES.flatMap(([, , value]) => (value === undefined ? [] : [value]))),
  )
  it('changes nothing when it prepares what it prepared', () => {
    fc.assert(
      fc.property(fc.constantFrom(...fields), values, (field, value) => {
        const once = prepareField(field, 'f', value)
        if ('value' in once)
          assert.deepEqual(prepareField({ ...field, required: false }, 'f', once.value), once)
      }),
      { numRuns: 3000 },
    )
  })
  it('says no value in a reason', () => {
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.string({ minLength: 3 }), (field, value) => {
        const prepared = prepareField(field, 'f', `§${value}`)
        if ('reason' in prepared) assert.ok(!prepared.reason.includes('§'))
      }),
    )
  })
})

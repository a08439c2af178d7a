import assert from 'node:assert/strict'
import { converted } from './declared-types.js'

describe('declared types', () => {
  for (const [type, value, expected] of [
    ['bool', true, true],
    ['bool', 'false', false],
    ['bool', 'yes', undefined],
    ['int64', 12, 12n],
    ['int64', '9223372036854775807', 2n ** 63n - 1n],
    ['int64', '9223372036854775808', undefined],
    ['int64', '-9223372036854775808', -(2n ** 63n)],
    ['int64', 1.5, undefined],
    ['int64', '1.5', undefined],
    ['int64', '', undefined],
    ['float64', '1.5e3', 1500],
    ['float64', '1,5', undefined],
    ['float64', 'Infinity', undefined],
    ['date', '1970-01-02', 1],
    ['date', '1969-12-31', -1],
    ['date', '2024-02-30', undefined],
    ['date', '2024-02-29T23:59:59+02:00', 19782],
    ['date', 19782, undefined],
    ['timestamp(3)', '1970-01-01T00:00:01.5Z', 1500n],
    ['timestamp(6)', '1970-01-01 00:00:01.000002', 1_000_002n],
    ['timestamp(6)', '1970-01-01T01:00+01:00', 0n],
    ['timestamp(6)', '1970-01-01T01:00:00+0100', 0n],
    ['timestamp(3)', '1970-01-02', 86_400_000n],
    ['timestamp(3)', '2024-02-30T00:00:00Z', undefined],
    ['timestamp(3)', '1969-12-31T23:59:59.999Z', -1n],
    ['string', 12, '12'],
    ['string', ['a'], '["a"]'],
    ['json', { a: null }, '{"a":null}'],
  ] as const)
    it(`${expected === undefined ? 'refuses' : 'takes'} ${JSON.stringify(value)} as ${type}`, () => {
      assert.equal(converted(value, type), expected)
    })
})

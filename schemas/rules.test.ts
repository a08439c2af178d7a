import assert from 'node:assert/strict'
import fc from 'fast-check'
import { canonicalJson } from './canonical-json.js'
import { cronIntervalMs, parseCron } from './cron.js'
import { formatDuration, parseDuration } from './durations.js'
import { matchesGlob } from './globs.js'
import { isSecretReference, secretNames, sourceIdProblem } from './ids.js'

describe('durations', () => {
  const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, y: 31_536_000_000 }

  for (const [unit, length] of Object.entries(units)) {
    it(`reads 7${unit}`, () => assert.equal(parseDuration(`7${unit}`), 7 * length))
  }
  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.nat(), (seconds) =>
        assert.equal(parseDuration(formatDuration(seconds * 1000)), seconds * 1000),
      ),
    )
  })
  it('writes the largest unit that divides', () => {
    assert.deepEqual([90_000, 900_000, 31_536_000_000, 0].map(formatDuration), ['90s', '15m', '1y', '0s'])
  })
  for (const text of ['', '5', 'm', '1.5h', '-3m', '5 m', '5M', '1w', '05m', '99999999999s']) {
    it(`refuses "${text}"`, () =>
      assert.throws(() => parseDuration(text), /write a whole number and s, m, h, d or y/))
  }
})

describe('globs', () => {
  const cases: [string, string, boolean][] = [
    ['public.*', 'public.orders', true],
    ['public.*', 'publicXorders', false],
    ['*', '', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*orders*', 'my_orders_2', true],
    ['a.b', 'axb', false],
    ['(x)+', '(x)+', true],
  ]
  for (const [glob, text, expected] of cases) {
    it(`${glob} ${expected ? 'matches' : 'does not match'} ${text}`, () =>
      assert.equal(matchesGlob(glob, text), expected))
  }
  it('agree with the regular expression of the same meaning', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 8 })
    fc.assert(
      fc.property(word, word, (glob, text) => {
        const pattern = glob.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.')
        assert.equal(matchesGlob(glob, text), new RegExp(`^${pattern}$`).test(text))
      }),
    )
  })
  it('answer at once where backtracking would take for ever', () => {
    assert.equal(matchesGlob(`${'*a'.repeat(40)}b`, 'a'.repeat(5000)), false)
  })
})

describe('cron expressions', () => {
  it('name values, ranges, steps, lists and names', () => {
    assert.deepEqual(parseCron('*/20 1-3 1,15 JAN-mar sun,FRI'), {
      minutes: [0, 20, 40],
      hours: [1, 2, 3],
      daysOfMonth: [1, 15],
      months: [1, 2, 3],
      daysOfWeek: [0, 5],
    })
    assert.deepEqual(parseCron('@daily'), parseCron('0 0 * * *'))
    assert.deepEqual(parseCron('0 0 * * 7').daysOfWeek, [0])
    assert.deepEqual(parseCron('10/20 * * * *').minutes, [10, 30, 50])
  })
  const wrong: [string, RegExp][] = [
    ['* * * *', /expected 5 fields/],
    ['60 * * * *', /the minute "60" is not within 0-59/],
    ['* 24 * * *', /the hour "24"/],
    ['* * 0 * *', /the day of month "0"/],
    ['* * * 13 *', /the month "13"/],
    ['* * * * 8', /the day of week "8" is not within 0-6/],
    ['5-1 * * * *', /the minute "5-1" names no value/],
    ['*/0 * * * *', /names no value/],
    ['a b c d e', /the minute "a"/],
    ['', /expected 5 fields/],
  ]
  for (const [text, message] of wrong)
    it(`refuses "${text}"`, () => assert.throws(() => parseCron(text), message))
  it('have a shortest interval', () => {
    const cases = ['*/15 * * * *', '0 * * * *', '0 6,18 * * *', '0 6 * * *', '5,50 * * * *']
    assert.deepEqual(
      cases.map((text) => cronIntervalMs(parseCron(text)) / 60_000),
      [15, 60, 720, 1440, 15],
    )
  })
})

describe('ids and secrets', () => {
  const reference = (name: string) => `\${secret:${name}}`

  it('accept what names a database without quotes', () => {
    assert.deepEqual(['shop', 'crm_2', 'a'].map(sourceIdProblem), [undefined, undefined, undefined])
  })
  const wrong: [string, RegExp][] = [
    ['system', /reserved/],
    ['Shop-Prod', /e\.g\. shop_prod\.yaml/],
    ['1st', /e\.g\. st\.yaml/],
    ['été', /e\.g\. t_\.yaml/],
    ['a'.repeat(64), /cannot name a database/],
  ]
  for (const [id, message] of wrong)
    it(`refuse ${id}`, () => assert.match(sourceIdProblem(id) ?? '', message))
  it('know a reference from a text around one', () => {
    assert.deepEqual(
      [reference('A_B'), `x${reference('A')}`, reference(''), 'plain'].map(isSecretReference),
      [true, false, false, false],
    )
    assert.deepEqual(secretNames(`${reference('A')}-${reference('B')}`), ['A', 'B'])
  })
})

describe('canonical JSON', () => {
  it('is the same whatever the order of keys, and leaves out what is undefined', () => {
    assert.equal(
      canonicalJson({ b: [1, { d: null, c: 'x' }], a: undefined, 10: true, 9: false }),
      '{"10":true,"9":false,"b":[1,{"c":"x","d":null}]}',
    )
  })

  it('says the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) =>
        assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value))),
      ),
    )
  })
})

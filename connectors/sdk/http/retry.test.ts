import assert from 'node:assert/strict'
import fc from 'fast-check'
import { backoffMs, isIdempotent, quotaUsedUp, serverWaitMs } from './retry.js'

const NOW = Date.UTC(2026, 0, 1, 12)

describe('backoffMs', () => {
  it('stays between 0 and the doubled ceiling, and never above the limit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 0, max: 60_000 }),
        (attempt, random, maxMs) => {
          const wait = backoffMs(attempt, random, { baseMs: 100, maxMs })
          assert.ok(Number.isInteger(wait) && wait >= 0 && wait <= Math.min(maxMs, 100 * 2 ** (attempt - 1)))
        },
      ),
    )
  })
  it('grows with the attempt for the same random number', () => {
    assert.deepEqual(
      [1, 2, 3, 4, 5].map((attempt) => backoffMs(attempt, 0.5, { maxMs: 3000 })),
      [250, 500, 1000, 1500, 1500],
    )
  })
})

describe('serverWaitMs', () => {
  const httpDate = (ms: number) => new Date(ms).toUTCString()
  const cases: [string, Record<string, unknown>, number | undefined][] = [
    ['nothing', {}, undefined],
    ['Retry-After in seconds', { 'retry-after': '7' }, 7000],
    ['Retry-After as a date', { 'retry-after': httpDate(NOW + 9000) }, 9000],
    ['a date in the past', { 'retry-after': httpDate(NOW - 9000) }, 0],
    [
      'a date against a server whose clock is an hour ahead',
      { date: httpDate(NOW + 3_600_000), 'retry-after': httpDate(NOW + 3_605_000) },
      5000,
    ],
    ['retry-after-ms', { 'retry-after-ms': '1500', 'retry-after': '9' }, 1500],
    ['a reset in seconds from now', { 'ratelimit-reset': '30' }, 30_000],
    ['a reset in epoch seconds', { 'x-ratelimit-reset': String(NOW / 1000 + 30) }, 30_000],
    ['a reset in epoch milliseconds', { 'x-rate-limit-reset': String(NOW + 30_000) }, 30_000],
    ['a reset in fractions', { 'x-ratelimit-reset-after': '0.25' }, 250],
    [
      'a reset in epoch seconds against a clock that is behind',
      { date: httpDate(NOW - 60_000), 'x-ratelimit-reset': String(NOW / 1000 - 30) },
      30_000,
    ],
    ['nonsense', { 'retry-after': 'soon' }, undefined],
    ['a negative number', { 'retry-after': '-5' }, undefined],
    ['an absurd number', { 'retry-after': '99999999999' }, 86_400_000],
  ]
  for (const [name, headers, expected] of cases) {
    it(`reads ${name}`, () => assert.equal(serverWaitMs(headers, NOW), expected))
  }
  it('reads what a server writes as a date, to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_400 }), (seconds) => {
        assert.equal(serverWaitMs({ 'retry-after': httpDate(NOW + seconds * 1000) }, NOW), seconds * 1000)
        assert.equal(serverWaitMs({ 'retry-after': String(seconds) }, NOW), seconds * 1000)
      }),
    )
  })
  it('never throws and never asks for a negative or endless wait, whatever the header holds', () => {
    const names = fc.constantFrom(
      'retry-after',
      'retry-after-ms',
      'x-ratelimit-reset',
      'ratelimit-reset',
      'date',
    )
    fc.assert(
      fc.property(fc.dictionary(names, fc.oneof(fc.string(), fc.integer().map(String))), (headers) => {
        const wait = serverWaitMs(headers, NOW)
        assert.ok(wait === undefined || (wait >= 0 && wait <= 86_400_000))
      }),
    )
  })
})

describe('quotaUsedUp', () => {
  it('is true only for a remaining quota of zero', () => {
    assert.equal(quotaUsedUp({ 'x-ratelimit-remaining': '0' }), true)
    assert.equal(quotaUsedUp({ 'x-ratelimit-remaining': '10' }), false)
    assert.equal(quotaUsedUp({}), false)
  })
})

describe('isIdempotent', () => {
  const cases: [Parameters<typeof isIdempotent>[0], boolean][] = [
    [{}, true],
    [{ method: 'get' }, true],
    [{ method: 'PUT' }, true],
    [{ method: 'POST' }, false],
    [{ method: 'PATCH' }, false],
    [{ method: 'POST', headers: { 'Idempotency-Key': 'a' } }, true],
    [{ method: 'POST', idempotent: true }, true],
    [{ method: 'GET', idempotent: false }, false],
  ]
  for (const [request, expected] of cases) {
    it(`says ${expected} for ${JSON.stringify(request)}`, () => assert.equal(isIdempotent(request), expected))
  }
})

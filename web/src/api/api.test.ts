import assert from 'node:assert/strict'
import fc from 'fast-check'
import { ApiError, isUnreachable, toApiError, unreachable } from './api-error.js'
import { backoffMs } from './backoff.js'

describe('a refusal of the API', () => {
  it('keeps its words, its problems and what it carries', () => {
    const problems = [{ path: 'who', message: 'unknown trait', remedy: 'use city' }]
    const error = toApiError(409, {
      error: { name: 'EtagMismatch', message: 'writing x: it changed', problems, details: { etag: '"b"' } },
    })
    const { name, status, message } = error
    assert.deepEqual(
      { name, status, message, problems: error.problems, details: error.details },
      {
        name: 'EtagMismatch',
        status: 409,
        message: 'writing x: it changed',
        problems,
        details: { etag: '"b"' },
      },
    )
  })

  it('never shows a body that is not the API’s own', () => {
    for (const body of [
      undefined,
      null,
      '<html>secret</html>',
      { error: 'x' },
      { error: { name: 'X' } },
      [],
    ]) {
      const error = toApiError(500, body)
      assert.equal(error.message.includes('secret'), false)
      assert.match(error.message, /Try again/)
    }
  })

  it('counts as unreachable only where no server answered', () => {
    assert.deepEqual(
      [unreachable(), toApiError(502, undefined), toApiError(503, undefined), new Error('x')].map(
        isUnreachable,
      ),
      [true, true, false, false],
    )
    assert.equal(unreachable() instanceof ApiError, true)
  })
})

describe('the pause between attempts', () => {
  it('grows to ten seconds and stays between half and all of it', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, random) => {
        const full = Math.min(10_000, 500 * 2 ** attempt)
        const pause = backoffMs(attempt, random)
        return pause >= full / 2 && pause <= full
      }),
    )
  })
})

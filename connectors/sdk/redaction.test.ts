import assert from 'node:assert/strict'
import fc from 'fast-check'
import { createRedactor } from './redaction.js'

describe('createRedactor', () => {
  const redact = createRedactor(['p@ss word/1', 'tok"en', 'abc'])
  it('masks a secret in all of its written forms', () => {
    assert.deepEqual(
      [
        'x p@ss word/1 y',
        `?p=${encodeURIComponent('p@ss word/1')}`,
        'p=p%40ss+word%2F1',
        JSON.stringify({ t: 'tok"en' }),
        `Basic ${Buffer.from('p@ss word/1').toString('base64')}`,
        'abc is too short',
      ].map((text) => redact(text)),
      ['x *** y', '?p=***', 'p=***', '{"t":"***"}', 'Basic ***', 'abc is too short'],
    )
  })
  it('goes into objects, lists and errors, their causes and fields', () => {
    const cause = new Error('inner tok"en')
    const error = Object.assign(new Error('outer tok"en', { cause }), { code: 'tok"en', until: 7 })
    const redacted = redact({ list: ['tok"en', 1, null], error })
    assert.deepEqual(redacted.list, ['***', 1, null])
    assert.equal(redacted.error, error)
    assert.deepEqual(
      [error.message, error.code, error.until, cause.message],
      ['outer ***', '***', 7, 'inner ***'],
    )
    assert.ok(!error.stack?.includes('tok"en') && !cause.stack?.includes('tok"en'))
  })
  it('replaces an error whose message cannot be changed, and leaves others as they are', () => {
    const read = new DOMException('tok"en', 'AbortError')
    assert.equal(redact(read as Error).message, '***')
    const harmless = new DOMException('aborted', 'AbortError')
    assert.equal(redact(harmless), harmless)
  })
  it('survives circles', () => {
    const circle: { self?: unknown; text: string } = { text: 'tok"en' }
    circle.self = circle
    assert.equal((redact(circle) as typeof circle).text, '***')
  })
  it('leaves no secret in any text around it', () => {
    const secret = fc.string({ minLength: 4, unit: 'binary' })
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
        fc.pre(!'***'.includes(value) && !`${before}***${after}`.includes(value))
        const masked = createRedactor([value])(`${before}${value}${after}`)
        assert.ok(!masked.includes(value), masked)
      }),
    )
  })
})

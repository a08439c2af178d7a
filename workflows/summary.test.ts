import assert from 'node:assert/strict'
import { summary } from './summary.js'

describe('a summary', () => {
  it('is cut between characters to 200 bytes', () => {
    const cases: [text: string, expected: string][] = [
      ['orders · slice 1', 'orders · slice 1'],
      ['a'.repeat(300), 'a'.repeat(200)],
      ['→'.repeat(300), '→'.repeat(66)],
      [`a${'𝄞'.repeat(60)}`, `a${'𝄞'.repeat(49)}`],
    ]
    assert.deepEqual(
      cases.map(([text]) => summary(text)),
      cases.map(([, expected]) => expected),
    )
  })
})

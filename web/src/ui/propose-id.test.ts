import assert from 'node:assert/strict'
import { idProblem, proposeId } from './propose-id.js'

describe('the id of something new', () => {
  const cases: readonly (readonly [name: string, taken: readonly string[], id: string])[] = [
    ['Lapsed high value', [], 'lapsed-high-value'],
    ['  Été 2026! ', [], 'ete-2026'],
    ['2026', [], 'segment-2026'],
    ['日本', [], 'segment'],
    ['Lapsed', ['lapsed', 'lapsed-2'], 'lapsed-3'],
  ]
  for (const [name, taken, id] of cases) {
    it(`of ${JSON.stringify(name)} is ${id}`, () =>
      assert.equal(proposeId(name, new Set(taken), 'segment'), id))
  }

  it('is what a file can be called, and nobody else has', () => {
    const taken = new Set(['winback'])
    assert.deepEqual(
      ['win-back_2', 'Winback', '2nd', '', 'winback'].map((id) => idProblem(id, taken)?.slice(0, 12)),
      [undefined, 'Use small le', 'Use small le', 'Use small le', 'This name is'],
    )
  })
})

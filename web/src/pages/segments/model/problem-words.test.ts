import assert from 'node:assert/strict'
import { problemWords } from './problem-words.js'

const message = 'must not be empty'
const remedy = 'e.g. "Order Completed"'

const BLANK = [
  { condition: { performed: '', within: '30d' }, rest: ['performed'], words: 'Choose an event.' },
  { condition: { trait: '', exists: true }, rest: ['trait'], words: 'Choose a trait.' },
  {
    condition: { performed: 'Visit', where: [{ property: '', eq: 'a' }] },
    rest: ['where', 0, 'property'],
    words: 'Choose a property.',
  },
  {
    condition: { performed: 'Visit', aggregate: { sum: '' }, gte: 1 },
    rest: ['aggregate', 'sum'],
    words: 'Choose what is computed with.',
  },
  {
    condition: { performed: 'Visit', aggregate: { sum: 'total' }, gte: null },
    rest: ['gte'],
    words: 'Fill in what to compare with.',
  },
  { condition: { any: [] }, rest: ['any'], words: 'Add a condition to this group.' },
] as const

describe('the words of a problem in the builder', () => {
  for (const { condition, rest, words } of BLANK)
    it(`say what to choose at ${rest.join('.')}`, () =>
      assert.equal(problemWords(structuredClone(condition) as never, { rest, message, remedy }), words))

  it('are those of the server where something is there', () =>
    assert.equal(
      problemWords(
        { performed: 'Visit', within: 'soon' },
        {
          rest: ['within'],
          message: 'is not a duration',
          remedy: 'write a whole number and s, m, h, d or y',
        },
      ),
      'Is not a duration: write a whole number and s, m, h, d or y.',
    ))
})

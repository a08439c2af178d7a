import { equal } from 'node:assert/strict'
import { kindOf } from './field-kind.js'

describe('the kind of a field', () => {
  const kinds = [
    ['string', 'text'],
    ['string (date-time)', 'date and time'],
    ['timestamp(3)', 'date and time'],
    ['string (date)', 'date'],
    ['integer or null', 'whole number'],
    ['int64', 'whole number'],
    ['decimal(18,2)', 'number'],
    ['boolean', 'yes or no'],
    ['array', 'list'],
    ['json', 'group of values'],
    ['any', 'anything'],
    ['point', 'point'],
  ] as const
  for (const [type, words] of kinds) it(`calls ${type} ${words}`, () => equal(kindOf({ type }), words))
})

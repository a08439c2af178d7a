import { deepEqual, equal } from 'node:assert/strict'
import fc from 'fast-check'
import { idProblem, proposeId } from './source-id.js'

describe('the id of a new source', () => {
  it('is made of the title', () => {
    deepEqual(
      ['PostgreSQL', 'Grocer loyalty', 'Système', '24 things', '…'].map((title) => proposeId(title, [])),
      ['postgresql', 'grocer_loyalty', 'systeme', 'things', 'source'],
    )
  })

  it('is no other source’s, and always good', () => {
    equal(proposeId('Shop', ['shop', 'shop_2']), 'shop_3')
    equal(proposeId('System', []), 'system_2')
    fc.assert(
      fc.property(
        fc.string({ maxLength: 80, unit: 'grapheme' }),
        (title) => idProblem(proposeId(title, []), []) === undefined,
      ),
    )
  })

  it('says what is wrong with one that was typed', () => {
    equal(idProblem('Shop', [])?.startsWith('Use small letters'), true)
    equal(idProblem('cdp', []), 'This name is reserved. Choose another one.')
    equal(idProblem('shop', ['shop']), 'Another source has this name already.')
    equal(idProblem('shop', []), undefined)
  })
})

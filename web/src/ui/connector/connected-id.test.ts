import { deepEqual, equal } from 'node:assert/strict'
import fc from 'fast-check'
import { DESTINATION_IDS, idProblem, proposeId, SOURCE_IDS } from './connected-id.js'

describe('the id of a new source or destination', () => {
  it('is made of the title', () => {
    deepEqual(
      ['PostgreSQL', 'Grocer loyalty', 'Système', '24 things', '…'].map((title) =>
        proposeId(title, [], SOURCE_IDS),
      ),
      ['postgresql', 'grocer_loyalty', 'systeme', 'things', 'source'],
    )
    equal(proposeId('…', [], DESTINATION_IDS), 'destination')
  })

  it('is nobody else’s, and always good', () => {
    equal(proposeId('Shop', ['shop', 'shop_2'], SOURCE_IDS), 'shop_3')
    equal(proposeId('System', [], SOURCE_IDS), 'system_2')
    equal(proposeId('System', [], DESTINATION_IDS), 'system')
    for (const rules of [SOURCE_IDS, DESTINATION_IDS]) {
      fc.assert(
        fc.property(
          fc.string({ maxLength: 80, unit: 'grapheme' }),
          (title) => idProblem(proposeId(title, [], rules), [], rules) === undefined,
        ),
      )
    }
  })

  it('says what is wrong with one that was typed', () => {
    equal(
      idProblem('Shop', [], SOURCE_IDS),
      'Use small letters, digits and _, beginning with a letter: it names the place of the data in the warehouse.',
    )
    equal(idProblem('cdp', [], SOURCE_IDS), 'This name is reserved. Choose another one.')
    equal(idProblem('shop', ['shop'], SOURCE_IDS), 'Another source has this name already.')
    equal(idProblem('crm', ['crm'], DESTINATION_IDS), 'Another destination has this name already.')
    equal(idProblem('shop', [], SOURCE_IDS), undefined)
  })
})

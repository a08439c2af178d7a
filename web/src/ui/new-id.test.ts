import { deepEqual, equal } from 'node:assert/strict'
import fc from 'fast-check'
import { ACTIVATION_IDS, DESTINATION_IDS, idProblem, proposeId, SEGMENT_IDS, SOURCE_IDS } from './new-id.js'

describe('the id of something new', () => {
  it('is made of what people call it', () => {
    deepEqual(
      ['PostgreSQL', 'Grocer loyalty', 'Système', '24 things', '…'].map((title) =>
        proposeId(title, [], SOURCE_IDS),
      ),
      ['postgresql', 'grocer_loyalty', 'systeme', 'source_24_things', 'source'],
    )
    deepEqual(
      ['Lapsed high value', '  Été 2026! ', '2026', '日本'].map((name) => proposeId(name, [], SEGMENT_IDS)),
      ['lapsed-high-value', 'ete-2026', 'segment-2026', 'segment'],
    )
  })

  it('is nobody else’s, and no page’s', () => {
    equal(proposeId('Shop', ['shop', 'shop_2'], SOURCE_IDS), 'shop_3')
    equal(proposeId('System', [], SOURCE_IDS), 'system_2')
    equal(proposeId('System', [], DESTINATION_IDS), 'system')
    equal(proposeId('Lapsed', ['lapsed', 'lapsed-2'], SEGMENT_IDS), 'lapsed-3')
    equal(proposeId('Lists', [], SEGMENT_IDS), 'lists-2')
  })

  it('is always good, whatever the name', () => {
    for (const rules of [SOURCE_IDS, DESTINATION_IDS, SEGMENT_IDS, ACTIVATION_IDS]) {
      fc.assert(
        fc.property(fc.string({ maxLength: 120, unit: 'grapheme' }), (name) => {
          const first = proposeId(name, [], rules)
          const second = proposeId(name, [first], rules)
          return first !== second && [first, second].every((id) => idProblem(id, [], rules) === undefined)
        }),
      )
    }
  })

  it('is checked when somebody types it', () => {
    deepEqual(
      ['Shop', 'win-back', 'cdp', 'shop', 'a'.repeat(64), 'good'].map((id) =>
        idProblem(id, ['shop'], SOURCE_IDS),
      ),
      [
        'Use small letters, digits and _, beginning with a letter: it names the place of the data in the warehouse.',
        'Use small letters, digits and _, beginning with a letter: it names the place of the data in the warehouse.',
        'This name is reserved. Choose another one.',
        'Another source has this name already.',
        'Use at most 63 letters.',
        undefined,
      ],
    )
    deepEqual(
      ['win-back_2', '2nd', '', 'winback', 'new'].map((id) => idProblem(id, ['winback'], ACTIVATION_IDS)),
      [
        undefined,
        'Use small letters, digits, _ and -, beginning with a letter.',
        'Use small letters, digits, _ and -, beginning with a letter.',
        'Another activation has this name already.',
        'This name is reserved. Choose another one.',
      ],
    )
  })
})

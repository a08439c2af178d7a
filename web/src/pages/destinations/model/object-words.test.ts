import { deepEqual, equal } from 'node:assert/strict'
import { findingOf, marksOf, takingBackOf, writingOf } from './object-words.js'

const field = { name: 'email', type: 'string', required: false, hashed: false, personal: false } as const

describe('what a destination can hold, in words', () => {
  it('says how records are written, found and taken back', () => {
    equal(writingOf({ operations: ['upsert', 'remove'] }), 'Adds and changes, removes.')
    equal(writingOf({ operations: ['burn'] }), 'Burn.')
    equal(
      findingOf({
        matchKeys: [['email'], ['phone', 'country', 'city']],
        fields: [{ ...field, title: 'Email address' }],
      }),
      'A record is found by email address, or by phone, country and city.',
    )
    equal(findingOf({ matchKeys: [], fields: [] }), 'A record is found by whatever the activation names.')
    equal(takingBackOf({ undo: 'inverse' }), 'A run can be taken back.')
  })

  it('says what a field demands', () => {
    deepEqual(marksOf(field, []), [])
    deepEqual(
      marksOf(
        { ...field, required: true, hashed: true, personal: true, oneOf: ['a', 'b'], maxLength: 1200 },
        [['email']],
      ),
      [
        'required',
        'finds the record',
        'sent as a hash only',
        'personal data',
        'one of a, b',
        'at most 1,200 characters',
      ],
    )
  })
})

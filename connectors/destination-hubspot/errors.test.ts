import assert from 'node:assert/strict'
import { assertSchemaFits, type HubspotError, isTransient, refusal } from './errors.js'

const invalid = (...problems: { error: string; name: string }[]): HubspotError => ({
  category: 'VALIDATION_ERROR',
  message: `Property values were not valid: ${JSON.stringify(problems.map((problem) => ({ isValid: false, message: 'jane@x was not valid', ...problem })))}`,
})

describe('HubSpot errors', () => {
  const cases: [string, HubspotError, ReturnType<typeof refusal>][] = [
    [
      'the problem inside the message',
      invalid({ error: 'INVALID_EMAIL', name: 'email' }),
      { reason: 'email is no valid e-mail address', code: 'INVALID_EMAIL' },
    ],
    [
      'the problem among the details',
      {
        category: 'VALIDATION_ERROR',
        errors: [{ code: 'INVALID_INTEGER', context: { propertyName: ['discount'] } }],
      },
      { reason: 'discount is no valid number', code: 'INVALID_INTEGER' },
    ],
    [
      'a code that nobody has written down',
      invalid({ error: 'PHONE_TOO_ODD', name: 'phone' }),
      { reason: 'phone is refused by HubSpot (phone too odd)', code: 'PHONE_TOO_ODD' },
    ],
    [
      'a name that may be a value as nothing',
      invalid({ error: 'INVALID_DATE', name: 'Jane Doe' }),
      { reason: 'a property is no valid date', code: 'INVALID_DATE' },
    ],
    [
      'a category alone',
      { category: 'CONFLICT', message: 'Contact already exists. Existing ID: 51' },
      { reason: 'HubSpot refuses the record: conflict', code: 'CONFLICT' },
    ],
    [
      'a message that is not the JSON it looks like',
      { message: 'bad: [{oops}]' },
      { reason: 'HubSpot refuses the record and does not say why' },
    ],
    ['nothing', {}, { reason: 'HubSpot refuses the record and does not say why' }],
  ]
  for (const [what, error, expected] of cases) {
    it(`reads ${what}`, () => assert.deepEqual(refusal(error), expected))
  }

  it('tells a property that is gone from a value that is wrong', () => {
    assertSchemaFits(invalid({ error: 'INVALID_EMAIL', name: 'email' }), 'contacts')
    assert.throws(
      () => assertSchemaFits(invalid({ error: 'PROPERTY_DOESNT_EXIST', name: 'plan' }), 'contacts'),
      {
        kind: 'SchemaIncompatible',
        code: 'PROPERTY_DOESNT_EXIST',
      },
    )
  })

  it('knows what passes by itself', () => {
    assert.deepEqual(
      ['RATE_LIMITS', 'INTERNAL_ERROR', 'VALIDATION_ERROR', undefined].map((category) =>
        isTransient({ ...(category !== undefined && { category }) }),
      ),
      [true, true, false, false],
    )
  })
})

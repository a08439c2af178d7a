import assert from 'node:assert/strict'
import { errorsOf, refusal, requestError, rowOf } from './errors.js'

const at = (pointer: string, code = 'invalid', detail = 'jane@x is not valid') => ({
  code,
  detail,
  source: { pointer },
})
const row = '/data/attributes/profiles/data/388/attributes'

describe('Klaviyo errors', () => {
  const refusals: [ReturnType<typeof at> | { code?: string }, string][] = [
    [at(`${row}/email`), 'email is refused by Klaviyo (invalid)'],
    [
      at('/data/attributes/phone_number', 'duplicate_profile'),
      'phone_number is refused by Klaviyo (duplicate_profile)',
    ],
    [at(`${row}/location/city`), 'location.city is refused by Klaviyo (invalid)'],
    [at(`${row}/properties/shoe size`), 'the profile is refused by Klaviyo (invalid)'],
    [at(`${row}/properties/shoe_size`), 'shoe_size is refused by Klaviyo (invalid)'],
    [at(`${row}/`), 'the profile is refused by Klaviyo (invalid)'],
    [at('/data'), 'the profile is refused by Klaviyo (invalid)'],
    [at(`${row}/email`, 'jane@example.com'), 'email is refused by Klaviyo'],
    [
      at(
        `${row}/phone_number`,
        'invalid',
        'Phone number is valid but is not in a supported region for this account.',
      ),
      'phone_number is of a region that the account does not send to',
    ],
    [{}, 'the profile is refused by Klaviyo'],
  ]
  for (const [error, reason] of refusals) {
    it(`says "${reason}" of ${JSON.stringify(error)}`, () => assert.equal(refusal(error).reason, reason))
  }

  it('reads the row from a pointer', () => {
    const pointers = [
      `${row}/email`,
      `${row}/`,
      '/data/attributes/profiles/data/0',
      '/data',
      '/data/attributes/email',
      '',
    ]
    assert.deepEqual(
      pointers.map((pointer) => rowOf(at(pointer))),
      [388, 388, 0, undefined, undefined, undefined],
    )
    assert.equal(rowOf({}), undefined)
  })

  it('takes anything for a body', () => {
    assert.deepEqual([undefined, null, '<html>', {}, { errors: 'x' }, { errors: [] }].map(errorsOf), [
      [],
      [],
      [],
      [],
      [],
      [],
    ])
  })

  const kinds: [number, { code?: string; detail?: string }, string][] = [
    [401, {}, 'AuthExpired'],
    [400, { code: 'not_authenticated' }, 'AuthExpired'],
    [403, {}, 'PermissionDenied'],
    [404, {}, 'SchemaIncompatible'],
    [400, { code: 'invalid', detail: 'List ID Y6 does not exist.' }, 'SchemaIncompatible'],
    [400, { code: 'invalid' }, 'ContractViolation'],
    [415, {}, 'ContractViolation'],
  ]
  for (const [status, error, kind] of kinds) {
    it(`calls ${status} with ${JSON.stringify(error)} ${kind}`, () =>
      assert.equal(requestError(status, [error], 'doing it').kind, kind))
  }
})

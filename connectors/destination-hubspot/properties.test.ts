import assert from 'node:assert/strict'
import { fieldOf, type HubspotProperty, isPersonal, isWritable, textOf } from './properties.js'

const property = (more: Partial<HubspotProperty> = {}): HubspotProperty => ({
  name: 'favourite_food',
  label: 'Favourite food',
  type: 'string',
  fieldType: 'text',
  ...more,
})

describe('HubSpot properties', () => {
  const options = [{ value: 'a' }, { value: 'b' }]
  const fields: [Partial<HubspotProperty>, object][] = [
    [{}, { type: 'string', maxLength: 65_536 }],
    [{ fieldType: 'phonenumber' }, { type: 'string', maxLength: 65_536 }],
    [{ type: 'number', fieldType: 'number' }, { type: 'number' }],
    [{ type: 'bool', fieldType: 'booleancheckbox', options }, { type: 'boolean' }],
    [
      { type: 'date', fieldType: 'date' },
      { type: 'string', format: 'date' },
    ],
    [
      { type: 'datetime', fieldType: 'date' },
      { type: 'string', format: 'date-time' },
    ],
    [
      { type: 'enumeration', fieldType: 'radio', options },
      { type: 'string', oneOf: ['a', 'b'] },
    ],
    [
      { type: 'enumeration', fieldType: 'checkbox', options },
      { type: 'array', items: { type: 'string' }, oneOf: ['a', 'b'] },
    ],
    [{ type: 'enumeration', fieldType: 'select', options, externalOptions: true }, { type: 'string' }],
  ]
  for (const [more, expected] of fields) {
    it(`makes a field of ${JSON.stringify(more)}`, () =>
      assert.deepEqual(fieldOf(property(more), false), { title: 'Favourite food', ...expected }))
  }

  const writable: [Partial<HubspotProperty>, boolean][] = [
    [{}, true],
    [{ hubspotDefined: true }, true],
    [{ hidden: true }, true],
    [{ hidden: true, hubspotDefined: true }, false],
    [{ archived: true }, false],
    [{ calculated: true, hubspotDefined: true }, false],
    [{ calculationFormula: 'a + b' }, false],
    [{ fieldType: 'calculation_equation' }, false],
    [{ modificationMetadata: { readOnlyValue: true } }, false],
    [{ type: 'json' }, false],
    [{ type: 'object_coordinates' }, false],
  ]
  for (const [more, expected] of writable) {
    it(`${expected ? 'offers' : 'leaves out'} a property with ${JSON.stringify(more)}`, () =>
      assert.equal(isWritable(property(more)), expected))
  }

  const personal: [Partial<HubspotProperty>, boolean][] = [
    [{ name: 'email' }, true],
    [{ name: 'firstname' }, true],
    [{ name: 'mobilephone' }, true],
    [{ name: 'work_email' }, true],
    [{ name: 'hs_additional_emails' }, true],
    [{ name: 'date_of_birth' }, true],
    [{ name: 'dropship_email_count' }, true],
    [{ name: 'contact_1', textDisplayHint: 'physical_address' }, true],
    [{ name: 'diagnosis', dataSensitivity: 'sensitive' }, true],
    [{ name: 'lifecyclestage' }, false],
    [{ name: 'shipping_total' }, false],
    [{ name: 'plan', dataSensitivity: 'non_sensitive' }, false],
  ]
  for (const [more, expected] of personal) {
    it(`takes ${JSON.stringify(more)} ${expected ? 'as' : 'not as'} personal`, () =>
      assert.equal(isPersonal(property(more)), expected))
  }

  it('writes values as text, lists with semicolons and none in front, nothing as empty text', () => {
    const values = ['x', 1.5, true, false, ['a', 'b'], [], null, undefined, { a: 1 }]
    assert.deepEqual(values.map(textOf), ['x', '1.5', 'true', 'false', 'a;b', '', '', '', '{"a":1}'])
  })
})

import assert from 'node:assert/strict'
import { clearing, hasNulls, profileOf } from './profile.js'

describe('Klaviyo profiles', () => {
  it('are made of records without what is null', () => {
    const record = {
      match: { email: 'a@example.com' },
      fields: {
        first_name: 'A',
        title: null,
        'location.city': 'Rome',
        'location.zip': null,
        'location.x': 1,
        n: null,
      },
    }
    assert.deepEqual(profileOf(record), {
      type: 'profile',
      attributes: {
        first_name: 'A',
        email: 'a@example.com',
        location: { city: 'Rome' },
        properties: { 'location.x': 1 },
      },
    })
    assert.deepEqual([record, { match: {}, fields: { a: 1 } }].map(hasNulls), [true, false])
  })

  const nulls = {
    match: { external_id: '1' },
    fields: {
      first_name: null,
      'location.city': null,
      'location.zip': null,
      plan: null,
      tier: null,
      orders: 1,
    },
  }
  it('are cleared of what they still hold', () => {
    const attributes = {
      first_name: 'A',
      location: { city: 'Rome', zip: null, country: 'Italy' },
      properties: { plan: 'gold', orders: 1 },
    }
    assert.deepEqual(clearing(nulls, { id: '7', attributes }), {
      type: 'profile',
      id: '7',
      attributes: { first_name: null, location: { city: null } },
      meta: { patch_properties: { unset: ['plan'] } },
    })
  })
  it('are left alone where they hold nothing of it', () => {
    for (const attributes of [{}, { first_name: null, location: null, properties: [] }]) {
      assert.equal(clearing(nulls, { id: '7', attributes }), undefined)
    }
  })
})

import assert from 'node:assert/strict'
import type { Definition } from './definition.js'
import { chooseKey, chooseObject, modesOf, requiredLeft, suggestions, type TargetObject } from './fit.js'
import type { Known } from './values.js'

const known: Known = {
  identifiers: ['customer_id', 'email'],
  traits: [
    { trait: 'first_name', people: { text: 9 } },
    { trait: 'lifetime_value', people: { number: 9 } },
    { trait: 'score', people: { text: 9 } },
  ],
}

const field = (name: string, type = 'string', required = false) => ({
  name,
  type,
  required,
  hashed: false,
  personal: false,
})

const contact: TargetObject = {
  name: 'contact',
  title: 'Contacts',
  operations: ['upsert', 'remove'],
  matchKeys: [['hs_id'], ['email']],
  openFields: false,
  idempotency: 'natural',
  undo: 'inverse',
  batch: 100,
  fields: [
    field('hs_id'),
    field('email'),
    field('firstname', 'string', true),
    field('lifetime_value', 'number'),
    field('score', 'number'),
  ],
}

const records: TargetObject = {
  ...contact,
  name: 'records',
  title: 'Records',
  operations: ['upsert', 'remove', 'append'],
  matchKeys: [],
  openFields: true,
  fields: [],
}

const blank: Definition = { segment: 'lapsed', destination: 'crm', object: '', mode: 'upsert', match: {} }

describe('how an activation fits an object', () => {
  it('offers what the object has the operations for', () => {
    assert.deepEqual(
      [['upsert'], ['upsert', 'remove'], ['append'], ['replace'], []].map((operations) =>
        modesOf({ operations }),
      ),
      [['upsert', 'full'], ['mirror', 'upsert', 'full'], ['append'], ['full'], []],
    )
  })

  it('begins with the key and the required fields that are most likely meant', () => {
    assert.deepEqual(chooseObject(blank, contact, known), {
      ...blank,
      object: 'contact',
      mode: 'mirror',
      match: { email: 'identifiers.email' },
      fields: { firstname: 'traits.first_name' },
    })
    assert.deepEqual(chooseObject(blank, records, known), {
      ...blank,
      object: 'records',
      mode: 'mirror',
      match: { email: 'identifiers.email' },
    })
  })

  it('keeps what fits when another object is chosen', () => {
    const before: Definition = {
      ...blank,
      object: 'records',
      mode: 'mirror',
      match: { email: 'traits.mail' },
      fields: { firstname: { constant: 'Ada' }, extra: 'traits.score' },
    }
    assert.deepEqual(chooseObject(before, contact, known), { ...before, object: 'contact' })
  })

  it('proposes nothing for a required field that nothing is known for', () => {
    const strict = { ...contact, fields: [...contact.fields, field('tier', 'string', true)] }
    const chosen = chooseObject(blank, strict, known)
    assert.deepEqual(
      requiredLeft(chosen, strict).map(({ name }) => name),
      ['tier'],
    )
  })

  it('finds the fields of equal names whose values are of their type', () => {
    const chosen = chooseObject(blank, contact, known)
    assert.deepEqual(suggestions(chosen, contact, known), [
      { name: 'lifetime_value', value: 'traits.lifetime_value' },
    ])
  })

  it('takes the values of another key from where they stood', () => {
    const chosen: Definition = {
      ...blank,
      object: 'contact',
      match: { email: 'identifiers.email' },
      fields: { hs_id: 'traits.hubspot', firstname: 'traits.first_name' },
    }
    assert.deepEqual(chooseKey(chosen, ['hs_id'], contact, known), {
      ...chosen,
      match: { hs_id: 'traits.hubspot' },
      fields: { firstname: 'traits.first_name' },
    })
  })
})

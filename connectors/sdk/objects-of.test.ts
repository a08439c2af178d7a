import assert from 'node:assert/strict'
import { type DestinationDefinition, defineObject, type ObjectDefinition } from './destination.js'
import { objectsOf } from './objects-of.js'
import { testContext } from './testing/context.js'

const contact: ObjectDefinition<object> = defineObject<object>({
  name: 'contact',
  operations: ['upsert', 'remove'],
  fields: { email: { type: 'string' }, name: { type: 'string' } },
  matchKeys: [['email'], ['name', 'email']],
  batch: { records: 10 },
  idempotency: 'natural',
  undo: 'inverse',
  write: async () => ({ results: [] }),
})
const { matchKeys: _, ...unmatched } = contact

const list = async (objects: DestinationDefinition<object>['objects']) => {
  const context = testContext<object>({})
  try {
    return await objectsOf<object>({ spec: {}, check: async () => {}, objects }, context)
  } finally {
    context.close()
  }
}

describe('objectsOf', () => {
  it('lists what is there and what is found', async () => {
    assert.deepEqual(await list([contact]), [contact])
    assert.deepEqual(await list(async () => [contact, { ...contact, name: 'company' }]), [
      contact,
      { ...contact, name: 'company' },
    ])
  })
  it('lists an open object without fields and keys', async () => {
    const open = { ...unmatched, fields: {}, openFields: true }
    assert.deepEqual(await list([open]), [open])
  })

  const broken: [string, readonly ObjectDefinition<object>[], RegExp][] = [
    [
      'a name twice',
      [contact, contact, contact],
      /discovering objects: contact: the name is given twice; report/,
    ],
    ['no name', [{ ...contact, name: '' }], /: it has no name/],
    ['no operation', [{ ...contact, operations: [] }], /contact: it has no operation/],
    ['an operation twice', [{ ...contact, operations: ['upsert', 'upsert'] }], /names an operation twice/],
    [
      'an unknown operation',
      [{ ...contact, operations: ['upsert', 'delete' as 'remove'] }],
      /the operation delete is unknown/,
    ],
    [
      'no field',
      [{ ...contact, fields: {}, matchKeys: [] }],
      /it has no field; contact: it has no match key/,
    ],
    ['no match key', [unmatched], /it has no match key/],
    ['an empty match key', [{ ...contact, matchKeys: [[]] }], /a match key is empty/],
    [
      'a match key of one field twice',
      [{ ...contact, matchKeys: [['name', 'name']] }],
      /names a field twice/,
    ],
    ['a match key that is no field', [{ ...contact, matchKeys: [['uid']] }], /the match key uid is no field/],
    [
      'a match key that every object inherits',
      [{ ...contact, matchKeys: [['constructor']] }],
      /the match key constructor is no field/,
    ],
    ['batches of nothing', [{ ...contact, batch: { records: 0 } }], /its batches hold no record/],
    ['half a batch', [{ ...contact, batch: { records: 1.5 } }], /its batches hold no record/],
    ['batches of no byte', [{ ...contact, batch: { records: 1, bytes: 0 } }], /its batches hold no byte/],
    ['replace without finish', [{ ...contact, operations: ['replace'] }], /it has replace and no finish/],
    ['compensation without append', [{ ...contact, undo: 'compensate' }], /it compensates and has no append/],
    ['an inverse of append', [{ ...contact, operations: ['append'] }], /an append has no inverse/],
  ]
  for (const [title, objects, message] of broken) {
    it(`refuses ${title}`, () => assert.rejects(list(objects), { kind: 'ContractViolation', message }))
  }
})

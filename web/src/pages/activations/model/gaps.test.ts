import assert from 'node:assert/strict'
import { blankDefinition, type Definition } from './definition.js'
import type { TargetObject } from './fit.js'
import { allProblems, gapsOf, problemsAt, problemsOf } from './gaps.js'

const list: TargetObject = {
  name: 'list',
  title: 'List',
  operations: ['upsert'],
  matchKeys: [['email']],
  openFields: false,
  idempotency: 'natural',
  undo: 'inverse',
  batch: 100,
  fields: [
    { name: 'email', type: 'string', title: 'Address', required: true, hashed: true, personal: true },
    { name: 'city', type: 'string', required: true, hashed: false, personal: false },
    { name: 'tier', type: 'string', required: false, hashed: false, personal: false },
  ],
}

const sound: Definition = {
  segment: 'lapsed',
  destination: 'mailer',
  object: 'list',
  mode: 'upsert',
  match: { email: 'identifiers.email' },
  fields: { city: 'traits.city' },
}

const places = (...given: Parameters<typeof gapsOf>) =>
  gapsOf(...given).map(({ path, keepsFromSaving }) => `${path.join('.')}${keepsFromSaving ? ' !' : ''}`)

describe('what is missing in an activation', () => {
  it('is nothing where everything is said', () => assert.deepEqual(places(sound, list, []), []))

  it('is asked for one thing after the other', () => {
    assert.deepEqual(places(blankDefinition('', ''), undefined, []), ['segment !', 'destination !'])
    assert.deepEqual(places(blankDefinition('lapsed', 'mailer'), undefined, []), ['object !'])
  })

  it('is told at the field, and only what the file cannot do without keeps from saving', () => {
    const { fields: _fields, ...bare } = sound
    assert.deepEqual(places(bare, list, ['tier']), ['fields.city', 'fields.tier'])
    assert.deepEqual(places({ ...bare, mode: 'mirror', match: {} }, list, []), [
      'match !',
      'mode',
      'fields.email',
      'fields.city',
    ])
    assert.deepEqual(places({ ...sound, match: { tier: 'traits.tier' } }, list, []), [
      'match',
      'fields.email',
    ])
    assert.deepEqual(places({ ...sound, fields: { city: { template: ' ' }, other: 'traits.x' } }, list, []), [
      'fields.city !',
      'fields.other',
    ])
    assert.deepEqual(places({ ...sound, fields: { city: { constant: '' } } }, list, []), ['fields.city'])
  })

  it('is told once, by the form or by the server', () => {
    const gaps = gapsOf({ ...sound, fields: {} }, list, [])
    const ofServer = [
      { path: ['fields'], message: 'list requires the field city', remedy: 'map it' },
      { path: ['consent', 0], message: 'nothing says who consented', remedy: 'map it' },
    ]
    const problems = allProblems(gaps, ofServer)
    assert.deepEqual(
      problems.map(({ path }) => path.join('.')),
      ['fields.city', 'consent.0'],
    )
    assert.deepEqual(problemsAt(problems, 'fields', 'city').length, 1)
    assert.deepEqual(problemsOf(problems, 'fields'), [])
  })
})

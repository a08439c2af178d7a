import { deepEqual, equal } from 'node:assert/strict'
import fc from 'fast-check'
import type { Schema } from '../runtime/validation.js'
import { schemaProblems } from '../runtime/validation.js'
import { standalone } from './components.js'
import { masked } from './masking.js'
import {
  dictionary,
  either,
  fileSchema,
  list,
  MASK,
  named,
  nullable,
  number,
  object,
  oneOf,
  personal,
  text,
} from './schema.js'

const person = named(
  'Person',
  object(
    {
      profile: text,
      identifiers: dictionary(list(personal(text))),
      traits: dictionary(object({ value: personal(either(text, number, list(text))), source: text })),
      name: nullable(personal(text)),
      contact: either(
        object({ kind: oneOf('email'), address: personal(text) }),
        object({ kind: oneOf('none') }),
      ),
    },
    ['name'],
  ),
)

/** A schema with references of its own, as those of files are. */
const tree = fileSchema<unknown>('Tree', {
  type: 'object',
  properties: {
    value: { 'x-personal': true },
    name: { type: 'string' },
    children: { type: 'array', items: { $ref: '#/$defs/branch' } },
    root: { $ref: '#' },
  },
  $defs: {
    branch: { type: 'object', properties: { leaf: { 'x-personal': true }, shape: { type: 'string' } } },
  },
})

describe('masking', () => {
  it('hides what is personal wherever it stands, and nothing else', () => {
    const value = {
      profile: 'p1',
      identifiers: { email: ['ada@example.com', 'a@example.com'], phone: [] },
      traits: {
        city: { value: 'Paris', source: 'crm' },
        ltv: { value: 12.5, source: 'computed' },
        tags: { value: ['vip'], source: 'crm' },
      },
      name: null,
      contact: { kind: 'email', address: 'ada@example.com' },
    }
    deepEqual(masked(value, standalone(person)), {
      profile: 'p1',
      identifiers: { email: [MASK, MASK], phone: [] },
      traits: {
        city: { value: MASK, source: 'crm' },
        ltv: { value: MASK, source: 'computed' },
        tags: { value: MASK, source: 'crm' },
      },
      name: null,
      contact: { kind: 'email', address: MASK },
    })
  })

  it('follows references, also to the whole', () => {
    const value = {
      value: 'secret',
      children: [{ leaf: 1, shape: 'oval' }],
      root: { value: 'secret', name: 'x' },
    }
    deepEqual(masked(value, standalone(tree)), {
      value: MASK,
      children: [{ leaf: MASK, shape: 'oval' }],
      root: { value: MASK, name: 'x' },
    })
  })

  it('lets no personal value through, and what it makes still fits the schema', () => {
    const secret = fc.string({ minLength: 1 }).map((word) => `personal-${word}`)
    const plain = fc.string().map((word) => `plain-${word}`)
    const people = fc.record(
      {
        profile: plain,
        identifiers: fc.dictionary(plain, fc.array(secret)),
        traits: fc.dictionary(plain, fc.record({ value: fc.oneof(secret, fc.array(secret)), source: plain })),
        name: fc.option(secret),
        contact: fc.oneof(
          fc.record({ kind: fc.constant('email'), address: secret }),
          fc.record({ kind: fc.constant('none') }),
        ),
      },
      { requiredKeys: ['profile', 'identifiers', 'traits', 'contact'] },
    )
    const schema: Schema = standalone(list(person))
    fc.assert(
      fc.property(fc.array(people), (value) => {
        const shown = masked(value, schema)
        equal(JSON.stringify(shown).includes('personal-'), false)
        deepEqual(schemaProblems(schema, shown), [])
        // Masking twice is masking once.
        deepEqual(masked(shown, schema), shown)
      }),
    )
  })
})

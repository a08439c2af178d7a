import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import {
  type DestinationField,
  normaliseCity,
  normaliseCountry,
  normaliseEmail,
  normaliseName,
  phoneDigits,
} from '@tributary/connector-sdk'
import type { ActivationFile } from '@tributary/schemas'
import fc from 'fast-check'
import type { AnyObject } from '../types.js'
import { type Mapped, personMapper } from './map-person.js'
import { parseMapping } from './mapping.js'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

const hashed = (title: string, normalize: DestinationField['normalize']): DestinationField => ({
  type: 'string',
  title,
  personal: true,
  hash: 'sha256_hex',
  ...(normalize && { normalize }),
})

/** An audience of an advertising platform, as destinations declare one. */
const AUDIENCE: AnyObject = {
  name: 'audience',
  operations: ['upsert', 'remove'],
  fields: {
    email: hashed('E-mail address', normaliseEmail),
    phone: hashed('Phone number', phoneDigits('FR')),
    first_name: hashed('First name', normaliseName),
    city: hashed('City', normaliseCity),
    country: hashed('Country', normaliseCountry),
  },
  matchKeys: [['email']],
  batch: { records: 10_000 },
  idempotency: 'natural',
  undo: 'inverse',
  write: () => Promise.reject(new Error('plans write nothing')),
}

const DEFINITION: ActivationFile = {
  segment: 'lapsed',
  destination: 'ads',
  object: 'audience',
  mode: 'mirror',
  match: { email: 'identifiers.email' },
  fields: {
    phone: 'identifiers.phone',
    first_name: 'traits.first_name',
    city: 'traits.city',
    country: { constant: 'France' },
  },
}

/** Any unit of UTF-16, halves of characters too. */
const anyUnit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code))

describe('values that are hashed in a plan', () => {
  const mapping = parseMapping(DEFINITION)
  const mapper = personMapper(
    {
      activation: 'winback',
      definition: DEFINITION,
      segmentName: 'Lapsed',
      object: AUDIENCE,
      connector: 'destination-test',
      revision: 'r1',
      run: 'run-1',
    },
    AUDIENCE,
    mapping,
  )
  const map = (values: Readonly<Record<string, string>>): Mapped =>
    mapper({
      profile: 1,
      values: mapping.needs.map((need) => values[need.is === 'trait' ? need.name : need.type] ?? null),
    })

  it('are normalised before, so that one person in two spellings is one record', () => {
    const expected: Mapped = {
      is: 'candidate',
      key: JSON.stringify({ email: sha256('zoe@example.com') }),
      fields: JSON.stringify({
        city: sha256('saopaulo'),
        country: sha256('fr'),
        first_name: sha256('zoé'),
        phone: sha256('33612345678'),
      }),
    }
    const spellings = [
      { email: 'zoe@example.com', phone: '+33612345678', first_name: 'zoé', city: 'saopaulo' },
      { email: ' Zoe@Example.COM ', phone: '06 12 34 56 78', first_name: 'ZOE\u0301', city: 'São Paulo' },
      {
        email: sha256('zoe@example.com'),
        phone: sha256('33612345678'),
        first_name: 'Zoé!',
        city: 'SAO PAULO',
      },
    ]
    assert.deepEqual(spellings.map(map), [expected, expected, expected])
  })

  it('are missing where a profile has none, and reject where nothing can be made of them', () => {
    assert.deepEqual(
      [
        map({ email: 'zoe@example.com' }),
        map({ phone: '0612345678' }),
        map({ email: 'zoe@example.com', phone: 'none' }),
        map({ email: 'zoe at example' }),
      ],
      [
        {
          is: 'candidate',
          key: JSON.stringify({ email: sha256('zoe@example.com') }),
          fields: JSON.stringify({ city: null, country: sha256('fr'), first_name: null, phone: null }),
        },
        { is: 'unmatched' },
        {
          is: 'rejected',
          key: JSON.stringify({ email: sha256('zoe@example.com') }),
          reason: 'phone is no valid Phone number',
        },
        {
          is: 'rejected',
          key: JSON.stringify({ 'profile.id': 'p1' }),
          reason: 'email is no valid E-mail address',
        },
      ],
    )
  })

  it('never leave the profile as they are, whatever they are', () => {
    const values = fc.record(
      {
        email: fc.oneof(fc.emailAddress(), fc.string({ unit: anyUnit })),
        phone: fc.oneof(
          fc.string({ unit: fc.constantFrom(...'+0123456789 ') }),
          fc.string({ unit: 'grapheme' }),
        ),
        first_name: fc.string({ unit: 'grapheme' }),
        city: fc.string({ unit: 'grapheme' }),
      },
      { requiredKeys: [] },
    )
    const text = /^\{("\w+":("[0-9a-f]{64}"|null),?)+\}$/
    const reason = /^(email|phone|first_name|city) is no valid (E-mail address|Phone number|First name|City)$/
    fc.assert(
      fc.property(values, (given) => {
        const mapped = map(given)
        if (mapped.is === 'candidate') assert.ok(text.test(mapped.key) && text.test(mapped.fields))
        if (mapped.is === 'rejected') {
          assert.match(mapped.reason, reason)
          assert.ok(text.test(mapped.key) || mapped.key === '{"profile.id":"p1"}')
        }
      }),
    )
  })
})

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import {
  normaliseBirthDate,
  normaliseBirthDay,
  normaliseBirthMonth,
  normaliseBirthYear,
} from './birth-date.js'
import { normaliseCountry } from './country.js'
import { normaliseEmail, normaliseGoogleEmail } from './email.js'
import { normaliseGender } from './gender.js'
import { normaliseExternalId, normaliseMobileAdId } from './ids.js'
import { phoneDigits, phoneE164 } from './phone.js'
import { normaliseCity, normaliseName, normalisePostalCode, normaliseState } from './place.js'
import type { Normaliser } from './text.js'

const TABLES: readonly (readonly [string, Normaliser, Readonly<Record<string, string | undefined>>])[] = [
  [
    'e-mail addresses',
    normaliseEmail,
    {
      ' John_Smith@gmail.com\n': 'john_smith@gmail.com',
      'j.smith@Gmail.com': 'j.smith@gmail.com',
      '\u200bann@example.co.uk\ufeff': 'ann@example.co.uk',
      'ann@bücher.example': 'ann@bücher.example',
      'ann@example': undefined,
      'ann at example.com': undefined,
      'ann@@example.com': undefined,
      '': undefined,
    },
  ],
  [
    'e-mail addresses for Google',
    normaliseGoogleEmail,
    {
      'J.Smith@gmail.com': 'jsmith@gmail.com',
      'j.smith@googlemail.com': 'jsmith@googlemail.com',
      'j.smith@example.com': 'j.smith@example.com',
      '.@gmail.com': undefined,
    },
  ],
  [
    'phone numbers with a country code',
    phoneE164(),
    {
      '+33 6 12 34 56 78': '+33612345678',
      '0033612345678': '+33612345678',
      '33612345678': '+33612345678',
      '15559876543': '+15559876543',
      '06 12 34 56 78': undefined,
      'call me': undefined,
      '': undefined,
    },
  ],
  [
    'phone numbers of France and of others',
    phoneE164('fr'),
    {
      '06 12 34 56 78': '+33612345678',
      '+1 (650) 555-1212': '+16505551212',
      '33612345678': '+33612345678',
      '12': undefined,
    },
  ],
  [
    'phone numbers as digits',
    phoneDigits('US'),
    { '(650)555-1212': '16505551212', '+44 20 7946 0958': '442079460958' },
  ],
  [
    'names',
    normaliseName,
    {
      Mary: 'mary',
      정: '정',
      Valéry: 'valéry',
      'Vale\u0301ry': 'valéry',
      " O'Brien-Smith,  Jr. ": 'obriensmith jr',
      'Mary\tAnn': 'mary ann',
      '-': undefined,
    },
  ],
  [
    'cities',
    normaliseCity,
    {
      'New York': 'newyork',
      'São Paulo': 'saopaulo',
      'St. Gallen 1': 'stgallen',
      Łódź: 'lodz',
      Москва: 'москва',
      '12': undefined,
    },
  ],
  [
    'states',
    normaliseState,
    {
      California: 'ca',
      'new  york': 'ny',
      CA: 'ca',
      'US-CA': 'ca',
      'Île-de-France': 'iledefrance',
      '75C': '75c',
      '.': undefined,
    },
  ],
  [
    'postal codes',
    normalisePostalCode,
    {
      '94035-1234': '94035',
      ' 94035 ': '94035',
      'M1 1AE': 'm11ae',
      '100-0001': '1000001',
      '１００': '100',
      '-': undefined,
    },
  ],
  [
    'countries',
    normaliseCountry,
    {
      US: 'us',
      'United States': 'us',
      'U.S.A.': 'us',
      UK: 'gb',
      "Côte d'Ivoire": 'ci',
      constructor: undefined,
      XX: undefined,
    },
  ],
  ['gender', normaliseGender, { Female: 'f', ' M ': 'm', man: 'm', x: undefined, constructor: undefined }],
  [
    'dates of birth',
    normaliseBirthDate,
    {
      '1997-02-16': '1997-02-16',
      '19970216': '1997-02-16',
      '1997/02/16': '1997-02-16',
      '1997-02-16T00:00:00Z': '1997-02-16',
      '1997-02-30': undefined,
      '2/16/1997': undefined,
      '1850-01-01': undefined,
    },
  ],
  [
    'years of birth',
    normaliseBirthYear,
    { '1997-02-16': '1997', '1997': '1997', '97': undefined, '1899': undefined },
  ],
  ['months of birth', normaliseBirthMonth, { '1997-02-16': '02', '2': '02', '13': undefined }],
  ['days of birth', normaliseBirthDay, { '1997-02-16': '16', '7': '07', '32': undefined, '0': undefined }],
  ['external ids', normaliseExternalId, { ' Abc-1 ': 'Abc-1', ' ': undefined, '\ud800': undefined }],
  [
    'mobile advertising ids',
    normaliseMobileAdId,
    {
      'B67385F8-9A82-4670-8C0A-6F9EA7513F5F': 'b67385f8-9a82-4670-8c0a-6f9ea7513f5f',
      '00000000-0000-0000-0000-000000000000': undefined,
      b67385f89a8246708c0a6f9ea7513f5f: undefined,
    },
  ],
]

/** What each may give, as a whole. */
const ALPHABETS: readonly (readonly [string, Normaliser, RegExp])[] = [
  ['normaliseEmail', normaliseEmail, /^[^\s\p{C}\p{Lu}@]+@[^\s\p{C}\p{Lu}@]+$/u],
  ['normaliseGoogleEmail', normaliseGoogleEmail, /^[^\s\p{C}\p{Lu}@]+@[^\s\p{C}\p{Lu}@]+$/u],
  ['phoneE164', phoneE164('FR'), /^\+[1-9]\d{1,14}$/],
  ['phoneDigits', phoneDigits(), /^[1-9]\d{1,14}$/],
  ['normaliseName', normaliseName, /^[^\p{P}\p{S}\p{C}]+$/u],
  ['normaliseCity', normaliseCity, /^[\p{L}\p{M}]+$/u],
  ['normaliseState', normaliseState, /^[\p{L}\p{M}\p{N}]+$/u],
  ['normalisePostalCode', normalisePostalCode, /^[\p{L}\p{M}\p{N}]+$/u],
  ['normaliseCountry', normaliseCountry, /^[a-z]{2}$/],
  ['normaliseGender', normaliseGender, /^[mf]$/],
  ['normaliseBirthDate', normaliseBirthDate, /^\d{4}-\d{2}-\d{2}$/],
  ['normaliseBirthYear', normaliseBirthYear, /^\d{4}$/],
  ['normaliseBirthMonth', normaliseBirthMonth, /^\d{2}$/],
  ['normaliseBirthDay', normaliseBirthDay, /^\d{2}$/],
  ['normaliseExternalId', normaliseExternalId, /^[^\p{Cs}]+$/u],
  ['normaliseMobileAdId', normaliseMobileAdId, /^[0-9a-f-]{36}$/],
]

/** Any unit of UTF-16, halves of characters too. */
const anyUnit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code))

/** Any text, and texts that look like values of these fields. */
const values = fc.oneof(
  fc.string({ unit: anyUnit }),
  fc.string({ unit: 'grapheme' }),
  fc.emailAddress(),
  fc.uuid().map((id) => id.toUpperCase()),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.stringMatching(/^[ +0-9()-]{1,20}$/),
  fc.string({ unit: fc.constantFrom(..."aZéß’ΣİǅŉǺ゙한ไ -.'0١\u200c\ud800") }),
  fc.constantFrom(...TABLES.flatMap(([, , table]) => Object.keys(table))),
)

describe('normalisers', () => {
  for (const [title, normalise, table] of TABLES) {
    it(`normalises ${title} as documented`, () => {
      const given = Object.fromEntries(Object.keys(table).map((value) => [value, normalise(value)]))
      assert.deepEqual(given, table)
    })
  }

  for (const [name, normalise, alphabet] of ALPHABETS) {
    it(`${name} throws at nothing, keeps to its alphabet, and changes nothing that it gave`, () => {
      fc.assert(
        fc.property(values, (value) => {
          const once = normalise(value)
          if (once === undefined) return
          assert.match(once, alphabet)
          assert.equal(normalise(once), once)
        }),
      )
    })
  }

  it('takes no longer for a gap in the middle of a long text than for the text', () => {
    const text = `a${' '.repeat(1_000_000)}a`
    // A normaliser that looked at every blank for each would not end before the test's time is over.
    for (const [, normalise] of ALPHABETS) normalise(text)
  })

  it('gives a phone number as digits where it gives it in E.164, whatever the region', () => {
    fc.assert(
      fc.property(values, fc.constantFrom(undefined, 'US', 'fr', 'nowhere'), (value, region) => {
        assert.equal(phoneDigits(region)(value), phoneE164(region)(value)?.slice(1))
      }),
    )
  })

  // Vectors of https://developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/customer-information-parameters
  // and https://developers.facebook.com/documentation/ads-commerce/marketing-api/audiences/guides/custom-audiences#hashing
  const VECTORS: readonly (readonly [Normaliser, string, string])[] = [
    [
      normaliseEmail,
      'John_Smith@gmail.com',
      '62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f',
    ],
    [normaliseEmail, 'mary@example.com', 'f1904cf1a9d73a55fa5de0ac823c4403ded71afd4c3248d00bdcd0866552bb79'],
    [phoneDigits('US'), '(650)555-1212', 'e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176'],
    [phoneDigits(), '15559876543', '1ef970831d7963307784fa8688e8fce101a15685d62aa765fed23f3a2c576a4e'],
    [normaliseName, 'Mary', '6915771be1c5aa0c886870b6951b03d7eafc121fea0e80a5ea83beb7c449f4ec'],
    [normaliseName, '정', '8fa8cd9c440be61d0151429310034083132b35975c4bea67fdd74158eb51db14'],
    [normaliseName, 'Valéry', '08e1996b5dd49e62a4b4c010d44e4345592a863bb9f8e3976219bac29417149c'],
    [normaliseCountry, 'United States', '79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621'],
  ]

  it('hashes to what Meta documents', () => {
    const hashes = VECTORS.map(([normalise, value]) =>
      createHash('sha256').update(normalise(value)!).digest('hex'),
    )
    assert.deepEqual(
      hashes,
      VECTORS.map(([, , hash]) => hash),
    )
  })
})

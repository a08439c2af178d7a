import assert from 'node:assert/strict'
import type { ActivationFile } from '@tributary/schemas'
import type { AnyObject } from '../types.js'
import { type ActivationNames, checkActivation } from './check-activation.js'

const CONTACT: AnyObject = {
  name: 'contact',
  operations: ['upsert'],
  fields: {
    email: { type: 'string', required: true },
    ltv: { type: 'number' },
    tier: { type: 'string', oneOf: ['gold', 'silver'] },
  },
  matchKeys: [['email']],
  batch: { records: 100 },
  idempotency: 'natural',
  undo: 'inverse',
  write: () => Promise.reject(new Error('checks write nothing')),
}

const NAMES: ActivationNames = {
  segments: new Set(['lapsed', 'vips']),
  destinations: new Set(['crm', 'warehouse']),
  traits: new Set(['first_name', 'ltv', 'consent.marketing']),
  identifiers: new Set(['email', 'customer_id']),
  objectsOf: (destination) => (destination === 'crm' ? [CONTACT] : undefined),
}

const GOOD: ActivationFile = {
  segment: 'lapsed',
  destination: 'crm',
  object: 'contact',
  mode: 'upsert',
  match: { email: 'identifiers.email' },
  fields: { ltv: 'traits.ltv', tier: { constant: 'gold' } },
  consent: ['marketing'],
}

/** The same in a destination that has to be asked for its objects. */
const ASKED: ActivationFile = { ...GOOD, destination: 'warehouse', object: 'public.people' }

const CASES: readonly (readonly [name: string, file: ActivationFile, problems: readonly string[]])[] = [
  ['a file that fits', GOOD, []],
  ['everybody', { ...GOOD, segment: '*' }, []],
  [
    'an unknown segment',
    { ...GOOD, segment: 'lapse' },
    ['segment: there is no segment lapse; did you mean lapsed?'],
  ],
  [
    'an unknown destination, of whose objects nothing is said',
    { ...GOOD, destination: 'nowhere', object: 'x' },
    ['destination: there is no destination nowhere; there are: crm, warehouse'],
  ],
  [
    'an unknown object',
    { ...GOOD, object: 'contacts' },
    ['object: crm has no object contacts; did you mean contact?'],
  ],
  [
    'unknown identifiers and traits, also in templates',
    {
      ...ASKED,
      match: { email: 'identifiers.mail' },
      fields: { a: 'traits.ltvs', b: { template: 'Hi {{ traits.first_nam | upper }}, {{ identifiers.x }}' } },
    },
    [
      'match.email: identity.yaml knows no identifier mail; did you mean email?',
      'fields.a: nothing makes the trait ltvs; did you mean ltv?',
      'fields.b: nothing makes the trait first_nam; did you mean first_name?',
      'fields.b: identity.yaml knows no identifier x; identifiers are: customer_id, email',
    ],
  ],
  [
    'templates that cannot be read',
    {
      ...ASKED,
      fields: {
        a: { template: 'Hi {{ traits.first_name' },
        b: { template: '{{ first_name }}' },
        c: { template: '{{ traits.first_name | uper }}' },
        d: { template: '{{ traits.first_name | truncate }}' },
      },
    },
    [
      'fields.a: the template is not readable at character 6: {{ has no }}; correct it',
      'fields.b: "first_name" names nothing; write identifiers.<type>, traits.<name>, profile.id, segment.id or segment.name',
      'fields.c: there is no filter uper (upper?); filters are: default, upper, lower, trim, capitalize, truncate, date',
      'fields.d: the filter truncate is written like truncate: 20, "…"; correct it',
    ],
  ],
  [
    'a purpose that nobody is asked about',
    { ...GOOD, consent: ['marketing', 'markting'] },
    [
      'consent.1: nothing says who consented to markting: there is no trait consent.markting; did you mean marketing?',
    ],
  ],
  [
    'splits',
    {
      ...ASKED,
      match: { email: { split: { a: 0.5, b: 0.5 } } },
      fields: { a: { split: { a: 0.1, b: 0.2, c: 0.7 } }, b: { split: { a: 0.5, b: 0.6 } } },
    },
    [
      'match.email: records cannot be found by a split: the split is made by what they are found by; use an identifier',
      'fields.b.split: the shares are 1.1 in sum; make them 1 in sum',
    ],
  ],
  [
    'a field that is matched by, too',
    { ...ASKED, fields: { email: 'identifiers.email' } },
    [
      'fields.email: email stands under match already; take it out of fields: what a record is found by is sent with it',
    ],
  ],
  [
    'what the object does not take',
    { ...GOOD, mode: 'mirror', match: { ltv: 'traits.ltv' }, fields: { teir: { constant: 'gold' } } },
    [
      'mode: contact cannot remove, which mode mirror needs; use upsert or full',
      'fields.teir: contact has no field teir; did you mean tier?',
      'fields: contact requires the field email, which is not mapped; map it',
      'match: contact cannot find records by ltv; match by email',
    ],
  ],
  [
    'a constant that the field does not take',
    { ...GOOD, fields: { tier: { constant: 'bronze' } } },
    ['fields.tier.constant: tier is none of the accepted values; write another value'],
  ],
]

describe('checking an activation', () => {
  for (const [name, file, problems] of CASES) {
    it(`says what is wrong with ${name}`, () => {
      const found = checkActivation(file, NAMES)
      assert.deepEqual(
        found.map(({ path, message, remedy }) => `${path.join('.')}: ${message}; ${remedy}`),
        problems,
      )
    })
  }
})

import assert from 'node:assert/strict'
import type { JsonValue } from '@tributary/connector-sdk'
import type { ActivationValue } from '@tributary/schemas'
import fc from 'fast-check'
import { type EvaluateOptions, evaluator, shareOf } from './evaluate.js'
import { parseValue } from './expression.js'
import { nameOfReference } from './reference.js'

const KNOWN: Readonly<Record<string, JsonValue>> = {
  'identifiers.email': 'ada@example.org',
  'traits.first_name': 'ada LOVELACE',
  'traits.consent.marketing': true,
  'traits.ltv': 12.5,
  'traits.tags': ['a', 'b'],
  'traits.since': '2026-02-03T04:05:06.007Z',
  'traits.empty': '',
}
const NAMES = Object.keys(KNOWN)
const OPTIONS: EvaluateOptions = {
  segment: 'lapsed',
  segmentName: 'Lapsed',
  seed: 'winback',
  slotOf: (need) => NAMES.indexOf(nameOfReference(need)),
}

const made = (value: ActivationValue, key = '{"email":"a"}'): JsonValue =>
  evaluator(parseValue(value), OPTIONS)({ profile: 7, values: Object.values(KNOWN) }, key)
const rendered = (template: string): JsonValue => made({ template })

describe('a value of an activation', () => {
  it('is what is known of the person, of the segment, or the same for everybody', () => {
    const cases: readonly (readonly [ActivationValue, JsonValue])[] = [
      ['identifiers.email', 'ada@example.org'],
      ['traits.ltv', 12.5],
      ['traits.consent.marketing', true],
      ['traits.unknown', null],
      ['profile.id', 'p7'],
      ['segment.id', 'lapsed'],
      ['segment.name', 'Lapsed'],
      [{ constant: 0 }, 0],
      [{ constant: null }, null],
    ]
    for (const [value, expected] of cases) assert.deepEqual(made(value), expected)
  })

  it('is of one group for one key, in shares as they are said', () => {
    const split = { a: 0.2, b: 0.3, c: 0.5 }
    const counts = { a: 0, b: 0, c: 0 }
    for (let index = 0; index < 20_000; index++) {
      const group = made({ split }, `{"id":${index}}`) as keyof typeof counts
      assert.equal(made({ split: { c: 0.5, b: 0.3, a: 0.2 } }, `{"id":${index}}`), group)
      counts[group] += 1
    }
    assert.ok(Math.abs(counts.a - 4000) < 200 && Math.abs(counts.b - 6000) < 250, JSON.stringify(counts))
  })

  it('is of other groups under another seed', () => {
    const keys = Array.from({ length: 100 }, (_, index) => `{"id":${index}}`)
    const groups = (seed: string) => keys.map((key) => made({ split: { a: 0.5, b: 0.5 }, seed }, key))
    assert.deepEqual(groups('x'), groups('x'))
    assert.notDeepEqual(groups('x'), groups('y'))
  })

  it('has the share that the engine works out, too', () => {
    // SELECT murmurHash3_32('winter:{"email":"a@example.org"}')
    assert.equal(shareOf('winter', '{"email":"a@example.org"}'), 2_551_972_064 / 2 ** 32)
  })
})

describe('a template', () => {
  it('has values in it, changed by filters', () => {
    const cases: readonly (readonly [template: string, expected: string | null])[] = [
      ['plain', 'plain'],
      ['{{traits.ltv}}|{{ identifiers.email }}', '12.5|ada@example.org'],
      ['{{ traits.tags }} {{ traits.consent.marketing }}', 'a, b true'],
      ['{{ traits.first_name | upper }}', 'ADA LOVELACE'],
      ['{{ traits.first_name | lower | capitalize }}', 'Ada lovelace'],
      ['{{ traits.unknown | default: "friend" | upper }}', 'FRIEND'],
      ["{{ traits.empty | default: 'a \\'}}\\' | b' }}", "a '}}' | b"],
      ['{{ traits.unknown | default: 3 }}', '3'],
      ['{{ traits.first_name | truncate: 6 }}', 'ada...'],
      ['{{ traits.first_name | truncate: 4, "…" }}', 'ada…'],
      ['{{ traits.first_name | truncate: 2 }}', '..'],
      ['{{ traits.first_name | truncate: 100 }}', 'ada LOVELACE'],
      ['{{ traits.first_name | truncate: 3, "" | trim }}', 'ada'],
      ['{{ traits.since | date: "%Y-%m-%d %H:%M:%S" }}', '2026-02-03 04:05:06'],
      [
        '{{ traits.since | date: "%A, %e %B %y (%a %b) %F %T %s %% %q" }}',
        'Tuesday,  3 February 26 (Tue Feb) 2026-02-03 04:05:06 1770091506 % %q',
      ],
      ['{{ traits.first_name | date: "%Y" | default: "never" }}', 'never'],
      ['{{ traits.unknown | upper | truncate: 3 }}', null],
      ['Hello {{ traits.unknown }}', 'Hello '],
      ['} }} { {', '} }} { {'],
    ]
    for (const [template, expected] of cases) assert.equal(rendered(template), expected, template)
  })

  it('is refused in words where it cannot be read', () => {
    const cases: readonly (readonly [template: string, error: RegExp])[] = [
      ['{{ traits.ltv', /^the template is not readable at character 3: \{\{ has no \}\}$/],
      ['{{ traits.ltv }', /has no \}\}/],
      ['{{}}', /"" names nothing/],
      ['{{ ltv }}', /"ltv" names nothing/],
      ['{{ constructor.name }}', /"constructor.name" names nothing/],
      ['{{ traits. }}', /"traits\." names nothing/],
      ['{{ traits.a || upper }}', /there is no filter {2}\(|there is no filter/],
      ['{{ traits.a | constructor }}', /there is no filter constructor; filters are: default/],
      ['{{ traits.a | __proto__ }}', /there is no filter __proto__/],
      ['{{ traits.a | default }}', /the filter default is written like default: "friend"/],
      ['{{ traits.a | default: "x }}', /the text has no " at its end/],
      ['{{ traits.a | default: x }}', /expected a number, or a text in quotes/],
      ['{{ traits.a | default: "x" y }}', /expected \| or \}\}/],
      ['{{ traits.a | upper: 1 }}', /the filter upper is written like upper/],
      ['{{ traits.a | truncate: -1 }}', /the filter truncate is written like/],
      ['{{ traits.a | truncate: 1.5 }}', /the filter truncate is written like/],
      [`{{ traits.a ${'| upper '.repeat(21)}}}`, /more than 20 filters/],
      ['{{ traits.a }}'.repeat(101), /more than 100 values/],
      ['x'.repeat(10_001), /longer than 10000 characters/],
    ]
    for (const [template, error] of cases)
      assert.throws(() => rendered(template), { name: 'SyntaxError', message: error })
  })

  it('never reads what a person says as a template', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const value = evaluator(parseValue({ template: 'a{{ traits.x }}b' }), { ...OPTIONS, slotOf: () => 0 })
        assert.equal(value({ profile: 1, values: [text] }, ''), `a${text}b`)
        const hostile = `{{ traits.x }}${text}{{ identifiers.email | upper }}`
        assert.equal(value({ profile: 1, values: [hostile] }, ''), `a${hostile}b`)
      }),
    )
  })

  it('is read or refused with a SyntaxError, whatever it is, and makes a text or nothing', () => {
    const piece = fc.constantFrom(
      ...[
        '{{',
        '}}',
        '|',
        ':',
        ',',
        '"',
        "'",
        '\\',
        ' ',
        'traits.first_name',
        'traits.__proto__',
        'identifiers.email',
      ],
      ...['default', 'truncate', 'date', 'upper', '%Y', '1', '-', '.', 'constructor', '\0', '😀', '\n'],
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 40 }), (pieces) => {
        let value: JsonValue
        try {
          value = rendered(pieces.join(''))
        } catch (error) {
          assert.ok(error instanceof SyntaxError)
          return
        }
        assert.ok(value === null || (typeof value === 'string' && value !== ''))
      }),
      { numRuns: 2000 },
    )
  })

  it('gives a quoted text back as it was', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        const quoted = `"${text.replace(/["\\]/g, '\\$&')}"`
        assert.equal(rendered(`{{ traits.unknown | default: ${quoted} }}`), text)
      }),
    )
  })

  it('takes time in proportion to its length', () => {
    for (const hostile of [
      '{{'.repeat(5000),
      '{{ traits.a | default: "'.repeat(400),
      `{{ traits.a${' '.repeat(9000)}`,
      '|'.repeat(10_000),
    ]) {
      try {
        rendered(hostile)
      } catch (error) {
        assert.ok(error instanceof SyntaxError)
      }
    }
  })
})

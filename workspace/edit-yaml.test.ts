import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { stringify } from 'yaml'
import { parseYaml } from './document.js'
import { editYaml } from './edit-yaml.js'

const SOURCE = `# The shop's database.
connector: source-postgres # the read replica
config:
  host: db # never the primary
  password: "\${secret:SHOP_PASSWORD}"

schedule: { every: 15m }
streams:
  # Orders are large.
  - name: public.orders # watched by finance
    sync_mode: incremental
  - { name: "public.*", sync_mode: full_refresh } # the rest
`

describe('editing YAML by its value', () => {
  it('gives the text back where nothing changed', () => {
    assert.equal(editYaml(SOURCE, parseYaml(SOURCE)), SOURCE)
  })

  it('changes values and keeps comments, order, quotes and blank lines', () => {
    const value = {
      ...(parseYaml(SOURCE) as Record<string, unknown>),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of the workspace's own
      config: { host: 'replica', password: '${secret:SHOP_PASSWORD}', port: 5433 },
      schedule: { every: '1h' },
    }
    assert.equal(
      editYaml(SOURCE, value),
      SOURCE.replace('host: db', 'host: replica')
        .replace('PASSWORD}"\n', 'PASSWORD}"\n  port: 5433\n')
        .replace('15m', '1h'),
    )
  })

  it('knows the parts of a list by their names', () => {
    const value = parseYaml(SOURCE) as { streams: readonly unknown[] }
    const edited = editYaml(SOURCE, {
      ...value,
      streams: [{ name: 'public.people', sync_mode: 'full_refresh' }, ...value.streams],
    })
    assert.match(edited, /name: public\.orders # watched by finance/)
    assert.match(edited, /\{ name: "public\.\*", sync_mode: full_refresh \} # the rest/)
    assert.deepEqual(parseYaml(edited), {
      ...value,
      streams: [{ name: 'public.people', sync_mode: 'full_refresh' }, ...value.streams],
    })
  })

  const SEGMENT = `name: Lapsed # asked for by sales
who:
  all:
    - { trait: city, eq: Paris } # the pilot
    # Since the new tills.
    - { performed: Order Completed, within: 60d }
    - segment: newsletter # may be written to
`
  const [CITY, ORDERED, NEWSLETTER] = [
    { trait: 'city', eq: 'Paris' },
    { performed: 'Order Completed', within: '60d' },
    { segment: 'newsletter' },
  ]
  const lists: readonly (readonly [what: string, conditions: readonly object[], text: string])[] = [
    [
      'one is taken out of them',
      [ORDERED, NEWSLETTER],
      SEGMENT.replace('    - { trait: city, eq: Paris } # the pilot\n', ''),
    ],
    [
      'another one comes first',
      [{ trait: 'tier', exists: true }, CITY, ORDERED, NEWSLETTER],
      SEGMENT.replace('  all:\n', '  all:\n    - trait: tier\n      exists: true\n'),
    ],
    [
      'one is taken out and another one edited',
      [{ ...ORDERED, within: '90d' }, NEWSLETTER],
      SEGMENT.replace('    - { trait: city, eq: Paris } # the pilot\n', '').replace('60d', '90d'),
    ],
  ]
  for (const [what, all, text] of lists) {
    it(`keeps the comments of conditions where ${what}`, () => {
      assert.equal(editYaml(SEGMENT, { name: 'Lapsed', who: { all } }), text)
    })
  }

  it('takes away what is gone with its comment', () => {
    const { schedule: _schedule, ...value } = parseYaml(SOURCE) as Record<string, unknown>
    const edited = editYaml(SOURCE, value)
    assert.deepEqual(parseYaml(edited), value)
    assert.match(edited, /never the primary/)
    assert.doesNotMatch(edited, /schedule/)
  })

  it('writes anew what is no YAML, or has anchors', () => {
    assert.equal(editYaml('a: [', { a: 1 }), 'a: 1\n')
    assert.equal(
      editYaml('a: &x { b: 1 }\nc: *x\n', { a: { b: 2 }, c: { b: 1 } }),
      'a:\n  b: 2\nc:\n  b: 1\n',
    )
  })

  it('always ends in the value that was asked for', () => {
    const json = fc.jsonValue({ maxDepth: 3 }).filter((value) => isDeepStrictEqual(value, parsed(value)))
    fc.assert(
      fc.property(json, json, (before, after) => {
        assert.deepEqual(parseYaml(editYaml(stringify(before), after)), after)
      }),
      { numRuns: 300 },
    )
  })
})

/** What YAML itself makes of a value: negative zero and keys such as __proto__ are not for it. */
function parsed(value: unknown): unknown {
  try {
    return parseYaml(stringify(value))
  } catch {
    return undefined
  }
}

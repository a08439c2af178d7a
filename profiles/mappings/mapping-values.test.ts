/** Values of every column type as properties, traits and identifiers, and what a preview says of them. */
import assert from 'node:assert/strict'
import type { IdentityFile, MappingFile } from '@tributary/schemas'
import type { Warehouse } from '../../warehouse/client.js'
import { newLoadId } from '../../warehouse/ledger/ids.js'
import { openTestEngine, type TestEngine } from '../engine.testing.js'
import { acceptTestStep, testStep } from '../facts/facts.testing.js'
import { normaliseValue, normaliseValues } from '../people/normalise.js'
import { previewMapping } from './preview-mapping.js'
import { dropMapping, stageMapping } from './stage-mapping.js'
import { factsOf, runMapping, TestStream } from './streams.testing.js'
import { sweepFacts } from './sweep-facts.js'
import { WorkTables } from './work-tables.js'

/** Type, value of the source, kind, and value as a fact. */
const TYPES: readonly (readonly [type: string, value: unknown, kind: string, fact: unknown])[] = [
  ['Int64', '9007199254740993', 'number', 9007199254740992],
  ['UInt8', 1, 'number', 1],
  ['Int256', '12', 'number', 12],
  ['Nullable(Float64)', 1.5, 'number', 1.5],
  ['Float32', 0.5, 'number', 0.5],
  ['Decimal(18, 4)', '12.3400', 'number', 12.34],
  ['Nullable(Decimal(76, 10))', '0.1', 'number', 0.1],
  ['Bool', true, 'boolean', true],
  ['Nullable(Bool)', false, 'boolean', false],
  ['Date', '2026-01-31', 'time', '2026-01-31 00:00:00.000'],
  ['Date32', '1931-01-31', 'time', '1931-01-31 00:00:00.000'],
  ["DateTime('UTC')", '2026-01-31 10:00:00', 'time', '2026-01-31 10:00:00.000'],
  ["DateTime64(6, 'Europe/Paris')", '2026-01-31T09:00:00.123456Z', 'time', '2026-01-31 09:00:00.123'],
  ["Nullable(DateTime64(3, 'UTC'))", '2026-01-31T10:00:00Z', 'time', '2026-01-31 10:00:00.000'],
  ['String', '', 'text', ''],
  ['LowCardinality(Nullable(String))', 'é', 'text', 'é'],
  ['FixedString(4)', 'ab', 'text', 'ab'],
  ["Enum8('a' = 1, 'b' = 2)", 'b', 'text', 'b'],
  ['UUID', '00000000-0000-4000-8000-00000000000A', 'text', '00000000-0000-4000-8000-00000000000a'],
  ['IPv4', '127.0.0.1', 'text', '127.0.0.1'],
  ['Array(String)', ['b', 'a', ''], 'list', ['b', 'a', '']],
  ['Array(Nullable(Int32))', [1, null, 2], 'list', ['1', '2']],
  ['Array(Array(Int8))', [[1], []], 'list', ['[1]', '[]']],
  ['Map(String, Int32)', { a: 1 }, 'text', '{"a":1}'],
  ['Tuple(a Int8, b String)', { a: 1, b: 'x' }, 'text', '{"a":1,"b":"x"}'],
  ['JSON', { a: { b: 'x' } }, 'text', '{"a":{"b":"x"}}'],
]

const IDENTITY: IdentityFile = {
  identifiers: {
    id: {},
    email: { normalize: 'email' },
    code: { normalize: 'lower' },
    phone: { normalize: 'phone', region: 'FR' },
    raw: { normalize: 'none' },
  },
  block: { values: ['Null', 'n/a'], patterns: ['^[0-]*$', '^TEST@'] },
}

describe('values of a mapping', () => {
  let open: TestEngine
  let warehouse: Warehouse
  before(async () => {
    open = await openTestEngine()
    warehouse = open.warehouse
  })
  after(() => open?.close())

  it('keep their kind from every type of column, in facts as in a preview', async () => {
    const columns = Object.fromEntries(TYPES.map(([type], index) => [`c${index}`, type]))
    const stream = await TestStream.open(warehouse, { columns: { id: 'String', ...columns } })
    const names = Object.keys(columns)
    const mapping: MappingFile = {
      stream: stream.name,
      identifiers: { id: 'id' },
      events: [{ name: 'Seen', properties: Object.fromEntries(names.map((name) => [name, name])) }],
      traits: Object.fromEntries(names.map((name) => [name, name])),
    }
    await stream.load([
      { id: 'a', ...Object.fromEntries(TYPES.map(([, value], index) => [`c${index}`, value])) },
    ])
    const input = { name: 'types', mapping, identity: IDENTITY }
    await runMapping(warehouse, input)
    const kinds = TYPES.map(([, , kind], index) => `${kind}:c${index}`)
    const { events, traits } = await factsOf(warehouse, 'types', kinds)
    const [event] = events as Record<string, unknown>[]
    assert.deepEqual(
      kinds.map((column) => event![column]),
      TYPES.map(([, , , fact]) => fact),
    )
    const byTrait = new Map((traits as Record<string, unknown>[]).map((fact) => [fact.trait, fact]))
    assert.deepEqual(
      names.map((name, index) => {
        const fact = byTrait.get(name)!
        const value = fact[TYPES[index]![2]]
        return [fact.kind, fact.kind === 'boolean' ? value === 1 : value]
      }),
      TYPES.map(([, , kind, fact]) => [kind, fact]),
    )
    const preview = await previewMapping(warehouse, { mapping, identity: IDENTITY })
    const [row] = 'rows' in preview ? preview.rows : []
    const iso = (kind: string, value: unknown) =>
      kind === 'time' ? `${String(value).replace(' ', 'T')}Z` : value
    assert.deepEqual(
      row?.events[0]?.properties,
      Object.fromEntries(
        TYPES.map(([, , kind, value], index) => [`c${index}`, { kind, value: iso(kind, value) }]),
      ),
    )
    // Compared with itself read again, every type is the same.
    await stream.overwrite([
      { id: 'a', ...Object.fromEntries(TYPES.map(([, value], index) => [`c${index}`, value])) },
    ])
    assert.equal((await runMapping(warehouse, input))?.load.rows, 0)
  })

  it('are truth values of consent and suppression, also where the column has words or numbers', async () => {
    const columns = {
      id: 'Int32',
      word: 'Nullable(String)',
      number: 'Nullable(Int32)',
      flag: 'Nullable(Bool)',
    }
    const stream = await TestStream.open(warehouse, { columns })
    const WORDS = [null, '', ' TRUE ', '1', 'yes', 'false', '0', 'No', 'perhaps']
    await stream.load(
      WORDS.map((word, index) => ({ id: index + 10, word, number: index - 1, flag: index === 1 })),
    )
    const mapping: MappingFile = {
      stream: stream.name,
      identifiers: { id: 'id' },
      traits: {
        'consent.email': 'word',
        'consent.sms': 'number',
        'consent.mail': 'flag',
        suppressed: 'word',
        note: 'word',
      },
    }
    await runMapping(warehouse, { name: 'truth', mapping, identity: IDENTITY })
    const facts = (await factsOf(warehouse, 'truth', [])).traits as {
      row: string
      trait: string
      kind: string
      boolean: number
    }[]
    const count = (trait: string) => {
      const of = facts.filter((fact) => fact.trait === trait)
      const with_ = (kind: string, value: number) =>
        of.filter((fact) => fact.kind === kind && fact.boolean === value).length
      return {
        yes: with_('boolean', 1),
        no: with_('boolean', 0),
        unset: of.filter(({ kind }) => kind === 'null').length,
      }
    }
    assert.deepEqual(['consent.email', 'consent.sms', 'consent.mail', 'suppressed'].map(count), [
      { yes: 3, no: 4, unset: 2 },
      { yes: 1, no: 8, unset: 0 },
      { yes: 1, no: 8, unset: 0 },
      // Of a word that is neither, the careful side counts.
      { yes: 4, no: 3, unset: 2 },
    ])
    assert.deepEqual(
      [...new Set(facts.filter(({ trait }) => trait === 'note').map(({ kind }) => kind))].sort(),
      ['null', 'text'],
    )
  })

  it('unset a trait by null, and say nothing by a number that is not finite', async () => {
    const columns = {
      id: 'Int32',
      city: 'Nullable(String)',
      score: 'Nullable(Float64)',
      tags: 'Array(String)',
    }
    const stream = await TestStream.open(warehouse, { columns })
    const mapping: MappingFile = {
      stream: stream.name,
      identifiers: { id: 'id' },
      events: [{ name: 'Scored', properties: { score: 'score' } }],
      traits: { city: 'city', score: 'score', tags: 'tags' },
    }
    await stream.load([
      { id: 1, city: null, score: null, tags: [] },
      { id: 2, city: '', score: 'nan', tags: ['x'] },
      { id: 3, city: 'Lyon', score: '-inf', tags: [] },
    ])
    await runMapping(warehouse, { name: 'unset', mapping, identity: IDENTITY })
    const { events, traits } = await factsOf(warehouse, 'unset', ['number:score'])
    assert.deepEqual(
      (events as Record<string, unknown>[]).map((event) => event['number:score']),
      [null, null, null],
    )
    assert.deepEqual(
      (traits as Record<string, unknown>[])
        .map(({ node, trait, kind, text, list }) => [node, trait, kind, text, list])
        .sort(),
      [
        ['id:1', 'city', 'null', '', []],
        ['id:1', 'score', 'null', '', []],
        ['id:1', 'tags', 'list', '', []],
        ['id:2', 'city', 'text', '', []],
        ['id:2', 'tags', 'list', '', ['x']],
        ['id:3', 'city', 'text', 'Lyon', []],
        ['id:3', 'tags', 'list', '', []],
      ],
    )
  })

  it('are the same identifier when they are the same by the rule of their type', async () => {
    const cases: [string, string | number, string | undefined][] = [
      ['id', 12, '12'],
      ['id', ' 12 ', '12'],
      ['id', '\u00a0\u2003Ann\ufeff', 'Ann'],
      ['id', 'e\u0301', '\u00e9'],
      ['id', 'Ann', 'Ann'],
      ['email', ' Ann@Example.COM\t', 'ann@example.com'],
      ['email', '\uff41nn@example.com', 'ann@example.com'],
      ['email', 'ÉVE@example.com', 'éve@example.com'],
      ['code', ' ÀB ', 'àb'],
      ['raw', ' A ', ' A '],
      ['phone', '06 12 34 56 78', '+33612345678'],
      ['phone', '+44 20 7946 0958', '+442079460958'],
      ['phone', '12', undefined],
      ['id', '', undefined],
      ['id', ' \u00a0 ', undefined],
      ['id', '"NULL"', undefined],
      ['id', " 'n/A' ", undefined],
      ['id', '000-0', undefined],
      ['email', 'test@example.com', undefined],
      ['raw', ' null ', undefined],
      ['id', 'nullable', 'nullable'],
    ]
    const found = []
    for (const [type, value] of cases)
      found.push([type, value, await normaliseValue(warehouse, IDENTITY, type, value)])
    assert.deepEqual(found, cases)
    const ids = cases.filter(([type]) => type === 'id')
    const many = Array.from({ length: 200 }, () => ids).flat()
    assert.deepEqual(
      await normaliseValues(warehouse, IDENTITY, 'id', [...many.map(([, value]) => String(value)), 'a\0b']),
      [...many.map(([, , form]) => form), undefined],
    )
    await assert.rejects(normaliseValue(warehouse, IDENTITY, 'mail', 'x'), /identity.yaml has no type mail/)
  })

  it('are the same for all rows as for one value', async () => {
    const stream = await TestStream.open(warehouse, { columns: { id: 'Int32', value: 'Nullable(String)' } })
    const values = [
      ' Ann@Example.COM\t',
      'ÉVE\u00a0',
      '12',
      'Null',
      '',
      null,
      '\u00a0',
      '0612345678',
      '+33 6 12 34 56 78',
      'ﬁ',
      '000',
    ]
    await stream.load(values.map((value, id) => ({ id, value })))
    const types = Object.keys(IDENTITY.identifiers)
    const mapping: MappingFile = {
      stream: stream.name,
      identifiers: Object.fromEntries(types.map((type) => [type, 'value'])),
    }
    const preview = await previewMapping(warehouse, { mapping, identity: IDENTITY })
    const rows = 'rows' in preview ? preview.rows : []
    const shown = rows.map(({ identifiers }) => identifiers.map(({ value }) => value))
    const expected = []
    for (const value of values) {
      const forms = []
      for (const type of types)
        forms.push((await normaliseValue(warehouse, IDENTITY, type, value ?? '')) ?? '')
      expected.push(forms)
    }
    assert.deepEqual(shown, expected)
  })

  it('are previewed with what they count for', async () => {
    const columns = { id: 'Int32', email: 'Nullable(String)', status: 'String', at: "DateTime64(3, 'UTC')" }
    const stream = await TestStream.open(warehouse, { columns, key: ['id'] })
    await stream.load([
      { id: 1, email: 'Ann@x.org', status: 'paid', at: '2026-01-01T00:00:00Z' },
      { id: 2, email: 'n/a', status: 'paid', at: '2026-01-01T00:00:00Z' },
      { id: 2, email: null, status: 'paid', at: '2026-01-01T00:00:00Z' },
      { id: 3, email: 'bob@x.org', status: 'draft', at: '2026-01-01T00:00:00Z' },
    ])
    const mapping: MappingFile = {
      stream: stream.name,
      identifiers: { email: 'email' },
      events: [
        { name: 'Paid', timestamp: 'at', when: { field: 'status', eq: 'paid' }, properties: { id: 'id' } },
      ],
      traits: { status: { field: 'status', timestamp: 'at' } },
    }
    const preview = await previewMapping(warehouse, { mapping, identity: IDENTITY, rows: 2 })
    const at = '2026-01-01T00:00:00.000Z'
    assert.deepEqual(preview, {
      problems: [],
      rows: [
        {
          columns: { at: '2026-01-01 00:00:00.000', email: 'Ann@x.org', id: 1, status: 'paid' },
          identifiers: [{ type: 'email', raw: 'Ann@x.org', value: 'ann@x.org', status: 'used' }],
          events: [{ name: 'Paid', messageId: '1', at, properties: { id: { kind: 'number', value: 1 } } }],
          traits: [{ name: 'status', at, kind: 'text', value: 'paid' }],
        },
        {
          columns: { at: '2026-01-01 00:00:00.000', email: 'n/a', id: 2, status: 'paid' },
          identifiers: [{ type: 'email', raw: 'n/a', value: '', status: 'blocked' }],
          events: [],
          traits: [],
        },
      ],
      counts: {
        rows: 4,
        isWhole: true,
        repeated: 1,
        withoutIdentifier: 2,
        blocked: { email: 1 },
        events: { Paid: 1 },
      },
    })
    const aborted = AbortSignal.abort()
    await assert.rejects(previewMapping(warehouse, { mapping, identity: IDENTITY, signal: aborted }), {
      name: 'AbortError',
    })
    assert.deepEqual(
      await previewMapping(warehouse, { mapping: { ...mapping, stream: 'till.none' }, identity: IDENTITY }),
      {
        problems: [
          {
            path: ['stream'],
            message: 'the warehouse has no stream till.none',
            remedy: 'load it first, or correct its name',
          },
        ],
      },
    )
  })

  it('come from columns of any name, whatever the queries call their own', async () => {
    const names = [
      'row',
      'at',
      'key',
      'node',
      'values',
      'value',
      'type',
      'found',
      'fact',
      'digest',
      'raw',
      'e164',
      'item',
      'text',
      'events',
      'blocked',
      'rows',
      'extracted_at',
      'linked',
    ]
    const columns = Object.fromEntries(names.map((name) => [name, 'Nullable(String)']))
    const options = { columns: { ...columns, ':odd `name`': 'String' }, key: ['row'] }
    const stream = await TestStream.open(warehouse, options)
    const filled = (row: string, phone: string) => ({
      ...Object.fromEntries(names.map((name) => [name, `${row}-${name}`])),
      row,
      raw: phone,
      ':odd `name`': "o'dd",
    })
    await stream.load([filled('1', '0612345678'), filled('2', '+33612345679')])
    const lookup = (field: string) => ({ lookup: stream.name, key: 'row', field })
    const mapping: MappingFile = {
      stream: stream.name,
      identifiers: { phone: 'raw', id: 'key', code: 'value', raw: 'node' },
      events: [
        {
          name: "It's seen",
          when: { field: 'events', exists: true },
          properties: {
            ...Object.fromEntries(names.map((name) => [name, name])),
            odd: ':odd `name`',
            looked: lookup('extracted_at'),
            up: lookup('key'),
          },
        },
      ],
      traits: Object.fromEntries(names.map((name) => [name, name])),
    }
    const input = { name: 'names', mapping, identity: IDENTITY }
    const says = async () => {
      const columns = [...names, 'odd', 'looked', 'up'].map((name) => `text:${name}`)
      const { events, traits, links } = await factsOf(warehouse, 'names', columns)
      const texts = (traits as Record<string, unknown>[]).map(({ trait, text }) => [trait, text])
      return {
        events: (events as Record<string, unknown>[]).map((event) => columns.map((name) => event[name])),
        texts,
        links: links.length,
      }
    }
    const expected = (rows: readonly Record<string, unknown>[]) => ({
      events: rows.map((row) => [...names.map((name) => row[name]), "o'dd", row.extracted_at, row.key]),
      texts: rows.flatMap((row) => names.map((name) => [name, row[name]])).sort(),
      links: 3 * rows.length,
    })
    const sorted = (found: Awaited<ReturnType<typeof says>>) => ({ ...found, texts: found.texts.sort() })
    await runMapping(warehouse, input)
    const rows = [filled('1', '0612345678'), filled('2', '+33612345679')]
    assert.deepEqual(sorted(await says()), expected(rows))
    await stream.overwrite(rows)
    assert.equal((await runMapping(warehouse, input))?.load.rows, 0)
    const changed = [
      { ...rows[0]!, digest: null },
      { ...rows[1]!, fact: '' },
    ]
    await stream.overwrite(changed)
    assert.equal((await runMapping(warehouse, input))?.load.rows, 2 * (1 + names.length + 3))
    const { texts: _, ...rest } = await says()
    const { texts: __, ...wanted } = expected(changed)
    assert.deepEqual(rest, wanted)
    const preview = await previewMapping(warehouse, { mapping, identity: IDENTITY })
    assert.deepEqual('counts' in preview && preview.counts, {
      rows: 2,
      isWhole: true,
      repeated: 0,
      withoutIdentifier: 0,
      blocked: { phone: 0, id: 0, code: 0, raw: 0 },
      events: { "It's seen": 2 },
    })
  })

  it('are swept when nobody can see them any more', async () => {
    const stream = await TestStream.open(warehouse, { columns: { id: 'Int32' } })
    await stream.load([{ id: 1 }])
    const input = {
      name: 'swept',
      mapping: { stream: stream.name, identifiers: { id: 'id' } },
      identity: IDENTITY,
    }
    await runMapping(warehouse, input)
    await acceptTestStep(warehouse, (await dropMapping(testStep(warehouse), 'swept'))!)
    await runMapping(warehouse, input)
    await stream.load([{ id: 2 }])
    await stageMapping(testStep(warehouse), input)
    await new WorkTables(warehouse, newLoadId(), new AbortController().signal).create(
      'rows',
      'SELECT 1 AS one',
    )
    const inTwoDays = Date.now() + 48 * 3_600_000
    assert.deepEqual(
      [
        await sweepFacts(warehouse),
        await sweepFacts(warehouse, inTwoDays),
        await sweepFacts(warehouse, inTwoDays),
      ],
      [
        { droppedPartitions: 1, voidLoads: 0, droppedTables: 0 },
        { droppedPartitions: 0, voidLoads: 1, droppedTables: 1 },
        { droppedPartitions: 0, voidLoads: 0, droppedTables: 0 },
      ],
    )
    assert.equal((await factsOf(warehouse, 'swept')).links.length, 1)
  })
})

import assert from 'node:assert/strict'
import fc from 'fast-check'
import { planSchemaChange, type SchemaChangeInput, type SchemaChangePlan } from './schema-change.js'

const EMPTY: SchemaChangePlan = {
  add: [],
  modify: [],
  keepAs: [],
  restrict: [],
  discard: [],
  conflicts: [],
  gone: [],
}
const RESET = 'run `tributary reset` to read the stream again into new tables, or exclude or rename the field'
const NULLABLE =
  'new rows would hold a made-up value there; set schema_change to evolve, which lets the column be null, or run `tributary reset` to read the stream again into new tables'
const UNFREEZE = 'set schema_change to evolve to accept it, or exclude the field'

interface Case extends SchemaChangeInput {
  readonly it: string
  readonly plan: Partial<SchemaChangePlan>
}

const columns = (types: Record<string, string>) =>
  Object.entries(types).map(([name, type]) => ({ name, type }))
const base = columns({ id: 'Int64', name: 'Nullable(String)' })

const CASES: readonly Case[] = [
  { it: 'plans nothing for an unchanged schema', existing: base, wanted: base, contract: 'freeze', plan: {} },
  {
    it: 'adds a new column as Nullable, because older rows have no value',
    existing: base,
    wanted: [...base, ...columns({ age: 'Int32', tags: 'Array(String)' })],
    contract: 'evolve',
    plan: { add: columns({ age: 'Nullable(Int32)', tags: 'Array(String)' }) },
  },
  {
    it: 'widens where nothing is lost',
    existing: columns({ a: 'Int32', b: 'Decimal(10, 2)', c: 'UInt32', d: 'String' }),
    wanted: columns({ a: 'Int64', b: 'Decimal(8, 4)', c: 'Int32', d: 'Nullable(String)' }),
    contract: 'evolve',
    plan: { modify: columns({ a: 'Int64', b: 'Decimal(12, 4)', c: 'Int64', d: 'Nullable(String)' }) },
  },
  {
    it: 'turns a column into text when text is wanted',
    existing: columns({ a: 'Int32' }),
    wanted: columns({ a: 'Nullable(String)' }),
    contract: 'evolve',
    plan: { modify: columns({ a: 'Nullable(String)' }) },
  },
  {
    it: 'keeps a wider column as it is under every contract',
    existing: columns({ a: 'Nullable(Int64)', b: 'String' }),
    wanted: columns({ a: 'Int32', b: 'UUID' }),
    contract: 'freeze',
    plan: {
      keepAs: [
        { name: 'a', existingType: 'Nullable(Int64)' },
        { name: 'b', existingType: 'String' },
      ],
    },
  },
  {
    it: 'never turns numbers into text unasked',
    existing: columns({ a: 'Int64' }),
    wanted: columns({ a: 'Float64' }),
    contract: 'evolve',
    plan: { conflicts: [{ name: 'a', from: 'Int64', to: 'Float64', remedy: RESET }] },
  },
  {
    it: 'keeps a vanished column, able to be null',
    existing: columns({ id: 'Int64', old: 'Int32', gone: 'Nullable(Int32)' }),
    wanted: columns({ id: 'Int64' }),
    contract: 'evolve',
    plan: { gone: ['old', 'gone'], modify: columns({ old: 'Nullable(Int32)' }) },
  },
  {
    it: 'names every change of a frozen stream',
    existing: columns({ a: 'Int32', b: 'String' }),
    wanted: columns({ a: 'Int64', c: 'String' }),
    contract: 'freeze',
    plan: {
      conflicts: [
        { name: 'a', from: 'Int32', to: 'Int64', remedy: UNFREEZE },
        { name: 'c', from: 'absent', to: 'String', remedy: UNFREEZE },
        { name: 'b', from: 'String', to: 'absent', remedy: UNFREEZE },
      ],
    },
  },
  ...(['discard_value', 'discard_row'] as const).map((contract) => ({
    it: `leaves the table alone and names what may be discarded under ${contract}`,
    existing: columns({ a: 'Int32', b: 'Nullable(Int8)', d: 'Array(Int8)' }),
    wanted: columns({ a: 'Int64', c: 'String' }),
    contract,
    plan: {
      restrict: [{ name: 'a', existingType: 'Int32' }],
      discard: columns({ c: 'String' }),
      gone: ['b', 'd'],
    },
  })),
  ...(['discard_value', 'discard_row'] as const).map((contract) => ({
    it: `never makes up values of a vanished column that cannot be null under ${contract}`,
    existing: columns({ a: 'Int32', b: 'Int8' }),
    wanted: columns({ a: 'Int32' }),
    contract,
    plan: { conflicts: [{ name: 'b', from: 'Int8', to: 'absent', remedy: NULLABLE }] },
  })),
  {
    it: 'refuses to change, add or lose a column of the sorting key',
    existing: columns({ a: 'Int32', b: 'Int32' }),
    wanted: columns({ a: 'Int64', c: 'Int32' }),
    keys: ['a', 'b', 'c'],
    contract: 'evolve',
    plan: {
      conflicts: [
        { name: 'a', from: 'Int32', to: 'Int64', remedy: RESET },
        { name: 'c', from: 'absent', to: 'Int32', remedy: RESET },
        { name: 'b', from: 'Int32', to: 'absent', remedy: RESET },
      ],
    },
  },
]

describe('planning a schema change', () => {
  for (const { it: sentence, plan, ...input } of CASES) {
    it(sentence, () => assert.deepEqual(planSchemaChange(input), { ...EMPTY, ...plan }))
  }

  const type = fc.constantFrom(
    ...[
      'Int8',
      'UInt32',
      'Int64',
      'Float32',
      'Float64',
      'Decimal(10, 2)',
      'Decimal(20, 8)',
      'Bool',
      'String',
    ],
    ...['Date32', "DateTime64(3, 'UTC')", "DateTime64(6, 'UTC')", 'Nullable(Int32)', 'Array(Int8)'],
    ...['Array(String)', 'LowCardinality(String)', 'LowCardinality(Nullable(String))', 'Map(String, String)'],
  )
  const table = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), type).map(columns)

  it('leaves nothing to do once it is applied', () => {
    fc.assert(
      fc.property(table, table, (existing, wanted) => {
        const plan = planSchemaChange({ existing, wanted, contract: 'evolve' })
        fc.pre(plan.conflicts.length === 0)
        const changed = existing.map(
          (column) => plan.modify.find(({ name }) => name === column.name) ?? column,
        )
        const again = planSchemaChange({ existing: [...changed, ...plan.add], wanted, contract: 'evolve' })
        assert.deepEqual([again.add, again.modify, again.conflicts], [[], [], []])
      }),
      { numRuns: 1000 },
    )
  })
})

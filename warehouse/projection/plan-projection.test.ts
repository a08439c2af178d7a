import assert from 'node:assert/strict'
import type { StreamSchema } from '@tributary/schemas'
import { compileRowEncoder } from '../rows/row-encoder.js'
import { type Projection, type ProjectionInput, planProjection } from './plan-projection.js'
import { readInput } from './read-input.testing.js'

const schema: StreamSchema = {
  type: 'object',
  required: ['id', 'name'],
  properties: {
    id: { type: ['integer', 'null'] },
    name: { type: 'string' },
    mail: { type: 'string' },
    ssn: { type: 'integer' },
    status: { type: 'string', enum: ['draft', 'paid'] },
    note_a: { type: 'string' },
    note_b: { type: 'string' },
    updated_at: { type: 'string', format: 'date-time' },
  },
}
const selection: Omit<ProjectionInput, 'schema'> = {
  primaryKey: ['id'],
  cursorField: 'updated_at',
  fields: { exclude: ['note_*', 'status'], rename: { mail: 'name', name: 'mail' }, hash: ['ssn'] },
  where: { field: 'status', not_eq: 'draft' },
}
const TIME = "Nullable(DateTime64(3, 'UTC'))"

describe('planning a projection', () => {
  it('reads what is kept or asked for, and writes what is kept under its new name', () => {
    assert.deepEqual(planProjection({ schema, ...selection }), {
      input: [
        { field: 'id', type: 'Int64' },
        { field: 'name', type: 'String' },
        { field: 'mail', type: 'Nullable(String)' },
        { field: 'ssn', type: 'Nullable(Int64)' },
        { field: 'status', type: 'LowCardinality(Nullable(String))' },
        { field: 'updated_at', type: TIME },
      ],
      structure:
        '`id` Int64, `name` String, `mail` Nullable(String), `ssn` Nullable(Int64), ' +
        `\`status\` LowCardinality(Nullable(String)), \`updated_at\` ${TIME}`,
      columns: [
        { name: 'id', type: 'Int64', expression: '`id`' },
        { name: 'mail', type: 'String', expression: '`name`' },
        { name: 'name', type: 'Nullable(String)', expression: '`mail`' },
        { name: 'ssn', type: 'Nullable(String)', expression: 'lower(hex(SHA256(toString(`ssn`))))' },
        { name: 'updated_at', type: TIME, expression: '`updated_at`' },
      ],
      where: "(NOT ifNull(`status` = 'draft', false))",
      excluded: ['note_a', 'note_b'],
      problems: [],
    } satisfies Projection)
  })

  const problems: readonly [string, Omit<ProjectionInput, 'schema'>, path: string, message: RegExp][] = [
    [
      'a key left out',
      { primaryKey: ['id'], fields: { exclude: ['i*'] } },
      'fields',
      /id is the primary key/,
    ],
    ['a cursor left out', { cursorField: 'ssn', fields: { include: ['id'] } }, 'fields', /ssn is the cursor/],
    ['an unknown key', { primaryKey: ['nope'] }, 'primary_key', /no field nope/],
    [
      'a hashed cursor',
      { cursorField: 'ssn', fields: { hash: ['ssn'] } },
      'fields.hash.0',
      /a hash has no order/,
    ],
    ['a misspelt hash', { fields: { hash: ['snn'] } }, 'fields.hash.0', /no field snn/],
    ['a misspelt exclude', { fields: { exclude: ['x*', 'snn'] } }, 'fields.exclude.1', /no field snn/],
    ['a misspelt rename', { fields: { rename: { snn: 'a' } } }, 'fields.rename.snn', /no field snn/],
    [
      'two fields of one name',
      { fields: { rename: { mail: 'name' } } },
      'fields.rename.mail',
      /name and mail would both/,
    ],
    ['a reserved name', { fields: { rename: { mail: '_meta' } } }, 'fields.rename.mail', /adds itself/],
    ['an empty name', { fields: { rename: { mail: '' } } }, 'fields.rename.mail', /needs a name/],
    ['nothing left', { fields: { exclude: ['*'] } }, 'fields', /no field is left/],
    ['a bad condition', { where: { field: 'ssn', eq: 'x' } }, 'where.eq', /needs a number/],
  ]
  for (const [name, input, path, message] of problems) {
    it(`names ${name}`, () => {
      const found = planProjection({ schema, ...input }).problems
      assert.deepEqual(
        found.map((problem) => [problem.path, message.test(problem.message)]),
        [[path, true]],
      )
    })
  }

  it('passes over names that a stream lacks where several streams share the settings', () => {
    const fields = { exclude: ['snn'], hash: ['snn'], rename: { snn: 'x' } }
    assert.deepEqual(planProjection({ schema, fields, shared: true }).problems, [])
  })

  it('follows a discard contract: restricted columns keep their type, discarded fields are unknown but for hashed ones', () => {
    const plan = planProjection({
      schema,
      fields: { include: ['id', 'name', 'mail', 'ssn', 'note_a'], rename: { mail: 'email' }, hash: ['ssn'] },
      change: {
        restrict: [{ name: 'email', existingType: 'Nullable(UUID)' }],
        discard: [
          { name: 'name', type: 'String' },
          { name: 'ssn', type: 'Nullable(String)' },
        ],
      },
    })
    assert.deepEqual(
      { columns: plan.columns, excluded: plan.excluded },
      {
        columns: [
          { name: 'id', type: 'Nullable(Int64)', expression: '`id`' },
          { name: 'email', type: 'Nullable(UUID)', expression: '`mail`' },
          { name: 'note_a', type: 'Nullable(String)', expression: '`note_a`' },
        ],
        excluded: ['ssn', 'status', 'note_b', 'updated_at'],
      },
    )
  })

  it('gives the same rows whichever way they come', () => {
    const records = [
      {
        id: 1,
        name: 'Zoë',
        mail: 'z@example.com',
        ssn: 5,
        status: 'paid',
        updated_at: '2026-01-02T03:04:05.5+01:00',
      },
      { id: 2, name: 'draft', status: 'draft' },
      { id: 3, name: '', ssn: null },
    ]
    const expected = [
      [
        '1',
        'Zoë',
        'z@example.com',
        'ef2d127de37b942baad06145e54b0c619a1f22327b2ebbcfbec78f5564afe39d',
        '2026-01-02 02:04:05.500',
      ],
      ['3', '', null, null, null],
    ]
    const rows = planProjection({ schema, ...selection })
    const encoder = compileRowEncoder(rows.input)
    for (const record of records) encoder.append(record)
    assert.deepEqual(select(rows, 'RowBinary', encoder.take()), expected)
    for (const exactTypes of [true, false]) {
      const blocks = planProjection({ schema, ...selection, path: 'blocks', exactTypes })
      const lines = records.map((record) => JSON.stringify(record)).join('\n')
      assert.deepEqual(select(blocks, 'JSONEachRow', lines), expected)
    }
  })
})

/** Runs a projection over bytes in the real engine. */
function select(plan: Projection, format: string, bytes: Uint8Array | string): unknown[] {
  const { structure, columns, where = 'true' } = plan
  return readInput({
    format,
    bytes,
    structure,
    where,
    expressions: columns.map(({ expression }) => expression),
  })
}

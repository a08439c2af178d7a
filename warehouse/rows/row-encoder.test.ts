import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readInput } from '../projection/read-input.testing.js'
import { compileRowEncoder, type TrailingColumn } from './row-encoder.js'

const COLUMNS = [
  { field: 'id', type: 'Int64' },
  { field: 'name', type: 'Nullable(String)' },
  { field: 'age', type: 'UInt8' },
]
const TRAILING: readonly TrailingColumn[] = [
  { kind: 'meta', name: '_meta' },
  { kind: 'deleted', name: '_deleted' },
  { kind: 'ordinal', name: '_ordinal' },
  { kind: 'constant', name: '_load_id', type: 'UInt64', value: '18446744073709551615' },
]
const LOAD = '18446744073709551615'

describe('the row encoder', () => {
  it('writes trailing columns and goes on with ordinals after a take', () => {
    const encoder = compileRowEncoder(COLUMNS, { trailing: TRAILING, firstOrdinal: 5 })
    encoder.append({ id: 1, name: 'a', age: 3 })
    const first = encoder.take()
    encoder.append({ id: 2, name: 'b', age: 4 })
    assert.deepEqual(
      [encoder.rows, ...readRows(first, encoder.structure), ...readRows(encoder.take(), encoder.structure)],
      [1, ['1', 'a', 3, '', 0, 5, LOAD], ['2', 'b', 4, '', 0, 6, LOAD]],
    )
    assert.deepEqual([encoder.rows, encoder.bytes], [0, 0])
  })

  it('names a discarded value in the meta column, without the value', () => {
    const encoder = compileRowEncoder(COLUMNS, { trailing: TRAILING.slice(0, 1), keyFields: ['id'] })
    const outcome = encoder.append({ id: 1, name: 'a', age: 300 })
    const change = { field: 'age', change: 'discarded', reason: 'out of range' }
    assert.deepEqual(outcome, { kind: 'changed', changes: [{ ...change, value: 300 }] })
    assert.deepEqual(readRows(encoder.take(), encoder.structure), [
      ['1', 'a', 0, JSON.stringify({ changes: [change] })],
    ])
  })

  it('discards a row with a bad key whatever the rule is', () => {
    const encoder = compileRowEncoder(COLUMNS, { keyFields: ['id'], onBadValue: 'discard_value' })
    const reason = 'null or missing, and the column is not nullable'
    assert.deepEqual(encoder.append({ name: 'a', age: 1 }), { kind: 'discarded', field: 'id', reason })
    assert.deepEqual([encoder.rows, encoder.bytes], [0, 0])
  })

  it('takes a deleted record with nothing but its key', () => {
    const encoder = compileRowEncoder(COLUMNS, {
      keyFields: ['id'],
      trailing: TRAILING,
      onBadValue: 'discard_row',
    })
    assert.deepEqual(encoder.append({ id: 7, _deleted: true }), { kind: 'kept' })
    assert.deepEqual(readRows(encoder.take(), encoder.structure), [['7', null, 0, '', 1, 0, LOAD]])
  })

  it('keeps unknown fields in the meta column, or rejects their rows, or ignores them', () => {
    const record = { id: 1, age: 2, colour: 'red', nothing: null, known: 1 }
    const outcomes = (['keep', 'discard_row', 'ignore'] as const).map((unknownFields) => {
      const encoder = compileRowEncoder(COLUMNS, {
        trailing: TRAILING.slice(0, 1),
        unknownFields,
        knownFields: ['known'],
      })
      return [encoder.append(record), readRows(encoder.take(), encoder.structure).map((row) => row[3])]
    })
    const reason = 'a field that the stream does not have'
    assert.deepEqual(outcomes, [
      [{ kind: 'kept' }, ['{"extra":{"colour":"red"}}']],
      [{ kind: 'discarded', field: 'colour', reason }, []],
      [{ kind: 'kept' }, ['']],
    ])
  })

  it('leaves the rows around a discarded one whole', () => {
    const encoder = compileRowEncoder(COLUMNS, { onBadValue: 'discard_row' })
    for (const age of [1, 300, 2]) encoder.append({ id: age, name: 'x'.repeat(age), age })
    assert.deepEqual(readRows(encoder.take(), encoder.structure, 'id, age'), [
      ['1', 1],
      ['2', 2],
    ])
  })

  it('refuses a constant that its type cannot hold', () => {
    const constant = { kind: 'constant', name: '_load_id', type: 'UInt64', value: -1 } as const
    assert.throws(
      () => compileRowEncoder(COLUMNS, { trailing: [constant] }),
      /_load_id is out of range; use a value of/,
    )
  })

  it('gives every value back through the engine', () => {
    const integer = (bits: bigint) => fc.bigInt({ min: -(2n ** (bits - 1n)), max: 2n ** (bits - 1n) - 1n })
    const time = fc
      .date({
        min: new Date('1900-01-01T00:00:00Z'),
        max: new Date('2299-12-31T23:59:59.999Z'),
        noInvalidDate: true,
      })
      .map((date) => date.toISOString())
    const record = fc.record({
      small: integer(16n).map(Number),
      large: integer(64n).map(String),
      huge: integer(256n).map(String),
      amount: integer(100n).map((unscaled) => decimal(unscaled, 9)),
      text: fc.option(fc.string({ unit: 'grapheme', maxLength: 300 })),
      time: fc.option(time),
      day: time.map((text) => text.slice(0, 10)),
      float: fc.double({ noNaN: true, noDefaultInfinity: true }),
      uuid: fc.uuid(),
      list: fc.array(fc.option(fc.string())),
    })
    const columns = Object.entries({
      small: 'Int16',
      large: 'Int64',
      huge: 'Int256',
      amount: 'Decimal(76, 9)',
      text: 'Nullable(String)',
      time: "Nullable(DateTime64(3, 'UTC'))",
      day: 'Date32',
      float: 'Float64',
      uuid: 'UUID',
      list: 'Array(Nullable(String))',
    }).map(([field, type]) => ({ field, type }))
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 50 }), (records) => {
        const encoder = compileRowEncoder(columns)
        for (const one of records) assert.deepEqual(encoder.append(one), { kind: 'kept' })
        const expected = records.map((one) => ({
          ...one,
          time: one.time?.replace('T', ' ').replace('Z', '') ?? null,
          float: one.float === 0 ? 0 : one.float,
        }))
        const read = readRows(encoder.take(), encoder.structure).map((row) =>
          Object.fromEntries(columns.map(({ field }, index) => [field, row[index]])),
        )
        assert.deepEqual(
          read.map((row) => ({ ...row, float: row.float === 0 ? 0 : row.float })),
          expected.map((row) => ({ ...row })),
        )
      }),
      { numRuns: 40 },
    )
  })
})

function decimal(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0')
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** What the engine reads from an encoder's bytes. */
function readRows(bytes: Uint8Array, structure: string, ...expressions: string[]): unknown[][] {
  return readInput({
    format: 'RowBinary',
    bytes,
    structure,
    ...(expressions.length > 0 ? { expressions } : {}),
  })
}

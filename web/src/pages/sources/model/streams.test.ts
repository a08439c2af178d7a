import { deepEqual, equal } from 'node:assert/strict'
import fc from 'fast-check'
import {
  columnUse,
  entryProblem,
  type FoundStream,
  looksPersonal,
  MODES,
  modeKey,
  possibleModes,
  proposeEntry,
  readStreams,
  type StreamEntry,
  withColumnUse,
  withMode,
  writeStreams,
} from './streams.js'

const ORDERS = stream('public.orders', { primaryKey: ['id'], cursorCandidates: ['created_at', 'updated_at'] })
const CLICKS = stream('public.clicks', { cursor: 'at', cursorCandidates: ['at'] })
const SIZES = stream('public.sizes', { primaryKey: ['size'] })
const WHOLE = { sync_mode: 'full_refresh', destination_sync_mode: 'overwrite' } as const

describe('the streams of a source', () => {
  it('proposes to read what changed where there is a cursor, and one row a record where there is a key', () => {
    deepEqual([ORDERS, CLICKS, SIZES].map(proposeEntry), [
      {
        name: 'public.orders',
        sync_mode: 'incremental',
        destination_sync_mode: 'append_dedup',
        cursor_field: 'updated_at',
        primary_key: ['id'],
      },
      { name: 'public.clicks', sync_mode: 'incremental', destination_sync_mode: 'append' },
      { name: 'public.sizes', ...WHOLE },
    ])
  })

  it('proposes to read as a whole what has no key and changes: every change would stay as a row of its own', () => {
    const view = (cursorCandidates: readonly string[]) => stream('public.paid_orders', { cursorCandidates })
    deepEqual(proposeEntry(view(['created_at', 'updated_at'])), { name: 'public.paid_orders', ...WHOLE })
    deepEqual(proposeEntry(view(['created_at'])), {
      name: 'public.paid_orders',
      sync_mode: 'incremental',
      destination_sync_mode: 'append',
      cursor_field: 'created_at',
    })
  })

  it('offers only what a stream can do, and no proposal lacks anything', () => {
    deepEqual(
      possibleModes(SIZES).map(({ key }) => key),
      ['full_refresh/overwrite', 'full_refresh/append_dedup', 'full_refresh/append'],
    )
    for (const found of [ORDERS, CLICKS, SIZES]) {
      const keys = possibleModes(found).map(({ key }) => key)
      equal(keys.includes(modeKey(proposeEntry(found))), true)
      equal(entryProblem(proposeEntry(found), found), undefined)
    }
  })

  it('takes cursor and key away with the mode that needs them, and back', () => {
    const proposed = proposeEntry(ORDERS)
    const whole = withMode(proposed, MODES[2]!, ORDERS)
    deepEqual(whole, { name: 'public.orders', ...WHOLE })
    deepEqual(withMode(whole, MODES[0]!, ORDERS), proposed)
  })

  it('says what an entry lacks', () => {
    const entry = (cursor_field?: string): StreamEntry => ({
      name: 'a',
      sync_mode: 'incremental',
      destination_sync_mode: 'append_dedup',
      ...(cursor_field !== undefined && { cursor_field }),
    })
    const bare = stream('a', { cursorCandidates: ['at'] })
    equal(entryProblem(entry(), bare), 'Choose the column that grows with every change.')
    equal(entryProblem(entry('at'), bare), 'Choose the columns that tell one record from another.')
  })

  it('leaves a rule for many streams alone while the form says the same', () => {
    const before: readonly StreamEntry[] = [
      {
        name: 'public.orders',
        sync_mode: 'incremental',
        destination_sync_mode: 'append',
        cursor_field: 'created_at',
      },
      { name: 'public.*', ...WHOLE },
      { name: 'gone', ...WHOLE },
    ]
    deepEqual(writeStreams(readStreams([ORDERS, CLICKS, SIZES], before), before), before)
  })

  it('writes a rule out when one of its streams is left out', () => {
    const before: readonly StreamEntry[] = [{ name: 'public.*', ...WHOLE }]
    const lines = readStreams([ORDERS, CLICKS, SIZES], before).map((line) =>
      line.found === CLICKS ? { ...line, chosen: false } : line,
    )
    deepEqual(writeStreams(lines, before), [
      { name: 'public.orders', ...WHOLE },
      { name: 'public.sizes', ...WHOLE },
    ])
  })

  it('puts a stream with its own settings before the rule that would take it', () => {
    const before: readonly StreamEntry[] = [{ name: 'public.*', ...WHOLE }]
    const lines = readStreams([ORDERS, CLICKS], before).map((line) =>
      line.found === ORDERS ? { ...line, entry: proposeEntry(ORDERS) } : line,
    )
    deepEqual(writeStreams(lines, before), [proposeEntry(ORDERS), { name: 'public.*', ...WHOLE }])
  })

  it('reads back what it wrote, whatever was chosen', () => {
    const found = [ORDERS, CLICKS, SIZES]
    const names = [...found.map(({ name }) => name), 'public.*', '*', 'public.o*', 'gone']
    const entries = fc.uniqueArray(
      fc.constantFrom(...names).map((name): StreamEntry => ({ name, ...WHOLE })),
      { selector: ({ name }) => name },
    )
    const choices = fc.tuple(fc.boolean(), fc.boolean(), fc.boolean())
    fc.assert(
      fc.property(entries, choices, choices, (before, chosen, own) => {
        const lines = readStreams(found, before).map((line, index) => ({
          ...line,
          chosen: chosen[index]!,
          entry: own[index] ? proposeEntry(line.found) : line.entry,
        }))
        const again = readStreams(found, writeStreams(lines, before))
        deepEqual(
          again.map((line) => line.chosen && line.entry),
          lines.map((line) => line.chosen && line.entry),
        )
      }),
    )
  })
})

describe('the columns of a stream', () => {
  const columns = ['id', 'email', 'note', 'note_internal']
  const plain: StreamEntry = { name: 'orders', ...WHOLE }

  it('hashes, leaves out and loads again', () => {
    const hashed = withColumnUse(plain, 'email', 'hash', columns)
    deepEqual(hashed, { ...plain, fields: { hash: ['email'] } })
    deepEqual(withColumnUse(hashed, 'email', 'leave', columns), { ...plain, fields: { exclude: ['email'] } })
    deepEqual(withColumnUse(hashed, 'email', 'load', columns), plain)
  })

  it('keeps new names and rules for other columns', () => {
    const entry: StreamEntry = { ...plain, fields: { exclude: ['note*'], rename: { id: 'order_id' } } }
    deepEqual(withColumnUse(entry, 'note', 'load', columns), {
      ...plain,
      fields: { exclude: ['note_internal'], rename: { id: 'order_id' } },
    })
  })

  it('does with each column what was asked last, and nothing with the others', () => {
    const use = fc.constantFrom('load' as const, 'hash' as const, 'leave' as const)
    const lists = fc.subarray(['id', 'email', 'note*', '*'])
    fc.assert(
      fc.property(
        fc.record({
          include: fc.subarray(['*', 'id', 'note*'], { minLength: 1 }),
          exclude: lists,
          hash: lists,
        }),
        fc.constantFrom(...columns),
        use,
        (fields, column, wanted) => {
          const before: StreamEntry = { ...plain, fields }
          const after = withColumnUse(before, column, wanted, columns)
          deepEqual(
            columns.map((name) => columnUse(after, name)),
            columns.map((name) => (name === column ? wanted : columnUse(before, name))),
          )
        },
      ),
    )
  })

  it('knows names that sound personal', () => {
    const names = [
      'email',
      'customer_email',
      'phoneNumber',
      'birth_date',
      'ip',
      'id',
      'amount',
      'shipping',
      'emailed',
    ]
    deepEqual(names.filter(looksPersonal), ['email', 'customer_email', 'phoneNumber', 'birth_date', 'ip'])
  })
})

function stream(name: string, more: Partial<FoundStream>): FoundStream {
  return {
    name,
    primaryKey: [],
    cursor: null,
    cursorCandidates: [],
    fields: [{ name: 'id', type: 'integer' }],
    ...more,
  }
}

/** Whatever the loads in which rows came, and whatever happened in between, the facts are those of one mapping of all. */
import assert from 'node:assert/strict'
import type { IdentityFile, MappingFile } from '@tributary/schemas'
import fc from 'fast-check'
import type { Warehouse } from '../../warehouse/client.js'
import { newLoadId } from '../../warehouse/ledger/ids.js'
import { openTestEngine, type TestEngine } from '../engine.testing.js'
import { testStep } from '../facts/facts.testing.js'
import { stageMapping } from './stage-mapping.js'
import { factsOf, runMapping, type TestRow, TestStream } from './streams.testing.js'

const IDENTITY: IdentityFile = {
  identifiers: { customer: {}, email: { normalize: 'email' } },
  block: { values: ['null'] },
}

const COLUMNS = {
  id: 'Int32',
  customer: 'Nullable(String)',
  email: 'Nullable(String)',
  paid: 'Bool',
  total: 'Nullable(Float64)',
  at: "DateTime64(3, 'UTC')",
}

const rowOf = fc.record({
  id: fc.integer({ min: 1, max: 6 }),
  customer: fc.constantFrom(null, 'a', 'b', 'NULL'),
  email: fc.constantFrom(null, 'A@x.org', 'a@x.org ', 'b@x.org'),
  paid: fc.boolean(),
  total: fc.constantFrom(null, 0, 1, 2.5, 'nan'),
  at: fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'),
})
type Row = TestRow & { readonly id: number }

/** What happens between two mappings of the stream. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ load: fc.array(rowOf, { maxLength: 5 }), maps: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ overwrite: fc.array(rowOf, { maxLength: 5 }), maps: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant('dies' as const) },
  { weight: 1, arbitrary: fc.constant('goes back' as const) },
  {
    weight: 2,
    arbitrary: fc.record({ expires: fc.double({ min: 0, max: 1, noNaN: true }), maps: fc.boolean() }),
  },
)

const soldTo = (id: number, customer: 'a' | 'b') =>
  ({ id, customer, email: null, paid: true, total: 2.5, at: '2026-01-01T00:00:00Z' }) as const

/** Rows that were mapped go, and the next load says nothing of them. Chance seldom comes upon it. */
const AGEING = [
  { load: [soldTo(1, 'a')], maps: true },
  { load: [soldTo(2, 'b')], maps: true },
  { expires: 0.5, maps: false },
  { load: [soldTo(3, 'a')], maps: true },
]

describe('the facts of a mapping', () => {
  let open: TestEngine
  let warehouse: Warehouse
  let names = 0
  before(async () => {
    open = await openTestEngine()
    warehouse = open.warehouse
  })
  after(() => open?.close())

  const facts = (name: string) => factsOf(warehouse, name, ['number:total'])
  const input = (stream: TestStream, name: string) => {
    const mapping: MappingFile = {
      stream: stream.name,
      identifiers: { customer: 'customer', email: 'email' },
      events: [
        { name: 'Paid', timestamp: 'at', when: { field: 'paid', eq: true }, properties: { total: 'total' } },
        { name: 'Big', timestamp: 'at', when: { field: 'total', gt: 2 } },
      ],
      // Of each row something holds at a time of its own: what has only the time of its extraction keeps the first one.
      traits: { total: { field: 'total', timestamp: 'at' }, paid: { field: 'paid', timestamp: 'at' } },
    }
    return { name, mapping, identity: IDENTITY }
  }

  for (const mode of ['append', 'append_dedup'] as const) {
    it(`are a function of the rows that the stream shows (${mode})`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
          names += 1
          const stream = await TestStream.open(warehouse, { mode, columns: COLUMNS })
          const grown = input(stream, `grown_${names}`)
          let extracted = Date.UTC(2026, 4, 1)
          const stamped = (rows: readonly Row[]) => {
            extracted += 1000
            return rows.map((row, index) => ({
              ...row,
              _extracted_at: new Date(extracted + (mode === 'append' ? index : 0)).toISOString(),
              ...(mode === 'append_dedup' && { _deleted: row.paid || row.total === 1 ? 0 : 1 }),
            }))
          }
          const back = stream.sequence
          let restorable = true
          for (const happened of steps) {
            if (happened === 'dies') {
              await stream.write(
                stamped([{ id: 1, customer: 'dead', paid: true, at: '2026-01-01T00:00:00Z' }]),
              )
              await stageMapping(testStep(warehouse), grown)
            } else if (happened === 'goes back') {
              if (restorable) await stream.rollback(back)
            } else {
              if ('load' in happened) await stream.load(stamped(happened.load))
              else if ('expires' in happened) {
                const kept = stream.loads[Math.floor(happened.expires * (stream.loads.length + 1))]
                await stream.expire(kept ?? newLoadId())
                if (mode === 'append_dedup') restorable = false
              } else {
                restorable = false
                await stream.overwrite(stamped(happened.overwrite))
              }
              if (happened.maps) await runMapping(warehouse, grown)
            }
          }
          await runMapping(warehouse, grown)
          const whole = input(stream, `whole_${names}`)
          await runMapping(warehouse, whole)
          assert.deepEqual(await facts(grown.name), await facts(whole.name))
        }),
        {
          numRuns: Number(process.env.TRIBUTARY_LAW_RUNS ?? 3),
          endOnFailure: true,
          examples: [[AGEING]],
        },
      )
    }).timeout(300_000)
  }
})

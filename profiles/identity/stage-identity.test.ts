import assert from 'node:assert/strict'
import type { IdentityFile } from '@tributary/schemas'
import fc from 'fast-check'
import type { Warehouse } from '../../warehouse/client.js'
import { openTestEngine, type TestEngine } from '../engine.testing.js'
import { writeFacts } from '../facts/facts.testing.js'
import { publishedPartition, refreshIdentity } from './identity.testing.js'
import { addCut, addMerge, undoRecord } from './records.js'
import { type ReferenceInput, resolveByTheBook } from './reference.testing.js'
import { identityRules } from './rules.js'

const IDENTITY: IdentityFile = {
  identifiers: { user: { unique: true }, email: { limit: 2, per: 'month' }, phone: { limit: 3 }, device: {} },
}
const TYPES = Object.keys(IDENTITY.identifiers)
const NODES = 24
const at = (hour: number) => new Date(Date.UTC(2024, 0, 25) + hour * 3_600_000)

/** Node n has type and value by its number; values are not in the order of the nodes. */
const identifiers = Array.from({ length: NODES }, (_, index) => ({
  type: index % TYPES.length,
  value: `v${(index * 7) % NODES}`,
}))
const named = (index: number) => ({
  type: TYPES[identifiers[index]!.type]!,
  value: identifiers[index]!.value,
})
const nodes = identifiers.map((_, index) => ({ node: index + 1, ...named(index) }))

interface Batch {
  readonly links: readonly { readonly a: number; readonly b: number; readonly hour: number }[]
  /** Places among the links of all batches before. */
  readonly retracted: readonly number[]
  readonly records: readonly { readonly kind: 'merge' | 'cut'; readonly a: number; readonly b: number }[]
  /** Places among the records of all batches before. */
  readonly undone: readonly number[]
}

const index = fc.nat(NODES - 1)
const batches: fc.Arbitrary<Batch[]> = fc.array(
  fc.record({
    links: fc.array(fc.record({ a: index, b: index, hour: fc.nat(12).map((step) => step * 24) }), {
      maxLength: 8,
    }),
    retracted: fc.array(fc.nat(60), { maxLength: 3 }),
    records: fc.array(
      fc.record({ kind: fc.constantFrom('merge' as const, 'cut' as const), a: index, b: index }),
      { maxLength: 1 },
    ),
    undone: fc.array(fc.nat(5), { maxLength: 1 }),
  }),
  { minLength: 1, maxLength: 8 },
)

describe('the step identity', function () {
  this.timeout(300_000)
  let engine: TestEngine
  let warehouse: Warehouse
  before(async () => {
    engine = await openTestEngine()
    warehouse = engine.warehouse
  })
  beforeEach(() => engine.clear())
  after(() => engine?.close())

  it('comes to the same people however links, retractions and records are batched', async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (given) => {
        await engine.clear()
        await writeFacts(warehouse, { nodes })
        await refreshIdentity(warehouse, IDENTITY)
        const links = new Map<number, Batch['links'][number]>()
        const records: (Batch['records'][number] & { undone: boolean })[] = []
        let nextRow = 1
        for (const batch of given) {
          const gone = [...links.keys()].filter((_, place) => batch.retracted.includes(place))
          for (const row of gone) links.delete(row)
          // Some rows come twice: as a row of their own, and as the same one again in a later load.
          const added = batch.links.map((link) => ({ ...link, row: nextRow++ }))
          for (const { row, ...link } of added) links.set(row, link)
          await writeFacts(warehouse, {
            links: added.map(({ a, b, hour, row }) => ({
              a: a + 1,
              b: b + 1,
              ts: at(hour),
              row: String(row),
            })),
            retracted: gone.map((row) => ({ row: String(row), node: nodeOfRow.get(row)! })),
          })
          for (const { row, a } of added) nodeOfRow.set(row, a + 1)
          for (const place of batch.undone) {
            if (records[place] === undefined) continue
            records[place].undone = true
            await undoRecord(warehouse, { id: `undo-${nextRow++}`, record: String(place), author: 'test' })
          }
          for (const { kind, a, b } of batch.records) {
            const add = kind === 'merge' ? addMerge : addCut
            await add(warehouse, { id: String(records.length), a: named(a), b: named(b), author: 'test' })
            records.push({ kind, a, b, undone: false })
          }
          await refreshIdentity(warehouse, IDENTITY)
          const newest = new Map<string, Batch['records'][number]>()
          for (const record of records.filter(({ undone }) => !undone)) {
            newest.set([record.a, record.b].sort((x, y) => x - y).join(' '), record)
          }
          const pairs = (kind: string) =>
            [...newest.values()].filter((record) => record.kind === kind).map(({ a, b }) => [a, b] as const)
          const reference: ReferenceInput = {
            identifiers,
            limits: identityRules(IDENTITY).limits,
            links: [...links.values()].map(({ a, b, hour }) => ({ a, b, time: at(hour).getTime() })),
            merges: pairs('merge'),
            cuts: pairs('cut'),
          }
          const nodesOf = ({ profile }: { profile: readonly number[] }) => profile.map((own) => own + 1)
          assert.deepEqual(await publishedPartition(warehouse, NODES), {
            profile: nodesOf(resolveByTheBook(reference)),
            raw: nodesOf(resolveByTheBook({ ...reference, limits: [], cuts: [] })),
          })
        }
        const audit = await refreshIdentity(warehouse, IDENTITY, { full: true })
        assert.deepEqual({ ...audit, identifiers: 0, profiles: 0 }, { ...NOTHING_NEW, mode: 'full' })
      }),
      { numRuns: Number(process.env.TRIBUTARY_LAW_RUNS ?? 6) },
    )
  })

  it('merges an identifier that is first seen after the record that names it', async () => {
    await writeFacts(warehouse, { nodes: nodes.slice(0, 1) })
    await refreshIdentity(warehouse, IDENTITY)
    await addMerge(warehouse, { id: 'early', a: named(0), b: named(1), author: 'test' })
    await refreshIdentity(warehouse, IDENTITY)
    const events = [{ node: 2, event: 'Seen', ts: at(1) }]
    await writeFacts(warehouse, { nodes: nodes.slice(1, 2), events })
    await refreshIdentity(warehouse, IDENTITY)
    assert.deepEqual((await publishedPartition(warehouse, 2)).profile, [1, 1])
  })

  it('joins nobody by an identifier that tells nobody apart, though it was seen alone before its links were', async () => {
    const identity = { ...IDENTITY, block: { values: ['nobody'] } }
    const [first, second, third] = ['a', 'nobody', 'c'].map((value, at) => ({
      node: at + 1,
      type: 'device',
      value,
    }))
    await writeFacts(warehouse, { nodes: [first!], links: [{ a: 1, b: 1, ts: at(0) }] })
    await refreshIdentity(warehouse, identity)
    await writeFacts(warehouse, { nodes: [second!], events: [{ node: 2, event: 'Seen', ts: at(1) }] })
    await refreshIdentity(warehouse, identity)
    await writeFacts(warehouse, {
      nodes: [third!],
      links: [
        { a: 1, b: 2, ts: at(2) },
        { a: 3, b: 2, ts: at(3) },
      ],
    })
    await refreshIdentity(warehouse, identity)
    assert.deepEqual((await publishedPartition(warehouse, 3)).profile, [1, 2, 3])
  })

  it('leaves those alone who parted from the people that are joined now', async () => {
    const link = (a: number, b: number, row: string) => ({ a, b, ts: at(0), row })
    const devices = [1, 2, 3, 4, 5].map((node) => ({ node, type: 'device', value: String(node) }))
    await writeFacts(warehouse, { nodes: devices, links: [link(1, 2, '1'), link(2, 4, '2')] })
    await refreshIdentity(warehouse, IDENTITY)
    await writeFacts(warehouse, { links: [link(3, 4, '3')], retracted: [{ row: '2', node: 2 }] })
    await refreshIdentity(warehouse, IDENTITY)
    await writeFacts(warehouse, { links: [link(5, 1, '4')] })
    await refreshIdentity(warehouse, IDENTITY)
    assert.deepEqual((await publishedPartition(warehouse, 5)).raw, [1, 1, 3, 3, 1])
    assert.deepEqual(await refreshIdentity(warehouse, IDENTITY, { full: true }), {
      ...NOTHING_NEW,
      identifiers: 5,
      profiles: 2,
    })
  })

  const nodeOfRow = new Map<number, number>()
  const NOTHING_NEW = { mode: 'full', identifiers: 0, profiles: 0, merged: 0, split: 0, conflicts: 0 }
})

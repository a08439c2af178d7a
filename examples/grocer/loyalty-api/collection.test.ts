import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Collection, type Position } from './collection.js'

interface Item {
  readonly id: string
  readonly updated_at: string
}

const item = fc.record({
  id: fc.integer({ min: 0, max: 30 }).map(String),
  updated_at: fc.integer({ min: 0, max: 5 }).map((n) => new Date(n * 1000).toISOString()),
})

describe('Collection', () => {
  it('holds the last record of each id, and pages give each once, in order, whatever the page size', () => {
    fc.assert(
      fc.property(fc.array(item), fc.array(item), fc.integer({ min: 1, max: 7 }), (initial, later, limit) => {
        const collection = new Collection<Item>(initial, ({ id }) => id)
        for (const record of later) {
          collection.put(record)
        }
        const latest = new Map([...initial, ...later].map((record) => [record.id, record]))
        const key = ({ updated_at, id }: Item): string => `${updated_at} ${id}`
        const expected = [...latest.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1))
        const read: Item[] = []
        let after: Position | undefined
        do {
          const page = collection.page({ after, limit })
          read.push(...page.records)
          after = page.end
        } while (after !== undefined)
        assert.deepEqual(read, expected)
      }),
    )
  })

  it('gives from a time on, included, to before a time', () => {
    const records = ['a', 'b', 'c', 'd'].map((id, n) => ({
      id,
      updated_at: new Date(n * 1000).toISOString(),
    }))
    const collection = new Collection<Item>(records, ({ id }) => id)
    const page = collection.page({ since: records[1]!.updated_at, before: records[3]!.updated_at, limit: 9 })
    assert.deepEqual(page, { records: [records[1], records[2]], end: undefined })
  })
})

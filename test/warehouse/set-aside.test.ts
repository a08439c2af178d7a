/** Reading a stream anew beside what people see, on a real engine: cut at each statement, and gone on in every way. */
import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import type { Warehouse } from '../../warehouse/client.js'
import { acceptLoad, openPosition, publishGeneration } from '../../warehouse/ledger/ledger.js'
import { foldPending } from '../../warehouse/loading/fold.js'
import { selectRows } from '../../warehouse/query.js'
import { openTables } from '../../warehouse/tables/open-tables.js'
import { showTables } from '../../warehouse/tables/prepare-tables.js'
import { standing } from '../../warehouse/tables/set-aside.js'
import { streamView } from '../../warehouse/tables/stream-table.js'
import {
  ORIGIN,
  openTestWarehouse,
  PEOPLE,
  type TestStream,
  type TestWarehouse,
  testStream,
  writeLoad,
} from '../support/warehouse.js'

const peopleWith = (type: 'integer' | 'number') => ({
  ...PEOPLE,
  properties: { ...PEOPLE.properties, visits: { type } },
})
const OLD = ['1 5', '2 5']
const NEW = ['1 7.5', '3 7.5']

describe('reading anew into tables of another shape', function () {
  this.timeout(120_000)
  let open: TestWarehouse
  let warehouse: Warehouse
  let streams = 0

  before(async () => {
    open = await openTestWarehouse()
    warehouse = open.warehouse
  })
  after(() => open?.close())

  const key = (stream: TestStream) => ({ source: 'crm', stream: stream.table.stream })
  const settings = (reset: boolean) => ({ contract: 'evolve', reset }) as const

  const visible = async (stream: TestStream) => {
    const query = `SELECT concat(toString(id), ' ', toString(visits)) AS row FROM ${streamView(stream.table)} ORDER BY id`
    return (await selectRows<{ row: string }>(warehouse, query)).map(({ row }) => row)
  }

  /** Loads rows as one run: into the current generation, or into one of its own that is published. */
  async function run(stream: TestStream, newGeneration: boolean, records: Record<string, unknown>[]) {
    const { keyed } = stream.table
    const opened = await openPosition(warehouse, { ...key(stream), lane: 'live', keyed, newGeneration })
    let { position } = opened
    if (opened.first) {
      await publishGeneration(warehouse, key(stream), position, {}, ORIGIN)
      position = { ...position, sequence: position.sequence + 1 }
    }
    const ended = await writeLoad(warehouse, stream.target(position), records)
    await acceptLoad(warehouse, key(stream), position, ended, ORIGIN)
    if (keyed) await foldPending(warehouse, stream.table, position, ORIGIN)
    if (newGeneration)
      await publishGeneration(warehouse, key(stream), { ...position, sequence: ended.sequence }, {}, ORIGIN)
  }

  /** Two shapes of one stream, the old one loaded. */
  async function begin(keyed: boolean): Promise<{ old: TestStream; anew: TestStream }> {
    const name = `people_${++streams}`
    const old = testStream(name, { keyed, schema: peopleWith('integer') })
    await openTables(warehouse, old.table, settings(false))
    await run(old, false, [
      { id: 1, visits: 5 },
      { id: 2, visits: 5 },
    ])
    return { old, anew: testStream(name, { keyed, schema: peopleWith('number') }) }
  }

  const readAnew = (stream: TestStream, aside: boolean) =>
    run(stream, aside, [
      { id: 1, visits: 7.5 },
      { id: 3, visits: 7.5 },
    ])

  /** A warehouse that is killed after so many statements, and whether it was. */
  function cutAfter(statements: number): { readonly cut: Warehouse; killed(): boolean } {
    let left = statements
    const cut = Object.assign(Object.create(warehouse) as Warehouse, {
      command: (params: Parameters<Warehouse['command']>[0]) =>
        left-- > 0 ? warehouse.command(params) : Promise.reject(new Error('killed')),
    })
    return { cut, killed: () => left < 0 }
  }

  /** A warehouse that falls asleep behind the first such statement. */
  function asleepAfter(statement: RegExp) {
    const events = new EventEmitter()
    const reached = once(events, 'reached')
    const woken = once(events, 'woken')
    let slept = false
    const sleepy = Object.assign(Object.create(warehouse) as Warehouse, {
      command: async (params: Parameters<Warehouse['command']>[0]) => {
        const result = await warehouse.command(params)
        if (slept || !statement.test(params.query)) return result
        slept = true
        events.emit('reached')
        await woken
        return result
      },
    })
    return { warehouse: sleepy, reached, wake: () => events.emit('woken') }
  }

  async function leftovers(stream: TestStream): Promise<string[]> {
    const rows = await selectRows<{ name: string }>(
      warehouse,
      `SELECT name FROM system.tables WHERE database = 'crm' AND startsWith(name, {prefix:String}) ORDER BY name`,
      { prefix: `${stream.table.stream}__` },
    )
    return rows.map(({ name }) => name.slice(stream.table.stream.length))
  }

  for (const keyed of [false, true]) {
    const kind = keyed ? 'a keyed stream' : 'a stream that appends'
    const own = keyed ? ['__current', '__rows'] : ['__rows']

    it(`of ${kind} goes on from every statement at which it was cut`, async () => {
      for (let statements = 0, killed = true; killed; statements += 1) {
        const { old, anew } = await begin(keyed)
        const cutting = cutAfter(statements)
        await openTables(cutting.cut, anew.table, settings(true)).catch((error: Error) =>
          assert.equal(error.message, 'killed'),
        )
        killed = cutting.killed()
        assert.deepEqual(await visible(old), OLD, `after ${statements} statements`)
        const { aside } = await openTables(warehouse, anew.table, settings(true))
        assert.equal(aside, true)
        await readAnew(anew, aside)
        assert.deepEqual(await visible(old), OLD)
        await showTables(warehouse, anew.table)
        assert.deepEqual(await visible(anew), NEW)
        assert.deepEqual(await leftovers(anew), own)
      }
    })

    it(`of ${kind} is called off at every statement, by settings that are as they were`, async () => {
      for (let statements = 0, killed = true; killed; statements += 1) {
        const { old, anew } = await begin(keyed)
        const cutting = cutAfter(statements)
        await openTables(cutting.cut, anew.table, settings(true)).catch(() => undefined)
        killed = cutting.killed()
        const { aside } = await openTables(warehouse, old.table, settings(false))
        assert.deepEqual(await visible(old), OLD, `after ${statements} statements`)
        await run(old, aside, [{ id: 3, visits: 5 }])
        await showTables(warehouse, old.table)
        // Where the old tables are gone already the stream is read anew, into the shape that is asked for now.
        assert.deepEqual(await visible(old), aside ? ['3 5'] : [...OLD, '3 5'])
        assert.deepEqual(await leftovers(old), own)
      }
    })

    it(`of ${kind} is shown once it is published, whatever cuts that`, async () => {
      for (let statements = 0, killed = true; killed; statements += 1) {
        const { anew } = await begin(keyed)
        const { aside } = await openTables(warehouse, anew.table, settings(true))
        await readAnew(anew, aside)
        const cutting = cutAfter(statements)
        await showTables(cutting.cut, anew.table).catch(() => undefined)
        killed = cutting.killed()
        assert.deepEqual(await openTables(warehouse, anew.table, settings(false)).then((o) => o.aside), false)
        assert.deepEqual(await visible(anew), NEW)
        assert.deepEqual(await leftovers(anew), own)
      }
    })

    it(`of ${kind} never throws away what was published and not shown yet`, async () => {
      const { old, anew } = await begin(keyed)
      const { aside } = await openTables(warehouse, anew.table, settings(true))
      await readAnew(anew, aside)
      assert.equal(await standing(warehouse, anew.table), 'replaced')
      await assert.rejects(openTables(warehouse, old.table, { contract: 'freeze', reset: false }))
      await openTables(warehouse, old.table, settings(true))
      assert.deepEqual(await visible(anew), NEW)
    })

    it(`of ${kind} is safe from an attempt that wakes up when another has shown what it read`, async () => {
      const { anew } = await begin(keyed)
      const late = asleepAfter(/^CREATE OR REPLACE VIEW .* COMMENT 'tributary aside/s)
      const asleep = openTables(late.warehouse, anew.table, settings(true))
      await late.reached
      const { aside } = await openTables(warehouse, anew.table, settings(true))
      await readAnew(anew, aside)
      await showTables(warehouse, anew.table)
      late.wake()
      await assert.rejects(asleep, /another run has gone on/)
      assert.deepEqual(await visible(anew), NEW)
      assert.deepEqual(await leftovers(anew), own)
    })

    it(`of ${kind} always leaves readers something to read`, async () => {
      const { old, anew } = await begin(keyed)
      let ended = false
      const seen = new Set<string>()
      const reading = (async () => {
        while (!ended) seen.add(JSON.stringify(await visible(old)))
      })()
      const reset = async () => {
        const { aside } = await openTables(warehouse, anew.table, settings(true))
        await readAnew(anew, aside)
        await showTables(warehouse, anew.table)
      }
      await reset().finally(() => {
        ended = true
      })
      await reading
      assert.deepEqual(
        [...seen].filter((rows) => rows !== JSON.stringify(OLD) && rows !== JSON.stringify(NEW)),
        [],
      )
    })
  }
})

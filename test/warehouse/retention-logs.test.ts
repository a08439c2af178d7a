/** Rejects and the log of changes go by their age, and never what a load that is not decided may still need. */
import assert from 'node:assert/strict'
import type { Warehouse } from '../../warehouse/client.js'
import { newLoadId } from '../../warehouse/ledger/ids.js'
import { selectRows } from '../../warehouse/query.js'
import { countOld, removeOld } from '../../warehouse/retention/remove-old.js'
import { AgedStream, day, type Row } from '../support/aged-stream.js'
import { openTestWarehouse, type TestWarehouse } from '../support/warehouse.js'

describe('rejects and the log of changes', function () {
  this.timeout(60_000)
  let open: TestWarehouse
  let warehouse: Warehouse

  before(async () => {
    open = await openTestWarehouse()
    warehouse = open.warehouse
  })
  after(() => open?.close())

  const at = (number: number) => new Date(day(number)).toISOString().replace('T', ' ').replace('Z', '')
  const insert = (table: string, values: readonly Row[]) =>
    warehouse.insert({
      table,
      values: [...values],
      columns: Object.keys(values[0]!) as [string, ...string[]],
      format: 'JSONEachRow',
    })
  const rejectsKept = () => selectRows(warehouse, 'SELECT reason FROM tributary.rejects ORDER BY reason')
  const remove = (kind: 'rejects' | 'audit', number: number) =>
    removeOld(warehouse, { kind, before: new Date(day(number)), modeOf: () => undefined })

  it('go when they are older; a replay goes with its reject, and an undecided load keeps its own', async () => {
    const stream = await AgedStream.open(warehouse, 'rejecting', false)
    const pending = newLoadId(day(1))
    await stream.load(1, [{ id: 1, name: 'a' }])
    await insert('tributary.loads', [
      {
        source: 'crm',
        stream: 'other',
        lane: 'live',
        event: 'started',
        epoch: '5',
        sequence: 1,
        load_id: pending,
      },
    ])
    const reject = { source: 'crm', stream: 'rejecting', raw: '{}' }
    await insert('tributary.rejects', [
      { ...reject, load_id: '7', ordinal: 0, reason: 'old', at: at(1) },
      { ...reject, load_id: '8', ordinal: 0, reason: 'young', at: at(3) },
      { ...reject, load_id: pending, ordinal: 0, reason: 'undecided', at: at(1) },
    ])
    const replay = { source: 'crm', stream: 'rejecting', reject_ordinal: 0, load_id: '9' }
    await insert('tributary.replays', [
      { ...replay, reject_load_id: '7' },
      { ...replay, reject_load_id: '8' },
    ])
    const counted = await countOld(warehouse, {
      kind: 'rejects',
      before: new Date(day(2)),
      modeOf: () => undefined,
    })
    assert.deepEqual([counted.rows, (await remove('rejects', 2)).rows], [1, 1])
    assert.deepEqual(await rejectsKept(), [{ reason: 'undecided' }, { reason: 'young' }])
    assert.deepEqual(
      await selectRows(warehouse, 'SELECT toString(reject_load_id) AS id FROM tributary.replays'),
      [{ id: '8' }],
    )
    assert.deepEqual((await remove('rejects', 2)).rows, 0)
  })

  it('are kept as long as the workspace says, not for the 90 days of the table of old', async () => {
    await insert('tributary.rejects', [
      { source: 'crm', stream: 's', load_id: '1', ordinal: 0, reason: 'a year old', raw: '', at: at(0) },
    ])
    await warehouse.command({ query: 'OPTIMIZE TABLE tributary.rejects FINAL' })
    assert.deepEqual(await rejectsKept(), [
      { reason: 'a year old' },
      { reason: 'undecided' },
      { reason: 'young' },
    ])
  })

  it('go from the log of changes when they are older', async () => {
    const entry = { actor: 'ann', action: 'apply', detail: '' }
    await insert('tributary.audit', [
      { ...entry, subject: 'old', at: at(1) },
      { ...entry, subject: 'young', at: at(2) },
    ])
    assert.equal((await remove('audit', 2)).rows, 1)
    assert.deepEqual(await selectRows(warehouse, 'SELECT subject FROM tributary.audit'), [
      { subject: 'young' },
    ])
  })
})

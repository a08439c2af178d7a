/** The way of a first day through the command line: real processes, a real stack, whole answers. */
import assert from 'node:assert/strict'
import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { filesSource } from './sources.js'
import { CliWorkspace, normalised } from './support.js'

const SHOP = {
  'sources/shop.yaml': filesSource('shop'),
  'shop/monday.csv': 'id,name,total\n1,apple,1.5\n2,pear,2.5\n',
}
const stream = (rows: number, bytes: number, slices: number) => ({
  name: 'orders',
  outcome: 'succeeded',
  rows,
  bytes,
  rejects: 0,
  seconds: 'number',
  cursor: '1 of 1 files',
  slices,
})
const report = (rows: number, bytes: number, slices: number) => ({
  source: 'shop',
  outcome: 'succeeded',
  workflowId: 'sync/shop-<time>',
  runId: '<run>',
  revision: '<revision>',
  reason: 'manual',
  rows,
  bytes,
  rejects: 0,
  seconds: 'number',
  streams: [stream(rows, bytes, slices)],
})

describe('the command line, from an empty folder to loaded rows', function () {
  this.timeout(120_000)
  let workspace: CliWorkspace
  const json = async (...args: string[]) => {
    const { code, value } = await workspace.json(args)
    return [code, normalised(value)]
  }

  before(async () => {
    workspace = await CliWorkspace.create()
  })
  after(() => workspace?.remove())

  it('goes all the way', async () => {
    const init = (await workspace.json(['init'])).value as { name: string; written: string[] }
    assert.deepEqual(init.written, ['tributary.yaml', 'sources/files.yaml', 'data/hello.csv', '.gitignore'])
    assert.deepEqual(((await workspace.json(['init'])).value as { written: string[] }).written, [])
    assert.equal(await readFile(join(workspace.dir, '.gitignore'), 'utf8'), '.tributary/\n')
    await workspace.write(SHOP)
    assert.deepEqual(await json('validate'), [0, { ok: true, problems: [] }])
    assert.equal((await workspace.run(['status'])).code, 3)

    const stack = {
      temporal: { address: '<address>', ui: '<address>' },
      clickhouse: { url: '<address>', user: 'tributary' },
      server: { url: '<address>' },
      workers: 1,
    }
    assert.deepEqual(await json('up', '--detach', '--ports', 'auto'), [0, stack])
    assert.deepEqual(await json('status'), [0, stack])

    const added = (id: string) => ({
      kind: 'source_added',
      source: id,
      message: `add source ${id}: source-files, 1 stream entry, by hand`,
    })
    const changes = [added('files'), added('shop')]
    assert.deepEqual(await json('plan'), [0, { ok: true, changes, problems: [], parent: null }])
    const applied = { revision: '<revision>', number: 1, problems: [], seconds: 'number' }
    const schedules = { created: 3, updated: 0, removed: 0, unchanged: 0 }
    assert.deepEqual(await json('apply'), [0, { ...applied, changed: true, changes, schedules }])
    const again = {
      ...applied,
      changed: false,
      changes: [],
      schedules: { ...schedules, created: 0, unchanged: 3 },
    }
    assert.deepEqual(await json('apply'), [0, again])

    assert.deepEqual(await json('sync', 'shop', '--wait'), [0, report(2, 37, 1)])
    assert.deepEqual(await json('sync', 'shop', '--wait'), [0, report(0, 0, 0)])

    const rows = await workspace.run(['query', 'SELECT id, name, total FROM shop.orders ORDER BY id'])
    assert.equal(rows.stdout, '{"id":1,"name":"apple","total":1.5}\n{"id":2,"name":"pear","total":2.5}\n')
    assert.deepEqual(await json('state', 'show', 'shop'), [
      0,
      [
        {
          stream: 'orders',
          generation: 1,
          sequence: 2,
          loadId: '<load>',
          cursor: '1 of 1 files',
          rows: 2,
          committedAt: '<time>',
        },
      ],
    ])
    const times = { startedAt: '<time>', endedAt: '<time>' }
    assert.deepEqual(await json('runs', '--source', 'shop'), [
      0,
      [
        { ...report(0, 0, 0), ...times },
        { ...report(2, 37, 1), ...times },
      ],
    ])
    const checks = (await workspace.json(['doctor'])).value as { name: string; ok: boolean }[]
    assert.deepEqual(
      checks.filter(({ ok }) => !ok),
      [],
    )
    assert.deepEqual(await json('pause', 'shop'), [0, { source: 'shop', paused: true, changed: true }])
    assert.deepEqual(await json('pause', 'shop'), [0, { source: 'shop', paused: true, changed: false }])
    assert.deepEqual(await json('resume', 'shop'), [0, { source: 'shop', paused: false, changed: true }])
    assert.deepEqual(await json('cancel', 'shop'), [0, { source: 'shop', cancelled: [] }])

    assert.deepEqual(await json('down'), [0, { stopped: true }])
    assert.deepEqual(await json('down'), [0, { stopped: false }])
    await assert.rejects(access(join(workspace.dir, '.tributary', 'stack.json')))
  })
})

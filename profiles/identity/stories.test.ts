import assert from 'node:assert/strict'
import type { IdentityFile } from '@tributary/schemas'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRows } from '../../warehouse/query.js'
import { openTestEngine, type TestEngine } from '../engine.testing.js'
import { testStep, writeFacts } from '../facts/facts.testing.js'
import { explainLink } from './explain-link.js'
import { findNode, findProfile, parseProfileId, profileId } from './find-node.js'
import { publishedPartition, refreshIdentity } from './identity.testing.js'
import { addCut, addMerge, splitIdentifier, undoRecord } from './records.js'
import { resolveByTheBook } from './reference.testing.js'
import { simulateIdentity } from './simulate.js'

const IDENTITY: IdentityFile = { identifiers: { user: { unique: true }, email: { limit: 5 }, device: {} } }
const day = (number: number) => new Date(Date.UTC(2024, 0, number))
const user = (value: string) => ({ type: 'user', value })
const email = (value: string) => ({ type: 'email', value })
const device = (value: string) => ({ type: 'device', value })
const author = 'ada'

describe('identity on an engine', function () {
  this.timeout(300_000)
  let engine: TestEngine
  let warehouse: Warehouse
  before(async () => {
    engine = await openTestEngine()
    warehouse = engine.warehouse
  })
  beforeEach(() => engine.clear())
  after(() => engine?.close())

  const refresh = (identity = IDENTITY) => refreshIdentity(warehouse, identity)
  const profiles = async (nodes: number) => (await publishedPartition(warehouse, nodes)).profile
  const log = () =>
    selectRows(
      warehouse,
      'SELECT kind, profile, other, detail FROM cdp.identity_log ORDER BY _load_id, kind, other',
    )

  /** u1 (1) and u2 (4) share a device (3); u1 has an email (2). */
  async function sharedDevice(): Promise<void> {
    await writeFacts(warehouse, {
      nodes: [user('u1'), email('one@example.com'), device('kiosk'), user('u2')].map((name, at) => ({
        node: at + 1,
        ...name,
      })),
      links: [
        { a: 1, b: 2, ts: day(1), row: '101' },
        { a: 1, b: 3, ts: day(2), row: '102' },
        { a: 4, b: 3, ts: day(3), row: '103' },
      ],
    })
  }

  it('leaves both people intact where two users share a device, and tells of it once', async () => {
    await sharedDevice()
    const report = { identifiers: 4, profiles: 2, merged: 0, split: 0 }
    assert.deepEqual(await refresh(), { mode: 'full', ...report, conflicts: 1 })
    assert.deepEqual(await profiles(4), [1, 1, 1, 4])
    const detail = JSON.stringify({ a: 4, b: 3, type: 'user', limit: 1, per: 'ever' })
    const told = [{ kind: 'conflict', profile: 4, other: 1, detail }]
    assert.deepEqual(await log(), told)
    assert.equal(await refresh(), undefined)
    await writeFacts(warehouse, { links: [{ a: 4, b: 3, ts: day(9) }] })
    assert.deepEqual(await refresh(), { mode: 'incremental', ...report, conflicts: 0 })
    assert.deepEqual(await log(), told)
  })

  it('merges, splits and merges again to the same people, and keeps every id good', async () => {
    await sharedDevice()
    await refresh()
    await addMerge(warehouse, { id: 'm1', a: user('u2'), b: user('u1'), author })
    await addMerge(warehouse, { id: 'm1', a: user('u2'), b: user('u1'), author })
    await refresh()
    assert.deepEqual(await profiles(4), [1, 1, 1, 1])
    assert.deepEqual(await findProfile(warehouse, profileId(4)), { node: 4, profile: 1 })
    await splitIdentifier(warehouse, { id: 's1', identifier: user('u2'), author })
    await splitIdentifier(warehouse, { id: 's1', identifier: user('u2'), author })
    await refresh()
    assert.deepEqual(await profiles(4), [1, 1, 1, 4])
    await addMerge(warehouse, { id: 'm2', a: user('u1'), b: user('u2'), author })
    await refresh()
    assert.deepEqual(await profiles(4), [1, 1, 1, 1])
    await undoRecord(warehouse, { id: 'u1', record: 'm2', author })
    await undoRecord(warehouse, { id: 'u2', record: 's1', author })
    await refresh()
    assert.deepEqual(await profiles(4), [1, 1, 1, 1])
    const kinds = (await log()).map((row) => (row as { kind: string }).kind)
    assert.deepEqual(kinds, ['conflict', 'merged', 'split', 'merged'])
    await assert.rejects(
      undoRecord(warehouse, { id: 'u3', record: 'none', author }),
      /no merge, cut or split/,
    )
  })

  it('parts people again when the link between them is taken back, and when a value is blocked', async () => {
    await writeFacts(warehouse, {
      nodes: ['a', 'b', 'c', 'd'].map((value, at) => ({ node: at + 1, ...device(value) })),
      links: [
        { a: 1, b: 2, ts: day(1), row: '1' },
        { a: 2, b: 3, ts: day(2), row: '2' },
        // One row with three identifiers, of which c is the first.
        { a: 3, b: 1, ts: day(3), row: '3' },
        { a: 3, b: 4, ts: day(3), row: '3' },
      ],
    })
    await refresh()
    assert.deepEqual(await profiles(4), [1, 1, 1, 1])
    await refresh({ ...IDENTITY, block: { values: [' "C" '] } })
    assert.deepEqual(await profiles(4), [1, 1, 3, 1])
    await refresh()
    assert.deepEqual(await profiles(4), [1, 1, 1, 1])
    await writeFacts(warehouse, { retracted: [{ row: '3', node: 3 }] })
    assert.equal((await refresh())?.split, 1)
    assert.deepEqual(await profiles(4), [1, 1, 1, 4])
  })

  it('comes to the same ids when everything is worked out anew', async () => {
    await sharedDevice()
    await refresh()
    const before = await publishedPartition(warehouse, 4)
    await warehouse.command({ query: 'TRUNCATE TABLE cdp.node_profiles__rows' })
    await refreshIdentity(warehouse, IDENTITY, { full: true })
    assert.deepEqual(await publishedPartition(warehouse, 4), before)
  })

  it('simulates rules, records and blocked values without publishing anything', async () => {
    await sharedDevice()
    await refresh()
    /** With the nodes of everybody whom it concerns, with their profiles: as they are, and as they would be. */
    const simulate = async (input: Parameters<typeof simulateIdentity>[1]) => {
      const { moved, ...counts } = await simulateIdentity(testStep(warehouse), input)
      return { ...counts, moved: moved.map((pairs) => [...pairs]) }
    }
    const free = { identifiers: { user: {}, email: {}, device: {} } }
    assert.deepEqual(
      [
        await simulate({}),
        await simulate({ identity: free }),
        await simulate({ records: [{ kind: 'merge', a: user('u1'), b: user('u2') }] }),
        await simulate({ records: [{ kind: 'cut', a: user('u1'), b: email('one@example.com') }] }),
        await simulate({ blocked: ['KIOSK'] }),
        await simulate({ identity: { identifiers: { user: { unique: true } } } }),
      ],
      [
        { profilesBefore: 2, profilesAfter: 2, merged: 0, split: 0, moved: [[], []] },
        ...[1, 2].map(() => ({
          profilesBefore: 2,
          profilesAfter: 1,
          merged: 1,
          split: 0,
          moved: [
            [1, 1, 2, 1, 3, 1, 4, 4],
            [1, 1, 2, 1, 3, 1, 4, 1],
          ],
        })),
        // An address of its own is somebody; what identifies nobody is not.
        ...[
          { profilesAfter: 3, split: 1, after: [1, 1, 2, 2, 3, 1] },
          { profilesAfter: 2, split: 1, after: [1, 1, 2, 1] },
          { profilesAfter: 2, split: 2, after: [1, 1] },
        ].map(({ after, ...counts }) => ({
          profilesBefore: 2,
          ...counts,
          merged: 0,
          moved: [[1, 1, 2, 1, 3, 1], after],
        })),
      ],
    )
    assert.equal(await refresh(), undefined)
    assert.deepEqual(await profiles(4), [1, 1, 1, 4])
  })

  it('counts nobody for an identifier that no row has any more', async () => {
    await sharedDevice()
    await refresh()
    await writeFacts(warehouse, {
      retracted: [
        { row: '101', node: 1 },
        { row: '101', node: 2 },
      ],
    })
    await refresh()
    assert.deepEqual(await profiles(4), [1, 2, 1, 4])
    assert.deepEqual(await simulateIdentity(testStep(warehouse), {}), {
      profilesBefore: 2,
      profilesAfter: 2,
      merged: 0,
      split: 0,
      moved: [new Uint32Array(), new Uint32Array()],
    })
  })

  it('explains who is who by the shortest chain of rows and records', async () => {
    await sharedDevice()
    await refresh()
    const row = (number: number) => ({
      kind: 'link',
      mapping: 'test',
      source: 'shop',
      row: String(100 + number),
      time: day(number).toISOString(),
    })
    const skipped = [{ a: user('u2'), b: device('kiosk'), type: 'user', time: day(3).toISOString() }]
    assert.deepEqual(await explainLink(warehouse, email('one@example.com'), device('kiosk')), {
      path: [
        { a: email('one@example.com'), b: user('u1'), evidence: row(1) },
        { a: user('u1'), b: device('kiosk'), evidence: row(2) },
      ],
      skipped,
    })
    assert.deepEqual(await explainLink(warehouse, user('u1'), user('u2')), { path: undefined, skipped })
    assert.equal(await explainLink(warehouse, user('u1'), user('nobody')), undefined)
    await addMerge(warehouse, { id: 'm1', a: user('u1'), b: user('u2'), author, note: 'called' })
    await refresh()
    const explained = await explainLink(warehouse, user('u2'), user('u1'))
    const [step] = explained!.path!
    assert.deepEqual(
      { ...step!.evidence, time: '' },
      { kind: 'merge', record: 'm1', author, note: 'called', time: '' },
    )
  })

  it('finds people by identifier and by public id', async () => {
    await sharedDevice()
    await refresh()
    assert.deepEqual(await findNode(warehouse, device('kiosk')), { node: 3, profile: 1 })
    assert.equal(await findNode(warehouse, device('none')), undefined)
    assert.equal(await findProfile(warehouse, 'p99'), undefined)
    assert.deepEqual(['p1042', 'p0', 'p01', '7', 'p', 'p4294967296'].map(parseProfileId), [
      1042,
      ...Array(5).fill(undefined),
    ])
  })

  it('makes one serialisable result of 1,000 merges and cuts said at once', async () => {
    const nodes = Array.from({ length: 60 }, (_, at) => ({ node: at + 1, ...user(`v${at}`) }))
    await writeFacts(warehouse, { nodes })
    await refresh()
    const said = Array.from({ length: 1000 }, (_, at) => ({
      id: `r${at}`,
      a: user(`v${(at * 7) % 60}`),
      b: user(`v${(at * 7 + 1 + (at % 2)) % 60}`),
      author,
    }))
    await Promise.all(said.map((pair, at) => (at % 3 === 0 ? addCut : addMerge)(warehouse, pair)))
    await refresh()
    // The one order is that of the records; of a pair the last one holds.
    const rows = await selectRows<{ kind: string; value_a: string; value_b: string }>(
      warehouse,
      'SELECT kind, value_a, value_b FROM cdp.identity_records ORDER BY at, id',
    )
    assert.equal(rows.length, 1000)
    const last = new Map<string, string>()
    for (const { kind, value_a, value_b } of rows) {
      const pair = [value_a, value_b].map((value) => Number(value.slice(1))).sort((x, y) => x - y)
      last.set(pair.join(' '), kind)
    }
    const merges = [...last]
      .filter(([, kind]) => kind === 'merge')
      .map(([pair]) => pair.split(' ').map(Number) as [number, number])
    const { profile } = resolveByTheBook({
      identifiers: nodes.map(({ value }) => ({ type: 0, value })),
      limits: [],
      links: [],
      merges,
      cuts: [],
    })
    assert.deepEqual(
      await profiles(60),
      profile.map((own) => own + 1),
    )
  })
})

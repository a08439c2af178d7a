import assert from 'node:assert/strict'
import type { SegmentFile } from '@tributary/schemas'
import { openTestEngine, type TestEngine } from '../../engine.testing.js'
import { acceptTestStep, testStep, writeFacts } from '../../facts/facts.testing.js'
import { identify, refreshTraits } from '../../traits/traits.testing.js'
import { addToList, listLists, removeFromList, showList } from '../lists/lists.js'
import { auditSegments } from './audit.js'
import { dependentsOf } from './dependents.js'
import { exportMembers } from './export-members.js'
import { listChanges, listVersions, membersAt, sizeTrend } from './history.js'
import { overlapOf } from './overlap.js'
import { type SegmentReport, stageSegments } from './stage-segments.js'
import { sweepVersions } from './sweep-versions.js'

const HOUR = 3_600_000
const START = Date.UTC(2026, 0, 1)
const at = (hours: number) => new Date(START + hours * HOUR)
const segment = (id: string, who: SegmentFile['who']) => ({ id, definition: { name: id, who } })
const IDENTITY = { identifiers: { email: { normalize: 'email' as const } } }

const ACTIVE = segment('active', { performed: 'Seen', within: '2h' })
const VIP = segment('vip', { list: 'vip' })
const QUIET = segment('quiet', { not: { segment: 'active' } })

describe('history of segments', function () {
  this.timeout(60_000)
  let engine: TestEngine
  before(async () => {
    engine = await openTestEngine()
  })
  after(() => engine.close())
  beforeEach(async () => {
    await engine.clear()
    await engine.warehouse.command({ query: 'TRUNCATE TABLE cdp.list_records' })
    await writeFacts(engine.warehouse, {
      nodes: [1, 2, 3].map((node) => ({ node, type: 'email', value: `p${node}@example.com` })),
      links: [1, 2, 3].map((node) => ({ a: node, b: node, ts: at(-9) })),
    })
    await identify(engine.warehouse, {})
  })

  const seen = (node: number, hours: number) =>
    writeFacts(engine.warehouse, { events: [{ node, event: 'Seen', ts: at(hours) }] })
  const refresh = async (
    hours: number,
    segments = [ACTIVE, VIP, QUIET],
    options: Partial<Parameters<typeof stageSegments>[1]> = {},
  ) => {
    const input = { segments, timeZone: 'UTC', dirtyShare: 1000, ...options }
    const { staged, report } = await stageSegments(testStep(engine.warehouse, at(hours)), input)
    if (staged) await acceptTestStep(engine.warehouse, staged)
    return report.map(({ seconds, ...line }: SegmentReport) => line)
  }
  const changes = async (id: string) =>
    (await listChanges(engine.warehouse, id, { from: at(0), to: at(99) })).changes.map(
      ({ profile, change, cause, at: when }) => `${profile} ${change} by ${cause} ${when.slice(11, 13)}`,
    )

  it('tells who came and went, when and why', async () => {
    await seen(1, 0)
    await refresh(1)
    await seen(2, 1)
    await refresh(2)
    await refresh(4)
    await addToList(engine.warehouse, IDENTITY, {
      list: 'vip',
      entries: [{ type: 'email', value: ' P3@Example.com' }],
      author: 'ann',
    })
    await refresh(5)
    assert.deepEqual(await changes('active'), [
      'p1 left by time 04',
      'p2 left by time 04',
      'p2 entered by data 02',
      'p1 entered by definition 01',
    ])
    assert.deepEqual(await changes('vip'), ['p3 entered by data 05'])
    const { counts } = await listChanges(engine.warehouse, 'active', { from: at(2), to: at(5) })
    assert.deepEqual(counts, [
      { change: 'entered', cause: 'data', people: 1 },
      { change: 'left', cause: 'time', people: 2 },
    ])
    assert.deepEqual(
      (await listVersions(engine.warehouse, 'active')).map(({ at, size }) => `${at.slice(11, 13)} ${size}`),
      ['05 0', '04 0', '02 2', '01 1'],
    )
    assert.deepEqual(
      await sizeTrend(engine.warehouse, 'active', { from: at(0), to: at(9), everySeconds: 24 * 3600 }),
      [{ at: '2026-01-01T05:00:00.000000Z', size: 0, entered: 2, left: 2 }],
    )
  })

  it('neither loses nor doubles a member when people merge', async () => {
    await seen(2, 0)
    await seen(3, 0)
    await refresh(1)
    await identify(engine.warehouse, { 2: 1, 3: 1 })
    assert.deepEqual(await refresh(1.5), [
      { segment: '_everyone', size: 1, entered: 0, left: 0 },
      { segment: 'active', size: 1, entered: 0, left: 0 },
      { segment: 'quiet', size: 0, entered: 0, left: 1 },
      { segment: 'vip', size: 0, entered: 0, left: 0 },
    ])
    await identify(engine.warehouse, { 2: 2, 3: 3 })
    await refresh(1.75)
    assert.deepEqual(await changes('active'), [
      'p1 left by identity 01',
      'p2 entered by identity 01',
      'p3 entered by identity 01',
      'p2 entered by definition 01',
      'p3 entered by definition 01',
    ])
    const members = async (hours: number) =>
      (await membersAt(engine.warehouse, 'active', at(hours)))?.profiles
    assert.deepEqual(
      [await members(0), await members(1), await members(1.6), await members(2)],
      [undefined, ['p2', 'p3'], ['p1'], ['p2', 'p3']],
    )
  })

  it('keeps the last good members of what fails, says so, and lets the others go on', async () => {
    await seen(1, 0)
    await refresh(1)
    await seen(2, 1)
    const broken = [{ id: 'active', error: 'it is wrong' }]
    assert.deepEqual(await refresh(2, [VIP, QUIET], { broken }), [
      { segment: '_everyone', size: 3, entered: 0, left: 0 },
      { segment: 'active', size: 1, entered: 0, left: 0, error: 'it is wrong' },
      {
        segment: 'quiet',
        size: 2,
        entered: 0,
        left: 0,
        error: 'segment active, which it names, could not be evaluated',
      },
      { segment: 'vip', size: 0, entered: 0, left: 0 },
    ])
    await refresh(2)
    assert.deepEqual(await changes('quiet'), [
      'p2 left by data 02',
      'p2 entered by definition 01',
      'p3 entered by definition 01',
    ])
  })

  it('says what the engine refuses of one segment alone', async () => {
    await writeFacts(engine.warehouse, { traits: [{ node: 1, trait: 'city', value: 'Paris', ts: at(0) }] })
    await refreshTraits(engine.warehouse, {}, { now: at(1) })
    const wrong = segment('wrong', { trait: 'city', matches: '(' })
    const report = await refresh(1, [ACTIVE, wrong])
    assert.deepEqual(
      report.map(({ segment, error }) => [segment, error !== undefined]),
      [
        ['_everyone', false],
        ['active', false],
        ['wrong', true],
      ],
    )
  })

  it('stages nothing where not even the moment is another', async () => {
    await refresh(1)
    const input = { segments: [ACTIVE, VIP, QUIET], timeZone: 'UTC' }
    const again = await stageSegments(testStep(engine.warehouse, at(1)), input)
    assert.deepEqual([again.staged, again.report.length], [undefined, 4])
  })

  it('evaluates an edited segment over all history, and whatever names it', async () => {
    await seen(1, 0)
    await refresh(5)
    const edited = segment('active', { performed: 'Seen', within: '9h' })
    await refresh(5, [edited, VIP, QUIET])
    assert.deepEqual(await changes('active'), ['p1 entered by definition 05'])
    assert.deepEqual((await changes('quiet'))[0], 'p1 left by definition 05')
  })

  it('tells members of long ago when their bitmaps are swept', async () => {
    for (let hour = 0; hour < 5; hour += 1) {
      await seen((hour % 3) + 1, hour)
      await refresh(hour + 1)
    }
    const history = async () =>
      Promise.all([0, 1, 2, 3, 4, 5].map((hour) => membersAt(engine.warehouse, 'active', at(hour))))
    const before = await history()
    assert.deepEqual(
      [(await sweepVersions(engine.warehouse, { keep: 1 })) > 0, await history()],
      [true, before],
    )
    assert.equal(await sweepVersions(engine.warehouse, { keep: 1 }), 0)
    await refresh(9)
    assert.deepEqual((await membersAt(engine.warehouse, 'active', at(9)))?.profiles, [])
  })

  it('finds no drift, and finds it where somebody changed the members', async () => {
    await seen(1, 0)
    await refresh(1)
    await seen(2, 0)
    const audit = () =>
      auditSegments(testStep(engine.warehouse, at(7)), { segments: [ACTIVE, VIP, QUIET], timeZone: 'UTC' })
    const clean = await audit()
    assert.deepEqual([clean.drift, clean.excluded, clean.segments.length, clean.skipped], [0, 1, 4, []])
    await engine.warehouse.command({
      query: `ALTER TABLE cdp.segment_versions__rows UPDATE members = bitmapBuild([toUInt32(3)])
        WHERE segment = 'active'`,
      clickhouse_settings: { mutations_sync: '1' },
    })
    assert.deepEqual((await audit()).segments[1], { segment: 'active', missing: 1, extra: 1 })
  })

  it('claims no drift where facts are taken away while it compares', async () => {
    await seen(1, 0)
    await refresh(1)
    const { warehouse } = engine
    let retraction: Promise<unknown> | undefined
    const query = async (...given: Parameters<typeof warehouse.query>) => {
      await retraction
      return warehouse.query(...given)
    }
    const context = {
      ...testStep(Object.create(warehouse, { query: { value: query } }), at(1)),
      progress: () => {
        retraction ??= writeFacts(warehouse, { retracted: [{ row: '1', node: 1 }] })
      },
    }
    await assert.rejects(auditSegments(context, { segments: [ACTIVE, VIP, QUIET], timeZone: 'UTC' }), {
      name: 'AuditOvertaken',
      message: /audit again/,
    })
  })

  it('counts what segments share, exports members, and names dependents', async () => {
    await seen(1, 0)
    await seen(2, 0)
    const entries = [2, 3].map((node) => ({ type: 'email', value: `p${node}@example.com` }))
    await addToList(engine.warehouse, IDENTITY, { list: 'vip', entries, author: 'ann' })
    await refresh(1)
    assert.deepEqual(await overlapOf(engine.warehouse, 'active', 'vip'), {
      a: 2,
      b: 2,
      both: 1,
      onlyA: 1,
      onlyB: 1,
      either: 3,
    })
    const members = []
    for await (const member of exportMembers(engine.warehouse, 'vip', { pageSize: 1 })) members.push(member)
    assert.deepEqual(members, [
      { profile: 'p2', identifiers: { email: ['p2@example.com'] }, traits: {} },
      { profile: 'p3', identifiers: { email: ['p3@example.com'] }, traits: {} },
    ])
    assert.deepEqual(dependentsOf({ kind: 'event', name: 'Seen' }, [ACTIVE, VIP, QUIET]), [
      { segment: 'active', direct: true },
      { segment: 'quiet', direct: false },
    ])
  })

  it('changes lists once, however often it is asked', async () => {
    const change = {
      list: 'vip',
      entries: [' A@x.org', 'a@X.org', 'b@x.org', ''].map((value) => ({ type: 'email', value })),
      author: 'ann',
    }
    const add = () => addToList(engine.warehouse, IDENTITY, change)
    const refused = [{ type: 'email', value: '' }]
    assert.deepEqual(await add(), { changed: 2, unchanged: 0, refused })
    assert.deepEqual(await add(), { changed: 0, unchanged: 2, refused })
    const entries = [{ type: 'email', value: 'B@x.org' }]
    assert.deepEqual(await removeFromList(engine.warehouse, IDENTITY, { ...change, entries }), {
      changed: 1,
      unchanged: 0,
      refused: [],
    })
    assert.deepEqual(await showList(engine.warehouse, 'vip'), [{ type: 'email', value: 'a@x.org' }])
    assert.deepEqual(
      (await listLists(engine.warehouse)).map(({ list, entries }) => ({ list, entries })),
      [{ list: 'vip', entries: 1 }],
    )
  })
})

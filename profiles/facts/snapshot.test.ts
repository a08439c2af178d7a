/** What was accepted when a snapshot was read is what its conditions show, whoever begins to write meanwhile. */
import assert from 'node:assert/strict'
import { newLoadId } from '../../warehouse/ledger/ids.js'
import { registerLoad } from '../../warehouse/ledger/ledger.js'
import { openTestEngine, type TestEngine } from '../engine.testing.js'
import { refreshIdentity } from '../identity/identity.testing.js'
import { currentMembers } from '../segments/refresh/members.testing.js'
import { stageSegments } from '../segments/refresh/stage-segments.js'
import { refreshTraits } from '../traits/traits.testing.js'
import { acceptTestStep, testStep, writeFacts } from './facts.testing.js'
import { readSnapshot } from './snapshot.js'

const NOW = new Date(Date.UTC(2026, 2, 1))
const SEEN = new Date(NOW.getTime() - 3_600_000)
const INPUT = {
  segments: [{ id: 'seen', definition: { name: 'Seen', who: { performed: 'Seen' } } }],
  timeZone: 'UTC',
}

describe('a snapshot of facts', function () {
  this.timeout(120_000)
  let engine: TestEngine
  before(async () => {
    engine = await openTestEngine()
  })
  beforeEach(async () => {
    await engine.clear()
    await writeFacts(engine.warehouse, {
      nodes: [1, 2].map((node) => ({ node, type: 'email', value: `v${node}` })),
      events: [
        { node: 1, event: 'Seen', ts: SEEN },
        { node: 2, event: 'Left', ts: SEEN },
      ],
    })
  })
  after(() => engine.close())

  /** Refreshes segments while an attempt that was given up writes an event of node 2. */
  const refreshBeside = async (loadId: () => string) => {
    const { warehouse } = engine
    let zombie: Promise<void> | undefined
    const context = {
      ...testStep(warehouse, NOW),
      progress: (text: string) => {
        if (text.startsWith('evaluating')) zombie ??= writeLate(loadId())
      },
    }
    // The event is there before the first condition asks for it.
    const command = warehouse.command.bind(warehouse)
    const waiting = Object.create(warehouse, {
      command: {
        value: async (...given: Parameters<typeof command>) => {
          await zombie
          return command(...given)
        },
      },
    }) as typeof warehouse
    const { staged } = await stageSegments({ ...context, warehouse: waiting }, INPUT)
    await acceptTestStep(warehouse, staged!)
    return (await currentMembers(warehouse)).seen
  }

  const writeLate = async (loadId: string) => {
    const { warehouse } = engine
    const position = {
      lane: 'live',
      epoch: newLoadId(),
      base: 1,
      sequence: 2,
      generation: 1,
      fold: 0,
      building: false,
    }
    const key = { source: 'cdp', stream: 'mapping/test' }
    await registerLoad(warehouse, key, position, loadId, { revision: 'test', runId: 'late' })
    await warehouse.command({
      query: `INSERT INTO cdp.events__rows (mapping, source, row, event, message_id, ts, received_at, node, _load_id, _generation)
        SELECT 'test', 'shop', 99, 'Seen', 'late', ts, ts, 2, ${loadId}, _generation FROM cdp.events__rows WHERE event = 'Left'`,
    })
  }

  it('does not show what an attempt writes that wakes up meanwhile', async () => {
    assert.deepEqual(await refreshBeside(newLoadId), [1])
  })

  it('is given up where such an attempt had drawn its load before', async () => {
    const early = newLoadId(Date.now() - 60_000)
    await assert.rejects(
      refreshBeside(() => early),
      /began late/,
    )
    assert.deepEqual(await refreshBeside(newLoadId), [1])
  })

  it('is worked out again where the ledger has changed, and only there', async () => {
    const { warehouse } = engine
    const before = await readSnapshot(warehouse)
    assert.equal(await readSnapshot(warehouse), before)
    const loadId = newLoadId()
    await writeLate(loadId)
    const begun = await readSnapshot(warehouse)
    assert.deepEqual([before.hidden, begun.hidden, begun.newest], [[], [loadId], loadId])
    assert.equal(await readSnapshot(warehouse), begun)
  })

  it('serves every step beside thousands of loads that came to nothing', async () => {
    const { warehouse } = engine
    await warehouse.command({
      query: `INSERT INTO tributary.loads (source, stream, lane, epoch, base, sequence, generation, fold, revision, run_id, event, load_id)
        SELECT 'cdp', 'mapping/test', 'live', 1, 0, 1, 1, 0, '', '', 'started', 100000000000000000 + number FROM numbers(20000)`,
    })
    await refreshIdentity(warehouse, { identifiers: { email: {} } })
    const traits = { computed: { times: { event: 'Seen', aggregate: 'count' as const } } }
    assert.equal(await refreshTraits(warehouse, traits, { now: NOW }), 'full')
    const { staged, report } = await stageSegments(testStep(warehouse, NOW), INPUT)
    assert.deepEqual(
      report.map(({ segment, size, error }) => [segment, size, error]),
      [
        ['_everyone', 2, undefined],
        ['seen', 1, undefined],
      ],
    )
    await acceptTestStep(warehouse, staged!)
    await writeFacts(warehouse, { events: [{ node: 2, event: 'Seen', ts: SEEN }] })
    assert.equal(await refreshTraits(warehouse, traits, { now: NOW, fullShare: 1 }), 'incremental')
    const again = await stageSegments(testStep(warehouse, NOW), { ...INPUT, dirtyShare: 1 })
    assert.deepEqual(
      again.report.map(({ segment, size, error }) => [segment, size, error]),
      [
        ['_everyone', 2, undefined],
        ['seen', 2, undefined],
      ],
    )
  })
})

import assert from 'node:assert/strict'
import type { ActivationPlan } from '../operations/activations/plan.js'
import {
  changesWords,
  historyTable,
  planLines,
  progressLine,
  reportLines,
  sampleTable,
} from './activation-words.js'
import type { Paint } from './output.js'

const plain: Paint = (_style, text) => text

const PLAN: NonNullable<ActivationPlan['plan']> = {
  plan: 'p1',
  hash: 'abcdef0123456789',
  activation: 'winback',
  revision: '0123456789abcdef',
  segment: 'lapsed',
  segmentVersion: 3,
  destination: 'crm',
  connector: 'destination-hubspot',
  object: 'contacts',
  mode: 'mirror',
  counts: {
    members: 1000,
    adds: 12,
    changes: 1,
    removes: 812,
    unchanged: 950,
    rejects: 2,
    unmatched: 3,
    withheld: 4,
    heldOut: 0,
    duplicates: 0,
  },
  guards: [
    { name: 'max_removes', breached: true, message: 'removes 812 of 1,775 records; at most 500 are allowed' },
    { name: 'max_adds', breached: false, message: 'adds 12 records' },
    { name: 'schema_drift', breached: true, final: true, message: 'crm has no object contacts any more' },
  ],
  onBreach: 'await_approval',
  approvalMs: 1,
  batches: 9,
  records: 825,
  finishes: false,
  estimatedSeconds: 1.8,
  repeatable: true,
  undo: 'none',
}
const REPORT: Omit<ActivationPlan, 'sample'> = {
  run: '0190a5c2-77a1-7f00-8000-000000000000',
  workflowId: 'activate/winback',
  activation: 'winback',
  reason: 'manual',
  outcome: 'partial',
  adds: 12,
  changes: 1,
  removes: 0,
  rejects: 2,
  acknowledged: 11,
  withheld: 4,
  repeated: 1,
  guards: [],
  approval: { by: 'eve', at: '2026-11-24T18:00:00.000Z', approved: true, note: 'the list is clean' },
  seconds: 3.24,
  startedAt: '2026-11-24T17:59:00.000Z',
  error: { type: 'RateLimited', message: 'writing contacts: 429; wait' },
}

describe('words about activations', () => {
  it('say what changes', () => {
    assert.deepEqual(
      [
        { adds: 0, changes: 0, removes: 0 },
        { adds: 1, changes: 0, removes: 2000 },
      ].map(changesWords),
      ['no changes', '1 add, 2,000 removes'],
    )
  })

  it('say of a plan what it sends, whom it leaves out, and what stands against it', () => {
    assert.deepEqual(planLines(PLAN, plain), [
      'lapsed → crm/contacts (mirror): 12 adds, 1 change, 812 removes; 825 records in 9 batches, about 1.8 s',
      '1,000 members: 950 unchanged, 2 rejected, 3 without a value to match by, 4 without consent',
      'guard: removes 812 of 1,775 records; at most 500 are allowed',
      'guard: crm has no object contacts any more (nobody may approve this)',
      'this cannot be taken back',
      'after a crash the destination may see one batch twice',
      'plan abcdef012345 of revision 0123456789ab',
    ])
  })

  it('say of a plan of mode full that everybody is sent', () => {
    const counts = { ...PLAN.counts, adds: 0, changes: 0, removes: 0 }
    const heads = [
      { ...PLAN, mode: 'full' as const, counts, records: 1, batches: 1 },
      { ...PLAN, counts, records: 0, batches: 0 },
    ].map((plan) => planLines(plan, plain)[0])
    assert.deepEqual(heads, [
      'lapsed → crm/contacts (full): no changes; 1 record in 1 batch, about 1.8 s',
      'lapsed → crm/contacts (mirror): no changes; nothing to send',
    ])
  })

  it('say of a run what became of it, and what to do', () => {
    assert.deepEqual(reportLines(REPORT, plain), [
      '! partial  winback: 12 adds, 1 change, 11 acknowledged in 3.2 s  0190a5c2-77a1-7f00-8000-000000000000',
      'approved by eve, 2026-11-24 18:00:00: the list is clean',
      '4 without consent',
      '1 batch may have arrived twice',
      '2 rejects: tributary activate rejects winback',
      'RateLimited: writing contacts: 429; wait',
    ])
  })

  it('say of a run that goes on where it stands', () => {
    const progress = { acknowledged: 1200, rejected: 3 }
    const about = { activation: 'winback', plan: { records: 5000 }, progress }
    assert.deepEqual(
      [
        { activation: 'winback', phase: 'planning', progress: { acknowledged: 0, rejected: 0 } },
        { ...about, phase: 'sending' },
        { ...about, phase: 'sleeping', until: '2026-11-24T18:00:00.000Z' },
      ].map(progressLine),
      [
        'winback: planning',
        'winback: sending: 1,200 of 5,000 acknowledged, 3 rejected',
        'winback: sleeping until 2026-11-24 18:00:00: 1,200 of 5,000 acknowledged, 3 rejected',
      ],
    )
  })

  it('show records and runs as tables', () => {
    assert.equal(
      sampleTable([
        {
          change: 'change',
          operation: 'upsert',
          profile: 'p1',
          match: { email: 'ada@example.com' },
          fields: { city: 'Paris', ltv: null },
          before: { city: 'Lyon' },
          changed: ['city'],
          sent: true,
        },
      ]),
      [
        'change  match                  fields             before',
        'change  email ada@example.com  city Paris, ltv —  city Lyon',
      ].join('\n'),
    )
    assert.equal(historyTable([], plain), 'nothing has run yet')
    const undo = { ...REPORT, reason: 'undo' as const, undoes: '0190a5c2-6000-7f00-8000-000000000000' }
    assert.match(
      historyTable([undo], plain),
      /winback {5}! partial {2}undo of 0190a5c2-6000 +12 +1 +0 +11 +2 +3\.2 s/,
    )
  })
})

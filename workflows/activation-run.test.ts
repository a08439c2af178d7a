import assert from 'node:assert/strict'
import type { PlanSummary } from '@tributary/schemas'
import type { ActivationReport, DeliveryProgress } from './activation-contract.js'
import { activationDetails, activationSummary, reportDetails } from './activation-details.js'
import { ActivationRun, breachesOf } from './activation-run.js'

const plan: PlanSummary = {
  plan: 'plan-1',
  hash: 'a'.repeat(64),
  activation: 'winback',
  revision: 'b'.repeat(64),
  segment: 'lapsed',
  segmentVersion: 3,
  destination: 'crm',
  connector: '@tributary/destination-webhook',
  object: 'records',
  mode: 'mirror',
  counts: {
    members: 1000,
    adds: 10,
    changes: 5,
    removes: 300,
    unchanged: 985,
    rejects: 2,
    unmatched: 1,
    withheld: 4,
    heldOut: 0,
    duplicates: 0,
  },
  guards: [
    { name: 'max_removes', breached: true, message: 'removes 300 of 1,000 records; at most 100 are allowed' },
    { name: 'empty_segment', breached: false, message: 'the segment has 1,000 members' },
  ],
  onBreach: 'await_approval',
  approvalMs: 1000,
  batches: 4,
  records: 315,
  finishes: false,
  estimatedSeconds: 1,
  repeatable: true,
  undo: 'inverse',
}
const progress: DeliveryProgress = { batches: 4, acknowledged: 312, rejected: 1, withheld: 2, repeated: 1 }
const ids = { run: 'run-1', workflowId: 'activate/winback' }

const newRun = () => new ActivationRun({ activation: 'winback', reason: 'manual' }, 0)

describe('an activation’s run', () => {
  it('takes one decision, on the plan that waits and no other', () => {
    const run = newRun()
    const approval = { hash: plan.hash, approved: true, by: 'ada' }
    assert.match(run.refusalOf(approval)!, /no plan waits/)
    run.planned(plan)
    run.awaitApproval('2026-11-30T00:00:00.000Z')
    assert.match(run.refusalOf({ ...approval, hash: 'c'.repeat(64) })!, /the plan that waits is aaaaaaaaaaaa/)
    assert.equal(run.refusalOf(approval), undefined)
    run.decide(approval, 1000)
    assert.match(run.refusalOf(approval)!, /no plan waits/)
    assert.deepEqual(run.approval, { approved: true, by: 'ada', at: '1970-01-01T00:00:01.000Z' })
  })

  it('tells all that became of it', () => {
    const run = newRun()
    run.planned(plan)
    run.send()
    run.advance({ progress, done: true })
    run.end(run.sentOutcome())
    const expected: ActivationReport = {
      ...ids,
      activation: 'winback',
      reason: 'manual',
      outcome: 'partial',
      adds: 10,
      changes: 5,
      removes: 300,
      rejects: 3,
      acknowledged: 312,
      withheld: 6,
      repeated: 1,
      guards: plan.guards,
      plan,
      seconds: 2,
      startedAt: '1970-01-01T00:00:00.000Z',
    }
    assert.deepEqual(run.report(ids, 2000), expected)
  })

  it('goes on in another execution where it stood', () => {
    const run = newRun()
    run.planned(plan)
    run.advance({ progress, done: false })
    const resumed = new ActivationRun({ ...run.input, resumed: run.resumed() }, 5000)
    assert.deepEqual(resumed.progress(), { activation: 'winback', phase: 'planning', plan, progress })
    assert.equal(resumed.startedAtMs, 0)
  })

  it('that failed before its plan says so with zeros', () => {
    const run = newRun()
    run.end('failed', { type: 'AuthExpired', message: 'writing to crm: 401; renew the token' })
    const report = run.report(ids, 1000)
    assert.deepEqual(
      [report.outcome, report.adds, report.acknowledged, report.guards, report.error?.type],
      ['failed', 0, 0, [], 'AuthExpired'],
    )
  })

  it('names the guards that its plan is beyond', () => {
    assert.deepEqual(breachesOf(plan), [plan.guards[0]])
  })
})

describe('the details of an activation’s run', () => {
  it('show what waits for an approval, and how to give it', () => {
    const run = newRun()
    run.planned(plan)
    run.awaitApproval('2026-11-30T00:00:00.000Z')
    const details = activationDetails(run.progress())
    assert.match(details, /waiting for approval until 2026-11-30T00:00:00.000Z/)
    assert.match(details, /max_removes\*\*: removes 300 of 1,000 records/)
    assert.match(details, /tributary activate approve winback --hash aaaaaaaaaaaa/)
    assert.match(details, /\| 1,000 \| 10 \| 5 \| 300 \| 985 \| 2 \|/)
  })

  it('of the end say what was sent, what may have arrived twice, and what was rejected', () => {
    const run = newRun()
    run.planned(plan)
    run.advance({ progress, done: true })
    run.end('partial')
    const report = run.report(ids, 2000)
    assert.equal(activationSummary(report), 'winback: partial, 312 records acknowledged, 3 rejected in 2.0 s')
    const details = reportDetails(report)
    assert.match(details, /1 batch may have arrived twice/)
    assert.match(details, /tributary activate rejects winback/)
  })

  it('of a stopped run name the guard', () => {
    const run = newRun()
    run.planned(plan)
    run.end('stopped')
    assert.match(activationSummary(run.report(ids, 0)), /stopped.*max_removes: removes 300/)
  })
})

/** A segment reaches a tool: planned, sent, kept in step, guarded, approved, refused, taken back. */
import assert from 'node:assert/strict'
import { applyActivation } from '../../operations/activations/apply.js'
import { decide, waitingPlan } from '../../operations/activations/decide.js'
import { followActivation } from '../../operations/activations/follow.js'
import { resumeActivation } from '../../operations/activations/hold.js'
import { activationStatus } from '../../operations/activations/list.js'
import { planActivation } from '../../operations/activations/plan.js'
import { activationHistory } from '../../operations/activations/recorded.js'
import { activationRejects } from '../../operations/activations/rejects.js'
import { undoRun } from '../../operations/activations/undo.js'
import type { ActivationReport } from '../../workflows/activation-contract.js'
import { type Audience, customer, customers, PARISIANS, startAudience } from '../support/audience.js'
import { until } from '../support/until.js'

const NAME = 'parisians'

describe('an activation', function () {
  this.timeout(180_000)
  let audience: Audience

  before(async () => {
    audience = await startAudience()
  })
  after(() => audience?.stop())

  const context = () => audience.stack.context
  const run = async (): Promise<ActivationReport> =>
    followActivation(context(), await applyActivation(context(), NAME, { author: 'test' }))
  const figures = ({ outcome, adds, changes, removes, rejects, acknowledged }: ActivationReport) => ({
    outcome,
    adds,
    changes,
    removes,
    rejects,
    acknowledged,
  })
  const NOTHING = { outcome: 'succeeded', adds: 0, changes: 0, removes: 0, rejects: 0, acknowledged: 0 }
  const emails = () =>
    [...audience.mailer.recipients.keys()]
      .map((match) => (JSON.parse(match) as { email: string }).email)
      .sort()

  it('sends nothing before its segment was evaluated, and says so', async () => {
    await audience.haveCustomers(customers(1, 10))
    const report = await run()
    assert.equal(report.outcome, 'stopped', report.error?.message)
    assert.match(report.guards.find(({ breached }) => breached)!.message, /evaluated/)
    assert.equal(audience.mailer.recipients.size, 0)
  })

  it('plans without sending, and shows some records', async () => {
    await audience.refresh()
    const plan = await planActivation(context(), NAME, { author: 'test', sample: 2 })
    assert.deepEqual(figures(plan), { ...NOTHING, outcome: 'planned', adds: 10 })
    assert.equal(plan.sample.length, 2)
    assert.equal(audience.mailer.recipients.size, 0)
  })

  it('sends all members, and could take that back from the moment at which it is recorded', async () => {
    const { runId } = await applyActivation(context(), NAME, { author: 'test' })
    // Asked without a pause: the run's execution is open for a moment more.
    const isRecorded = async () =>
      (await activationHistory(context(), { activation: NAME, limit: 1 }))[0]?.run === runId
    while (!(await isRecorded()));
    const undo = await undoRun(context(), runId, { author: 'test', planOnly: true })
    assert.deepEqual(figures(await followActivation(context(), undo)), {
      ...NOTHING,
      outcome: 'planned',
      removes: 10,
    })
    assert.equal(audience.mailer.recipients.size, 10)
  })

  it('sends every record once, and then nothing', async () => {
    assert.deepEqual(audience.mailer.recipients.get('{"email":"c3@example.com"}'), {
      name: 'Customer 3',
      origin: 'tributary',
    })
    assert.deepEqual(figures(await run()), NOTHING)
    assert.equal(audience.mailer.taken.size, 1)
  })

  it('sends only what changed: who came, who went, whose values are others', async () => {
    await audience.haveCustomers([
      ...customers(3, 11),
      customer(1, { city: 'Lyon' }),
      customer(2, { name: 'Two' }),
    ])
    await audience.refresh()
    assert.deepEqual(figures(await run()), {
      ...NOTHING,
      adds: 1,
      changes: 1,
      removes: 1,
      acknowledged: 3,
    })
    assert.deepEqual(audience.mailer.recipients.get('{"email":"c2@example.com"}')?.name, 'Two')
    assert.ok(!emails().includes('c1@example.com'))
    assert.ok(emails().includes('c11@example.com'))
  })

  it('sends nothing when two people with one address become one', async () => {
    await audience.haveCustomers([...customers(2, 11), customer(12, { email: 'c11@example.com' })])
    await audience.refresh()
    assert.equal((await run()).removes, 0)
    const before = emails()
    await audience.haveCustomers([...customers(2, 11)])
    await audience.refresh()
    assert.deepEqual([(await run()).removes, emails()], [0, before])
  })

  it('waits where it would remove too many, and nothing is removed before somebody approves that very plan', async () => {
    await audience.haveCustomers(customers(2, 4))
    await audience.refresh()
    const started = await applyActivation(context(), NAME, { author: 'test' })
    const following = followActivation(context(), started)
    await until(async () => (await activationStatus(context(), NAME)).state === 'waiting for approval')
    const waiting = await waitingPlan(context(), NAME)
    assert.equal(waiting.plan.counts.removes, 7)
    assert.equal(audience.mailer.recipients.size, 10)
    const client = await context().temporal()
    const described = await client.workflow.getHandle(started.workflowId).describe()
    assert.deepEqual(described.searchAttributes.SyncOutcome, ['waiting for approval'])
    await assert.rejects(
      decide(context(), waiting, { hash: 'f'.repeat(64), approved: true, by: 'test' }),
      /is another one|the plan that waits is/,
    )
    await decide(context(), waiting, { hash: waiting.plan.hash, approved: true, by: 'ada' })
    const report = await following
    assert.deepEqual(figures(report), { ...NOTHING, removes: 7, acknowledged: 7 })
    assert.equal(report.approval?.by, 'ada')
    assert.deepEqual(emails(), ['c2@example.com', 'c3@example.com', 'c4@example.com'])
  })

  it('takes a run back, and is paused until somebody resumes it', async () => {
    const [last] = await activationHistory(context(), { activation: NAME, limit: 1 })
    const undone = await followActivation(context(), await undoRun(context(), last!.run, { author: 'test' }))
    assert.deepEqual(figures(undone), { ...NOTHING, adds: 7, acknowledged: 7 })
    assert.equal(audience.mailer.recipients.size, 10)
    assert.equal((await activationStatus(context(), NAME)).state, 'paused')
    await resumeActivation(context(), NAME, { by: 'test' })
    assert.equal((await activationStatus(context(), NAME)).state, 'idle')
  })

  it('ends without sending when its plan is refused', async () => {
    const started = await applyActivation(context(), NAME, { author: 'test' })
    const following = followActivation(context(), started)
    await until(async () => (await activationStatus(context(), NAME)).state === 'waiting for approval')
    const waiting = await waitingPlan(context(), NAME)
    await decide(context(), waiting, { hash: waiting.plan.hash, approved: false, by: 'ada', note: 'no' })
    assert.equal((await following).outcome, 'refused')
    assert.equal(audience.mailer.recipients.size, 10)
  })

  it('never empties an audience because everybody is gone', async () => {
    await audience.haveCustomers([customer(99, { city: 'Lyon' })])
    await audience.refresh()
    const started = await applyActivation(context(), NAME, { author: 'test' })
    const following = followActivation(context(), started)
    await until(async () => (await activationStatus(context(), NAME)).state === 'waiting for approval')
    const waiting = await waitingPlan(context(), NAME)
    const breached = waiting.plan.guards.filter((guard) => guard.breached).map(({ name }) => name)
    assert.deepEqual(breached.sort(), ['empty_segment', 'max_removes'])
    await decide(context(), waiting, { hash: waiting.plan.hash, approved: false, by: 'ada' })
    await following
    assert.equal(audience.mailer.recipients.size, 10)
  })

  it('follows each refresh where its file says so, and honours consent', async () => {
    await audience.change({
      [`activations/${NAME}.yaml`]: `${PARISIANS}consent: [marketing]\ntrigger: after_refresh\n`,
    })
    await audience.haveCustomers(
      [...customers(2, 11), customer(5, { consent: false })].filter(
        ({ id, consent }) => id !== 5 || !consent,
      ),
    )
    await audience.refresh()
    await until(() => !emails().includes('c5@example.com'))
    await until(
      async () =>
        (await activationHistory(context(), { activation: NAME, limit: 1 }))[0]?.reason === 'after_refresh',
    )
    const [last] = await activationHistory(context(), { activation: NAME, limit: 1 })
    assert.deepEqual([last!.outcome, last!.removes, last!.withheld], ['succeeded', 1, 1])
  })

  it('has no rejects where every record was taken', async () => {
    assert.deepEqual(await activationRejects(context(), NAME), [])
  })
})

/** A run of an activation that fails half-way says what it has sent, and can be taken back. */
import assert from 'node:assert/strict'
import { applyActivation } from '../../operations/activations/apply.js'
import { followActivation } from '../../operations/activations/follow.js'
import { undoRun } from '../../operations/activations/undo.js'
import { type Audience, customers, startAudience } from '../support/audience.js'

const NAME = 'parisians'

describe('an activation that is cut short', function () {
  this.timeout(180_000)
  let audience: Audience
  let messages = 0
  let refuses = true

  before(async () => {
    audience = await startAudience({
      config: 'deduplicates: true, batch_size: 2',
      mailer: {
        answer: () => (refuses && ++messages > 2 ? { take: false, status: 401 } : { take: true }),
      },
    })
    await audience.haveCustomers(customers(1, 10))
    await audience.refresh()
  })
  after(() => audience?.stop())

  it('tells what was acknowledged by then, and takes that back', async () => {
    const { context } = audience.stack
    const failed = await followActivation(context, await applyActivation(context, NAME, { author: 'test' }))
    assert.deepEqual([failed.outcome, failed.error?.type, failed.acknowledged], ['failed', 'AuthExpired', 4])
    assert.equal(audience.mailer.recipients.size, 4)
    refuses = false
    const undone = await followActivation(context, await undoRun(context, failed.run, { author: 'test' }))
    // The two that were refused may have been taken, for all that the run knows.
    assert.deepEqual([undone.outcome, undone.removes, undone.acknowledged], ['succeeded', 6, 6])
    assert.equal(audience.mailer.recipients.size, 0)
  })
})

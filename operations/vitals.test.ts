import { deepEqual } from 'node:assert/strict'
import type { Client } from '@temporalio/client'
import { vitals } from './vitals.js'

/** A Temporal whose queues have this poller: a real one forgets a worker that died after five minutes only. */
function temporalOf(pollers: readonly object[]): Client {
  const client = {
    options: { namespace: 'default' },
    workflowService: { describeTaskQueue: async () => ({ pollers }) },
    withDeadline: async (_deadline: number, ask: () => unknown) => ask(),
  }
  // All of a client that is asked for here.
  return client as unknown as Client
}

describe('vitals', () => {
  const alive = { identity: 'worker:main', lastAccessTime: { seconds: Math.floor(Date.now() / 1000) } }
  const gone = { identity: 'worker:main', lastAccessTime: { seconds: 0 } }

  it('say whether workers take work', async () => {
    const found = [[alive], [gone], []].map((pollers) =>
      vitals({ temporal: async () => temporalOf(pollers) }),
    )
    deepEqual(await Promise.all(found), [
      { temporal: true, workers: true },
      { temporal: true, workers: false },
      { temporal: true, workers: false },
    ])
  })

  it('say nothing of workers where Temporal does not answer', async () => {
    const away = async () => {
      throw new Error('nobody there')
    }
    deepEqual(await vitals({ temporal: away }), { temporal: false, workers: null })
  })
})

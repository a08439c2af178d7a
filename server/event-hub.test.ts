import { deepEqual, equal } from 'node:assert/strict'
import type { ChangeMarks } from '../operations/change-marks.js'
import { createEventHub } from './event-hub.js'
import { ANYTHING, type ChangeHint, HintQueue } from './hint-queue.js'

const EVERY_MS = 5

/** The next hints, as many as asked for. */
async function take(hints: AsyncIterable<ChangeHint>, count: number): Promise<ChangeHint[]> {
  const taken: ChangeHint[] = []
  for await (const hint of hints) {
    taken.push(hint)
    if (taken.length === count) break
  }
  return taken
}

describe('hints of changes', () => {
  it('tell everybody who listens what is published here', async () => {
    const hub = createEventHub(async () => new Map(), EVERY_MS)
    const leave = new AbortController()
    const listeners = [1, 2, 3].map(() => take(hub.subscribe(leave.signal), 3))
    await nextTurn()
    hub.publish({ type: 'refresh', id: '' })
    hub.publish({ type: 'activation', id: 'winback' })
    const heard = [ANYTHING, { type: 'refresh', id: '' }, { type: 'activation', id: 'winback' }]
    deepEqual(await Promise.all(listeners), [heard, heard, heard])
  })

  it('tell what differs from one look to the next: new, changed, gone', async () => {
    const looks: ChangeMarks[] = [
      new Map([
        ['run sync/shop', 'a'],
        ['refresh ', '1'],
      ]),
      new Map([
        ['run sync/shop', 'b'],
        ['refresh ', '1'],
        ['activation winback', 'x'],
      ]),
      new Map([['run sync/shop', 'b']]),
    ]
    const hub = createEventHub(async () => (looks.length > 1 ? looks.shift()! : looks[0]!), EVERY_MS)
    deepEqual(await take(hub.subscribe(new AbortController().signal), 5), [
      ANYTHING,
      { type: 'run', id: 'sync/shop' },
      { type: 'activation', id: 'winback' },
      { type: 'refresh', id: '' },
      { type: 'activation', id: 'winback' },
    ])
  })

  it('tell whoever comes first that anything may have changed: nobody looked before', async () => {
    const hub = createEventHub(async () => new Map([['run sync/shop', 'a']]), EVERY_MS)
    deepEqual(await take(hub.subscribe(new AbortController().signal), 1), [ANYTHING])
  })

  it('tell whoever comes later what changed while nobody listened', async () => {
    let mark = 'a'
    const hub = createEventHub(async () => new Map([['run sync/shop', mark]]), EVERY_MS)
    await take(hub.subscribe(new AbortController().signal), 1)
    mark = 'b'
    deepEqual(await take(hub.subscribe(new AbortController().signal), 1), [{ type: 'run', id: 'sync/shop' }])
  })

  it('wait once each for a slow reader, and become one hint where they are too many', async () => {
    const queue = new HintQueue(new AbortController().signal)
    for (const id of ['a', 'b', 'a']) queue.put({ type: 'run', id })
    deepEqual(await take(queue.hints(), 2), [
      { type: 'run', id: 'a' },
      { type: 'run', id: 'b' },
    ])
    for (let id = 0; id <= 100; id += 1) queue.put({ type: 'run', id: String(id) })
    queue.put({ type: 'run', id: 'after' })
    deepEqual(await take(queue.hints(), 2), [ANYTHING, { type: 'run', id: 'after' }])
  })

  it('look only while somebody listens, and go on after a look that failed', async () => {
    let count = 0
    const hub = createEventHub(async () => {
      count += 1
      if (count === 2) throw new Error('the warehouse is away')
      return new Map([['run sync/shop', String(count)]])
    }, EVERY_MS)
    equal(count, 0)
    const heard = await take(hub.subscribe(new AbortController().signal), 2)
    equal(heard.length, 2)
    const after = count
    await nextTurn()
    await nextTurn()
    equal(count, after)
  })

  it('end with the signal', async () => {
    const hub = createEventHub(async () => new Map(), EVERY_MS)
    const leave = new AbortController()
    const listening = take(hub.subscribe(leave.signal), 2)
    await nextTurn()
    leave.abort()
    deepEqual(await listening, [ANYTHING])
  })
})

async function nextTurn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

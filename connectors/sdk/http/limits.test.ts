import assert from 'node:assert/strict'
import { createRateBudget, createSlots } from './limits.js'

const never = new AbortController().signal

describe('createRateBudget', () => {
  it('lets a second’s worth through at once and spaces the rest evenly', async () => {
    const waits: number[] = []
    const budget = createRateBudget(
      4,
      () => 0,
      async (ms) => void waits.push(ms),
    )
    for (let i = 0; i < 8; i++) await budget.take(never)
    assert.deepEqual(waits, [250, 500, 750, 1000])
  })
  it('refills with time, never beyond one second’s worth', async () => {
    let now = 0
    const waits: number[] = []
    const budget = createRateBudget(
      2,
      () => now,
      async (ms) => void waits.push(ms),
    )
    await budget.take(never)
    await budget.take(never)
    now = 3_600_000
    for (let i = 0; i < 3; i++) await budget.take(never)
    assert.deepEqual(waits, [500])
  })
  it('waits between requests that are rarer than one a second', async () => {
    const waits: number[] = []
    const budget = createRateBudget(
      0.5,
      () => 0,
      async (ms) => void waits.push(ms),
    )
    await budget.take(never)
    await budget.take(never)
    assert.deepEqual(waits, [2000])
  })
})

describe('createSlots', () => {
  it('gives turns in the order of arrival and no more than the limit', async () => {
    const slots = createSlots(2)
    const order: string[] = []
    const first = await slots.take(never)
    const second = await slots.take(never)
    const third = slots.take(never).then(() => order.push('third'))
    const fourth = slots.take(never).then(() => order.push('fourth'))
    await Promise.resolve()
    assert.deepEqual(order, [])
    second()
    second()
    await third
    assert.deepEqual(order, ['third'])
    first()
    await fourth
    assert.deepEqual(order, ['third', 'fourth'])
  })
  it('rejects a waiting caller when its signal aborts, and passes its turn on', async () => {
    const slots = createSlots(1)
    const release = await slots.take(never)
    const controller = new AbortController()
    const aborted = slots.take(controller.signal)
    const next = slots.take(never)
    controller.abort(new Error('stop'))
    await assert.rejects(aborted, { message: 'stop' })
    release()
    ;(await next)()
    await assert.rejects(slots.take(controller.signal), { message: 'stop' })
  })
})

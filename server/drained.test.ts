import { deepEqual, rejects } from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { writeDrained } from './drained.js'

const HOLD = new AbortController().signal

describe('writing to a slow reader', () => {
  it('goes on once there is room', async () => {
    const to = new PassThrough({ highWaterMark: 4 })
    const written = writeDrained(to, 'a long word', HOLD)
    to.resume()
    await written
    deepEqual(to.writableNeedDrain, false)
  })

  it('ends with the signal', async () => {
    const to = new PassThrough({ highWaterMark: 4 })
    const leave = new AbortController()
    const written = writeDrained(to, 'a long word', leave.signal)
    leave.abort()
    await rejects(written, { name: 'AbortError' })
  })

  it('ends where nothing is read for too long', async () => {
    const to = new PassThrough({ highWaterMark: 4 })
    await rejects(writeDrained(to, 'a long word', HOLD, 1), { name: 'TimeoutError' })
  })
})

import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { guardedRead } from './guarded-read.js'

describe('a guarded read', () => {
  const { signal } = new AbortController()
  const read = async (body: Readable, stallMs?: number, of: AbortSignal = signal): Promise<string> => {
    let text = ''
    for await (const chunk of guardedRead(body, 'reading x', of, stallMs)) text += String(chunk)
    return text
  }

  it('gives the bytes as they are', async () => {
    const body = Readable.from([Buffer.from('a'), Buffer.from('b')])
    assert.deepEqual([await read(body), body.destroyed], ['ab', true])
  })
  it('says that the connection broke', () => {
    const body = Readable.from(
      (async function* () {
        yield Buffer.from('a')
        throw new Error('aborted')
      })(),
    )
    return assert.rejects(read(body), {
      kind: 'NetworkError',
      message: 'reading x: the connection broke; it is tried again',
    })
  })
  it('waits not for ever for bytes', () => {
    const body = new Readable({ read: () => undefined })
    return assert.rejects(read(body, 5), { kind: 'NetworkError' })
  })
  it('ends with the reason of the abort', () => {
    const controller = new AbortController()
    const body = new Readable({ read: () => undefined })
    controller.abort(new Error('cancelled'))
    body.destroy(new Error('cancelled'))
    return assert.rejects(read(body, 1000, controller.signal), { message: 'cancelled' })
  })
})

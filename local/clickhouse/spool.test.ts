/** The spool's bounds, without an engine. */
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toException } from './errors.js'
import { Spool } from './spool.js'

describe('local/clickhouse/spool', () => {
  const folder = mkdtempSync(join(tmpdir(), 'spool-'))
  after(() => rmSync(folder, { recursive: true }))

  async function* chunks(count: number, bytes: number): AsyncGenerator<Uint8Array> {
    for (let n = 0; n < count; n++) yield Buffer.alloc(bytes)
  }

  it('bounds the sum of its files and takes more once some are discarded', async () => {
    const spool = new Spool({ folder, limitBytes: 100, infileRoots: [] })
    const first = await spool.write(Buffer.alloc(10), chunks(5, 10), 0)
    assert.equal(first.bytes, 60)
    await assert.rejects(spool.write(Buffer.alloc(0), chunks(5, 10), 0), { code: 307, status: 413 })
    await assert.rejects(spool.write(Buffer.alloc(0), chunks(0, 0), 50), { code: 307, status: 413 })
    await first.discard()
    await first.discard()
    const second = await spool.write(Buffer.alloc(0), chunks(10, 10), 0)
    await second.discard()
    assert.deepEqual(readdirSync(folder), [])
  })

  it('says that the disk is full, in the engine’s words', async () => {
    const spool = new Spool({ folder, limitBytes: Number.MAX_SAFE_INTEGER, infileRoots: [] })
    await assert.rejects(spool.write(Buffer.alloc(0), chunks(0, 0), 2 ** 52), {
      code: 243,
      type: 'NOT_ENOUGH_SPACE',
    })
    const { code, type } = toException(
      Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }),
    )
    assert.deepEqual([code, type], [243, 'NOT_ENOUGH_SPACE'])
  })

  it('keeps nothing of a body that breaks off', async () => {
    const spool = new Spool({ folder, limitBytes: 100, infileRoots: [] })
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(10)
      throw new Error('aborted')
    }
    for (let n = 0; n < 50; n++) {
      await assert.rejects(spool.write(Buffer.alloc(0), broken(), 0), { message: 'aborted' })
    }
    assert.deepEqual(readdirSync(folder), [])
  })
})

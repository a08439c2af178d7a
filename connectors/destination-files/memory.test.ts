/** A file of any size is written in the memory of a few batches. */
import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { testWriteContext } from '@tributary/connector-sdk/testing'
import { fileObject } from './file-object.js'
import type { FilesConfig } from './spec.js'

const BATCHES = 60
const BATCH_RECORDS = 5000
const TEXT = 'lorem ipsum dolor sit amet '.repeat(15)
/** Of rows; the parts are larger. */
const FILE_BYTES = BATCHES * BATCH_RECORDS * TEXT.length
/** A row group of Parquet as rows and as columns, and what the collector has not taken yet. */
const LIMIT_BYTES = 100 << 20

describe('the memory of a large file', () => {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void

  for (const format of ['csv', 'parquet'] as const)
    it(`stays flat for ${FILE_BYTES >> 20} MB of ${format}`, async function () {
      this.timeout(120_000)
      const folder = await mkdtemp(join(tmpdir(), 'tributary-large-'))
      const config: FilesConfig = { location: { folder }, format, file_name: 'large' }
      const context = testWriteContext<FilesConfig>(config)
      let most = 0
      collectGarbage()
      const before = process.memoryUsage()
      const measure = (): void => {
        collectGarbage()
        const { heapUsed, arrayBuffers } = process.memoryUsage()
        most = Math.max(most, heapUsed + arrayBuffers - before.heapUsed - before.arrayBuffers)
      }
      const timer = setInterval(measure, 500)
      try {
        const operation = 'replace'
        for (let index = 0; index < BATCHES; index++) {
          const records = Array.from({ length: BATCH_RECORDS }, (_, n) => ({
            match: { id: index * BATCH_RECORDS + n },
            fields: { text: `${n} ${TEXT}` },
          }))
          await fileObject.write(context, { operation, records, index, idempotencyKey: `plan-${index}` })
        }
        const summary = { operation, batches: BATCHES, records: BATCHES * BATCH_RECORDS } as const
        await fileObject.finish?.(context, { ...summary, idempotencyKey: 'plan-end' })
        measure()
        assert.ok(most < LIMIT_BYTES, `memory grew by ${most >> 20} MB`)
        const [name] = (await readdir(folder)).filter((entry) => !entry.startsWith('.'))
        assert.ok(format === 'parquet' || (await stat(join(folder, name!))).size > FILE_BYTES)
      } finally {
        clearInterval(timer)
        context.close()
        await rm(folder, { recursive: true })
      }
    })
})

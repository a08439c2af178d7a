/** A file of 200 MB is read in the memory of a few blocks, by either path. */
import assert from 'node:assert/strict'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createGzip } from 'node:zlib'
import { testContext } from '@tributary/connector-sdk/testing'
import source from '@tributary/source-files'

const FILE_BYTES = 200 << 20
/** Two blocks of 32 MB in flight, and what the collector has not taken yet. */
const LIMIT_BYTES = 150 << 20

type Config = Parameters<typeof source.check>[0]['config']

describe('the memory of a large file', () => {
  let folder: string
  let rows = 0
  before(async function () {
    this.timeout(60_000)
    folder = await mkdtemp(join(tmpdir(), 'tributary-large-'))
    const file = await open(join(folder, 'large.ndjson'), 'w')
    for (let bytes = 0; bytes < FILE_BYTES; ) {
      const lines = Array.from(
        { length: 10_000 },
        (_, index) => `{"id":${rows + index},"text":"${'lorem ipsum '.repeat(20)}"}\n`,
      )
      rows += lines.length
      bytes += (await file.write(lines.join(''))).bytesWritten
    }
    await file.close()
    const zipped = createWriteStream(join(folder, 'large.ndjson.gz'))
    await pipeline(createReadStream(join(folder, 'large.ndjson')), createGzip({ level: 1 }), zipped)
  })
  after(() => rm(folder, { recursive: true }))

  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void

  for (const name of ['large.ndjson', 'large.ndjson.gz'])
    for (const path of ['rows', 'blocks'] as const)
      it(`stays flat for ${path} of ${name}`, async function () {
        this.timeout(120_000)
        // A second null value or a byte order mark would do the same: the file is cut and not passed on whole.
        const config: Config = {
          location: { folder },
          streams: [{ name: 'large', glob: name, format: path === 'rows' ? 'ndjson' : 'json' }],
        }
        const context = testContext<Config>(config, { path, fields: ['id', 'text'] })
        try {
          const [stream] = typeof source.streams === 'function' ? await source.streams(context) : []
          collectGarbage()
          const before = process.memoryUsage()
          let most = 0
          let read = 0
          for await (const message of stream!.read(context)) {
            if (message.type === 'records') read += message.records.length
            if (message.type !== 'checkpoint') continue
            collectGarbage()
            const { heapUsed, arrayBuffers } = process.memoryUsage()
            most = Math.max(most, heapUsed + arrayBuffers - before.heapUsed - before.arrayBuffers)
          }
          assert.ok(most < LIMIT_BYTES, `memory grew by ${most >> 20} MB`)
          assert.equal(read, path === 'rows' ? rows : 0)
        } finally {
          context.close()
        }
      })
})

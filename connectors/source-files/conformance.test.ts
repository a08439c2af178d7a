import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describeSource } from '@tributary/connector-sdk/testing'
import source from './index.js'
import type { FilesConfig } from './spec.js'

describe('source-files', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tributary-files-'))
    await mkdir(join(folder, 'empty'))
    let second = 1_700_000_000
    const write = async (name: string, content: string | Uint8Array): Promise<void> => {
      await mkdir(join(folder, name, '..'), { recursive: true })
      await writeFile(join(folder, name), content)
      second += 60
      await utimes(join(folder, name), second, second)
    }
    for (let file = 0; file < 3; file++) {
      const ids = Array.from({ length: 5 }, (_, index) => file * 5 + index)
      await write(
        `orders/${file}.csv`,
        `id,email,total,at\n${ids.map((id) => `${id},zoë${id}@example.com,${id}.50,2024-01-0${1 + (id % 9)}T10:00:00Z\n`).join('')}`,
      )
      await write(
        `events/${file}.ndjson.gz`,
        gzipSync(ids.map((id) => `{"id":${id},"tags":["a","é"],"context":{"page":${id}}}\n`).join('')),
      )
      await write(
        `members/${file}.json`,
        JSON.stringify({ data: ids.map((id) => ({ id, note: 'x'.repeat(id) })) }),
      )
    }
  })
  after(() => rm(folder, { recursive: true }))

  const streams: FilesConfig['streams'] = [
    { name: 'orders', glob: 'orders/*.csv', primary_key: ['id'] },
    { name: 'events', glob: 'events/*.gz' },
    { name: 'members', glob: 'members/*.json', json: { path: 'data' }, primary_key: ['id'] },
  ]
  describeSource(source, {
    config: () => ({ location: { folder }, streams }),
    badConfig: () => ({ location: { folder: join(folder, 'nowhere') } }),
    empty: () => ({ location: { folder: join(folder, 'empty') }, streams }),
    lostCursor: { stream: 'orders', state: { sketch: 'AAAA', files: 1 } },
    backfill: false,
  })
})

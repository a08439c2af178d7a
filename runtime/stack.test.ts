import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readStack, type StackRecord, stackPaths } from './stack.js'

const RECORD: StackRecord = {
  version: 1,
  ready: true,
  supervisor: { name: 'supervisor', pid: 1, startedAt: '1' },
  temporal: { address: '127.0.0.1:7000', namespace: 'local', ui: 'http://127.0.0.1:8000' },
  clickhouse: { url: 'http://127.0.0.1:9000', user: 'tributary' },
  server: { url: 'http://127.0.0.1:3000' },
  workers: 1,
  processes: [],
}

describe('readStack', () => {
  let dir: string

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tributary-stack-'))
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  const writeStack = async () => {
    const paths = stackPaths(dir)
    await mkdir(paths.dir)
    await writeFile(paths.record, JSON.stringify(RECORD))
    await writeFile(paths.password, 'secret\n')
  }

  it('knows nothing without a stack and an environment', async () => {
    assert.deepEqual(await readStack(dir, {}), {
      temporal: undefined,
      clickhouse: undefined,
      server: undefined,
    })
  })

  it('reads the local stack with its password', async () => {
    await writeStack()
    assert.deepEqual(await readStack(dir, {}), {
      temporal: { address: '127.0.0.1:7000', namespace: 'local' },
      clickhouse: { url: 'http://127.0.0.1:9000', user: 'tributary', password: 'secret' },
      server: { url: 'http://127.0.0.1:3000' },
    })
  })

  it('lets the environment decide, and never sends the local password elsewhere', async () => {
    await writeStack()
    const env = {
      TEMPORAL_ADDRESS: 'temporal:7233',
      TEMPORAL_NAMESPACE: 'shop',
      CLICKHOUSE_URL: 'https://ch:8443',
    }
    assert.deepEqual(await readStack(dir, env), {
      temporal: { address: 'temporal:7233', namespace: 'shop' },
      clickhouse: { url: 'https://ch:8443', user: 'default', password: '' },
      server: { url: 'http://127.0.0.1:3000' },
    })
  })
})

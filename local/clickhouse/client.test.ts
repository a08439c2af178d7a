/** The client's checks against the local engine, and against a server where CLICKHOUSE_URL names one. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeClickHouseClient } from './clickhouse-checks.js'
import { type ClickHouseProcess, startClickHouse } from './launch.js'

describe('local/clickhouse', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'clickhouse-'))
  let running: ClickHouseProcess
  before(async () => {
    running = await startClickHouse({ dataDir, user: 'tributary', password: 'secret' })
  })
  after(async () => {
    await running.stop()
    rmSync(dataDir, { recursive: true })
  })
  describeClickHouseClient('the local engine', () => ({
    url: running.url,
    username: 'tributary',
    password: 'secret',
  }))
})

const url = process.env.CLICKHOUSE_URL
if (url) {
  describeClickHouseClient('the server of CLICKHOUSE_URL', () => ({
    url,
    username: process.env.CLICKHOUSE_USER ?? 'default',
    password: process.env.CLICKHOUSE_PASSWORD ?? '',
  }))
}

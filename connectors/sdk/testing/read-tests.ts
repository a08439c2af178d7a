/** Conformance: what is read matches the catalogue, completely and every time alike. */
import assert from 'node:assert/strict'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { validateConfig } from '../config/validate.js'
import { DELETED_FIELD, type StreamDefinition } from '../contract.js'
import { readStream } from '../read-stream.js'
import { withStreamDefaults } from './collect.js'
import { type Driver, sortedRecords } from './driver.js'
import { recordCheck } from './record-schema.js'

export function registerReadTests<Config>(driver: Driver<Config>): void {
  const { options } = driver
  describe('read', () => {
    it('yields records of every stream', () =>
      driver.each(async (stream) => {
        const { records } = await driver.reference(stream)
        assert.ok(records.length > 0, 'there are no records to test with')
      }))
    it('yields records that match the schema', () =>
      driver.each(async (stream) => {
        const check = recordCheck(stream.schema, options.strictSchema === false)
        for (const path of ['blocks', 'rows'] as const) {
          const { records } = await driver.read(stream, { path })
          assert.deepEqual([...new Set(records.flatMap(check))], [])
        }
      }))
    it('yields the same as blocks and as rows', () =>
      driver.each(async (stream) => {
        const rows = await driver.read(stream, { path: 'rows' })
        const blocks = await driver.reference(stream)
        assert.equal(rows.records.length, blocks.records.length)
      }))
    it('yields keys that are unique and, like cursors, never null', () =>
      driver.each(async (stream) => {
        const { records } = await driver.reference(stream)
        const { primaryKey = [], cursor } = stream
        for (const name of [...primaryKey, ...(cursor?.field === undefined ? [] : [cursor.field])]) {
          const missing = records.filter(
            (record) => !record[DELETED_FIELD] && (record[name] ?? null) === null,
          )
          assert.equal(missing.length, 0, `${name} is null`)
        }
        if (primaryKey.length === 0) return
        const keys = records.map((record) => JSON.stringify(primaryKey.map((name) => record[name])))
        assert.equal(new Set(keys).size, keys.length, 'a key comes twice')
      }))
    it('yields the same records in two full refreshes', () =>
      driver.each(async (stream) => {
        const [first, second] = [await driver.reference(stream), await driver.read(stream)]
        assert.deepEqual(sortedRecords(second.records), sortedRecords(first.records))
      }))
    it('yields whole records when all but keys and cursors are left out', () =>
      driver.each(async (stream) => {
        const needed = new Set([
          ...(stream.primaryKey ?? []),
          ...(stream.cursor?.field ? [stream.cursor.field] : []),
        ])
        const fields = Object.keys(stream.schema.properties).filter((name) => needed.has(name))
        if (fields.length === 0) return
        const { records } = await driver.read(stream, { fields })
        const only = (record: Readonly<Record<string, unknown>>) =>
          Object.fromEntries(fields.map((name) => [name, record[name]]))
        const reference = await driver.reference(stream)
        assert.deepEqual(sortedRecords(records.map(only)), sortedRecords(reference.records.map(only)))
      }))
    it('ends with a checkpoint behind the last record, each state small JSON', () =>
      driver.each(async (stream) => {
        for (const syncMode of modesOf(stream)) {
          const { records, checkpoints } = await driver.read(stream, { syncMode })
          const whole = syncMode === 'full_refresh' && stream.resumable === false
          if (whole && checkpoints.length === 0) continue
          assert.equal(
            checkpoints.at(-1)?.recordsBefore,
            records.length,
            'records come after the last checkpoint',
          )
          for (const { state } of checkpoints)
            assert.deepEqual(JSON.parse(JSON.stringify(state)), plain(state))
        }
      }))

    const { empty, long } = options
    if (empty) {
      it('reads empty streams as empty', async () => {
        const changed = await empty(options.server ? driver.server() : (undefined as never))
        const config = changed ? validateConfig<Config>(driver.source.spec, changed) : driver.config()
        await driver.each(async (stream) => {
          for (const syncMode of modesOf(stream)) {
            assert.deepEqual((await driver.read(stream, { syncMode }, config)).records, [])
          }
        })
      })
    }
    if (long) {
      it('keeps its memory flat over a long stream', async function () {
        this.timeout(180_000)
        const changed = await long.prepare?.(options.server ? driver.server() : (undefined as never))
        const config = changed ? validateConfig<Config>(driver.source.spec, changed) : driver.config()
        const stream = driver.streams().find(({ name }) => name === long.stream)
        assert.ok(stream, `there is no stream ${long.stream}`)
        const { rows, growth } = await measure(driver, stream, config)
        assert.ok(rows >= long.records, `there were ${rows} rows, not ${long.records}`)
        const limit = long.maxGrowthBytes ?? 64 * 1024 * 1024
        assert.ok(growth < limit, `memory grew by ${Math.round(growth / 1048576)} MiB`)
      })
    }
  })
}

export function modesOf<Config>(stream: StreamDefinition<Config>): ('full_refresh' | 'incremental')[] {
  return stream.cursor ? ['full_refresh', 'incremental'] : ['full_refresh']
}

/** Live bytes of the heap and of buffers after the first tenth of the messages, against the most seen later. */
async function measure<Config>(
  driver: Driver<Config>,
  stream: StreamDefinition<Config>,
  config: Config,
): Promise<{ rows: number; growth: number }> {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  const live = (): number => {
    collectGarbage()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return heapUsed + arrayBuffers
  }
  const context = driver.open({}, config)
  let rows = 0
  let base: number | undefined
  let most = 0
  let sampledAt = 0
  for await (const message of readStream(stream, withStreamDefaults(stream, context))) {
    if (message.type === 'records') rows += message.records.length
    if (message.type === 'block') rows += message.block.rows ?? 0
    if (rows - sampledAt < (driver.options.long?.records ?? 0) / 10) continue
    sampledAt = rows
    const now = live()
    base ??= now
    most = Math.max(most, now)
  }
  return { rows, growth: most - (base ?? most) }
}

/** Without undefined members, as JSON has it. */
function plain(state: object): unknown {
  return Object.fromEntries(
    Object.entries(state)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [
        key,
        typeof value === 'object' && value !== null && !Array.isArray(value) ? plain(value as object) : value,
      ]),
  )
}

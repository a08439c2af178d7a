/** Conformance: a stream goes on from any of its checkpoints and loses and repeats nothing; it ends when it is told to. */
import assert from 'node:assert/strict'
import type { StreamDefinition } from '../contract.js'
import { readStream } from '../read-stream.js'
import { type Collected, withStreamDefaults } from './collect.js'
import { type Driver, describeThrown, latestByKey, sortedRecords } from './driver.js'
import { modesOf } from './read-tests.js'

/** Checkpoints tried per stream; more are sampled evenly. */
const MOST_CHECKPOINTS = 12
/** An end that is asked for must come within this time. */
const END_WITHIN_MS = 5000

export function registerResumeTests<Config>(driver: Driver<Config>): void {
  describe('resume', () => {
    it('loses and repeats nothing from any checkpoint when it appends', () =>
      eachCheckpoint(driver, 'append', async (stream, first, rest, recordsBefore) => {
        const together = [...first.records.slice(0, recordsBefore), ...rest.records]
        assert.deepEqual(sortedRecords(together), sortedRecords(first.records))
        if (stream.primaryKey) assert.equal(together.length, first.records.length)
      }))
    it('loses nothing from any checkpoint when a table removes repeated keys', () =>
      eachCheckpoint(driver, 'append_dedup', async (stream, first, rest, recordsBefore) => {
        if (!stream.primaryKey) return
        const together = [...first.records.slice(0, recordsBefore), ...rest.records]
        assert.deepEqual(
          latestByKey(together, stream.primaryKey),
          latestByKey(first.records, stream.primaryKey),
        )
      }))
    it('finds nothing new at its last checkpoint', () =>
      driver.each(async (stream) => {
        if (!stream.cursor) return
        const first = await driver.read(stream, { syncMode: 'incremental' })
        const state = first.checkpoints.at(-1)?.state
        assert.ok(state, 'an incremental read has no checkpoint')
        const again = await driver.read(stream, { syncMode: 'incremental', state })
        assert.deepEqual(sortedRecords(again.records), [])
      }))
    it('re-reads no more than what it has when it looks back', () =>
      driver.each(async (stream) => {
        if (!stream.cursor || !stream.primaryKey) return
        const dedup = { syncMode: 'incremental', destinationSyncMode: 'append_dedup' } as const
        const first = await driver.read(stream, dedup)
        const state = first.checkpoints.at(-1)?.state
        const again = await driver.read(stream, {
          ...dedup,
          lookbackMs: 86_400_000,
          ...(state ? { state } : {}),
        })
        const known = new Set(sortedRecords(first.records))
        assert.deepEqual(
          sortedRecords(again.records).filter((record) => !known.has(record)),
          [],
        )
      }))
    if (driver.options.backfill !== false) registerBackfillTest(driver)
    registerEndTests(driver)
  })
}

/** Reads on from each checkpoint of a first read, in every mode that the stream has. */
async function eachCheckpoint<Config>(
  driver: Driver<Config>,
  destinationSyncMode: 'append' | 'append_dedup',
  test: (
    stream: StreamDefinition<Config>,
    first: Collected,
    rest: Collected,
    recordsBefore: number,
  ) => Promise<void>,
): Promise<void> {
  await driver.each(async (stream) => {
    for (const syncMode of modesOf(stream)) {
      const mode = { syncMode, destinationSyncMode } as const
      const first = await driver.read(stream, mode)
      for (const { state, recordsBefore } of sample(first.checkpoints)) {
        const rest = await driver.read(stream, { ...mode, state })
        await test(stream, first, rest, recordsBefore)
      }
    }
  })
}

function sample<T>(items: readonly T[]): T[] {
  const step = Math.max(1, items.length / MOST_CHECKPOINTS)
  const count = Math.min(items.length, MOST_CHECKPOINTS)
  return Array.from({ length: count }, (_, index) => items[Math.floor(index * step)]!)
}

function registerBackfillTest<Config>(driver: Driver<Config>): void {
  it('reads a window from its start to before its end', () =>
    driver.each(async (stream) => {
      const field = stream.cursor?.field ?? stream.cursor?.candidates?.[0]
      if (field === undefined) return
      const { records } = await driver.reference(stream)
      const values = [...new Set(records.map((record) => record[field] as string | number))].sort(
        compareCursors,
      )
      if (values.length < 3) return
      const [from, to] = [values[1]!, values.at(-1)!]
      const read = await driver.read(stream, {
        syncMode: 'incremental',
        window: { from: String(from), to: String(to) },
      })
      const inside = records.filter(
        (record) =>
          compareCursors(record[field] as string, from) >= 0 &&
          compareCursors(record[field] as string, to) < 0,
      )
      assert.deepEqual(sortedRecords(read.records), sortedRecords(inside))
      const behind = read.checkpoints.at(-1)?.recordsBefore ?? 0
      assert.equal(behind, read.records.length, 'records of the window come after its last checkpoint')
    }))
}

function compareCursors(a: string | number, b: string | number): number {
  if (Number.isFinite(Number(a)) && Number.isFinite(Number(b))) return Number(a) - Number(b)
  return a < b ? -1 : a > b ? 1 : 0
}

function registerEndTests<Config>(driver: Driver<Config>): void {
  it('ends soon when it is cancelled in the middle', () =>
    driver.each(async (stream) => {
      const controller = new AbortController()
      const context = driver.open({ signal: controller.signal })
      const reason = new Error('cancelled by the test')
      const reading = (async () => {
        for await (const _ of readStream(stream, withStreamDefaults(stream, context)))
          controller.abort(reason)
      })()
      await within(
        reading.catch((error: unknown) => void driver.said.push(describeThrown(error))),
        'reading went on after it was cancelled',
      )
    }))
  it('ends when its reader leaves after a checkpoint', () =>
    driver.each(async (stream) => {
      const context = driver.open()
      const reading = (async () => {
        for await (const { type } of readStream(stream, withStreamDefaults(stream, context))) {
          if (type === 'checkpoint') break
        }
      })()
      await within(reading, 'the generator did not return')
    }))
  it('leaves no socket, process or file open', async () => {
    const before = openResources()
    await driver.each(async (stream) => void (await driver.read(stream)))
    const context = driver.open()
    await driver.source.check(context)
    context.close()
    const deadline = performance.now() + 2000
    while (openResources() > before && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    assert.ok(openResources() <= before, `still open: ${process.getActiveResourcesInfo().join(', ')}`)
  })
}

function openResources(): number {
  return process
    .getActiveResourcesInfo()
    .filter((name) =>
      /^(TCPSocketWrap|TLSWrap|PipeWrap|ProcessWrap|FSReqCallback|FSReqPromise|FSEventWrap|WORKER)$/.test(
        name,
      ),
    ).length
}

async function within(work: Promise<unknown>, message: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), END_WITHIN_MS)
  })
  await Promise.race([work, late]).finally(() => clearTimeout(timer))
}

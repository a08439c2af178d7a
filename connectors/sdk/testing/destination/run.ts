/** A run of an activation as the runtime does it: batch by batch, jobs asked after, what failed for now written again. */
import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type {
  Batch,
  DestinationRecord,
  ObjectDefinition,
  Operation,
  RecordResult,
} from '../../destination.js'
import { isConnectorError } from '../../errors.js'
import type { JsonObject } from '../../json.js'
import { pollBatch, writeBatch } from '../../write-batch.js'
import { describeThrown } from '../driver.js'
import type { ObjectCase, VendorHandle } from './options.js'
import type { TestWriteContext, WriteContextOverrides } from './write-context.js'

/** A job must end within so many steps of the vendor. */
const MOST_POLLS = 200
/** So often a batch is written before the suite gives up. */
const MOST_ATTEMPTS = 5
/** The longest wait for a vendor whose jobs go on by themselves, milliseconds. */
const LONGEST_POLL_MS = 50
/** After these errors the runtime writes the batch again. */
const PASSING: readonly string[] = ['RateLimited', 'SourceUnavailable', 'NetworkError']

export interface TestRun {
  /** The next batch of the run. */
  batch(records: readonly DestinationRecord[]): Batch
  /** Writes a batch once, and asks after its job until the answers are there. */
  attempt(batch: Batch): Promise<readonly RecordResult[]>
  /** Writes a batch, again after errors and answers that pass, until each record has its answer. */
  deliver(batch: Batch): Promise<readonly RecordResult[]>
  /** {@link TestRun.deliver} of the next batch. */
  write(records: readonly DestinationRecord[]): Promise<readonly RecordResult[]>
  /** Ends the run, again after errors that pass. Repeating it changes nothing. */
  finish(): Promise<void>
}

/** What a run needs of the suite. */
export interface RunHost<Config> {
  vendor(): VendorHandle<Config>
  open(overrides: WriteContextOverrides<Config>, config?: Config): TestWriteContext<Config>
  object(object: ObjectCase): ObjectDefinition<Config>
  /** Takes what was said. */
  readonly said: string[]
}

export function createRun<Config>(
  host: RunHost<Config>,
  objectCase: ObjectCase,
  operation: Operation,
  overrides: WriteContextOverrides<Config> & { readonly run: string },
  config?: Config,
): TestRun {
  const object: ObjectDefinition<Config> = host.object(objectCase)
  let batches = 0
  let records = 0

  /** Each call has a context of its own: the runtime may make it in another process. */
  const inContext = async <T>(work: (context: TestWriteContext<Config>) => Promise<T>): Promise<T> => {
    const context = host.open(overrides, config)
    try {
      return await work(context)
    } catch (error) {
      host.said.push(describeThrown(error))
      throw error
    } finally {
      context.close()
    }
  }

  const run: TestRun = {
    batch(given) {
      const index = batches
      batches += 1
      records += given.length
      // The runtime writes the same batch again where it must: whoever changes it is told here.
      return frozen({ operation, records: given, index, idempotencyKey: `${overrides.run}-${index}` })
    },
    async attempt(batch) {
      let result = await inContext((context) => writeBatch(object, context, batch))
      for (let polls = 0; 'job' in result; polls++) {
        assert.ok(polls < MOST_POLLS, 'its job does not end')
        const job = throughJson(result.job)
        host.said.push(JSON.stringify(job))
        const { advance } = host.vendor()
        await (advance ? advance.call(host.vendor()) : delay(Math.min(LONGEST_POLL_MS, result.pollAfterMs)))
        result = await inContext((context) => pollBatch(object, context, structuredClone(batch), job))
      }
      host.said.push(JSON.stringify(result.results.filter(({ status }) => status !== 'ok')))
      return result.results
    },
    async deliver(batch) {
      const answers = new Map<DestinationRecord, RecordResult>()
      let part = batch
      for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
        const results = await passing(() => run.attempt(part))
        if (!results) continue
        part.records.forEach((record, position) => void answers.set(record, results[position]!))
        const again = part.records.filter((_, position) => results[position]!.status === 'retry')
        if (again.length === 0) return batch.records.map((record) => answers.get(record)!)
        // Other records are another batch.
        part = { ...batch, records: again, idempotencyKey: `${batch.idempotencyKey}-r${attempt}` }
      }
      return assert.fail(`there is no answer after ${MOST_ATTEMPTS} attempts`)
    },
    write: (given) => run.deliver(run.batch(given)),
    async finish() {
      const summary = { operation, batches, records, idempotencyKey: `${overrides.run}-end` }
      for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
        const finished = await passing(async () => {
          await inContext(async (context) => object.finish?.(context, summary))
          return true
        })
        if (finished) return
      }
      assert.fail(`it is not finished after ${MOST_ATTEMPTS} attempts`)
    },
  }
  return run
}

/** What the work resolves to; undefined when it failed for now. */
async function passing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (isConnectorError(error) && PASSING.includes(error.kind)) return undefined
    throw error
  }
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const item of Object.values(value)) frozen(item)
  return Object.freeze(value)
}

/** A job is kept as JSON between two calls. */
function throughJson(job: JsonObject): JsonObject {
  const read = JSON.parse(JSON.stringify(job)) as JsonObject
  assert.deepEqual(read, job, 'its job does not survive being kept as JSON')
  return read
}

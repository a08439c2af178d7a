/** For the tests: the destination over the stand-in, called as the runtime calls it. */
import type {
  Batch,
  DestinationRecord,
  JsonObject,
  ObjectDefinition,
  Operation,
  RecordResult,
  WriteResult,
} from '@tributary/connector-sdk'
import { type TestWriteContext, testWriteContext } from '@tributary/connector-sdk/testing'
import destination from '@tributary/destination-klaviyo'
import type { KlaviyoServer } from './klaviyo-server.js'

/** The shape of a config as a person writes it. */
export interface Config {
  api_key: string
  phone_region?: string
  api_url?: string
}

export interface Harness {
  context(config?: Partial<Config>): TestWriteContext<Config>
  objects(config?: Partial<Config>): Promise<readonly ObjectDefinition<Config>[]>
  object(name: string, config?: Partial<Config>): Promise<ObjectDefinition<Config>>
  /** One call of write. */
  write(name: string, batch: Batch): Promise<WriteResult>
  /** Writes, and polls until the answers are there; between two polls the account goes on by a step. */
  deliver(name: string, operation: Operation, records: readonly DestinationRecord[]): Promise<Delivery>
  close(): void
}

export interface Delivery {
  readonly results: readonly RecordResult[]
  /** The states of its jobs, in their order. */
  readonly jobs: readonly JsonObject[]
}

export function harness(klaviyo: KlaviyoServer): Harness {
  const opened: TestWriteContext<Config>[] = []
  const self: Harness = {
    context(config = {}) {
      const created = testWriteContext<Config>(
        { api_key: klaviyo.key, api_url: klaviyo.url, ...config },
        // The stand-in has no limits of its own, and the client's would make the tests wait.
        { spec: destination.spec, http: { requestsPerSecond: 10_000 } },
      )
      opened.push(created)
      return created
    },
    async objects(config) {
      if (typeof destination.objects !== 'function') throw new Error('discovering: the objects are fixed')
      return destination.objects(self.context(config))
    },
    async object(name, config) {
      const found = (await self.objects(config)).find((candidate) => candidate.name === name)
      if (!found) throw new Error(`finding ${name}: it was not discovered`)
      return found
    },
    async write(name, batch) {
      return (await self.object(name)).write(self.context(), batch)
    },
    async deliver(name, operation, records) {
      const object = await self.object(name)
      const batch = batchOf(operation, records)
      const jobs: JsonObject[] = []
      let result = await object.write(self.context(), batch)
      while ('job' in result) {
        if (jobs.length > 100) throw new Error('delivering: the job does not end')
        jobs.push(result.job)
        klaviyo.account.advance()
        result = await object.poll!(self.context(), batch, result.job)
      }
      return { results: result.results, jobs }
    },
    close() {
      for (const created of opened.splice(0)) created.close()
    },
  }
  return self
}

export function batchOf(operation: Operation, records: readonly DestinationRecord[]): Batch {
  return { operation, records, index: 0, idempotencyKey: 'plan-0' }
}

export const record = (match: JsonObject, fields: JsonObject = {}): DestinationRecord => ({ match, fields })
export const person = (n: number, fields: JsonObject = {}): DestinationRecord =>
  record({ email: `person.${n}@example.com` }, { first_name: `Zoë ${n}`, ...fields })

/** For the tests: the destination over the stand-in, called as the runtime calls it. */
import type {
  Batch,
  DestinationRecord,
  JsonObject,
  ObjectDefinition,
  Operation,
  WriteResult,
} from '@tributary/connector-sdk'
import { type TestWriteContext, testWriteContext } from '@tributary/connector-sdk/testing'
import destination from '@tributary/destination-hubspot'
import type { HubspotServer } from './hubspot-server.js'

/** The shape of a config as a person writes it. */
export interface Config {
  access_token: string
  allow_archive?: boolean
  phone_region?: string
  requests_per_second?: number
  api_url?: string
}

export interface Harness {
  context(config?: Partial<Config>): TestWriteContext<Config>
  objects(config?: Partial<Config>): Promise<readonly ObjectDefinition<Config>[]>
  object(name: string, config?: Partial<Config>): Promise<ObjectDefinition<Config>>
  write(
    name: string | ObjectDefinition<Config>,
    operation: Operation,
    records: readonly DestinationRecord[],
    config?: Partial<Config>,
  ): Promise<WriteResult>
  /** Closes what was opened. */
  close(): void
}

export function harness(hubspot: HubspotServer): Harness {
  const opened: TestWriteContext<Config>[] = []
  const context = (config: Partial<Config> = {}): TestWriteContext<Config> => {
    const created = testWriteContext<Config>(
      { access_token: hubspot.token, api_url: hubspot.url, requests_per_second: 100, ...config },
      { spec: destination.spec },
    )
    opened.push(created)
    return created
  }
  const objects = async (config?: Partial<Config>) => {
    if (typeof destination.objects !== 'function') throw new Error('discovering: the objects are fixed')
    return destination.objects(context(config))
  }
  const object = async (name: string, config?: Partial<Config>) => {
    const found = (await objects(config)).find((candidate) => candidate.name === name)
    if (!found) throw new Error(`finding ${name}: it was not discovered`)
    return found
  }
  return {
    context,
    objects,
    object,
    async write(named, operation, records, config) {
      const found = typeof named === 'string' ? await object(named, config) : named
      return found.write(context(config), batchOf(operation, records))
    },
    close() {
      for (const created of opened.splice(0)) created.close()
    },
  }
}

export function batchOf(operation: Operation, records: readonly DestinationRecord[]): Batch {
  return { operation, records, index: 0, idempotencyKey: 'plan-0' }
}

export const record = (match: JsonObject, fields: JsonObject = {}): DestinationRecord => ({ match, fields })
export const contact = (n: number, fields: JsonObject = {}): DestinationRecord =>
  record({ email: `person.${n}@example.com` }, { firstname: `Zoë ${n}`, ...fields })

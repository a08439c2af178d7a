/** Conformance against a faulty server: a read is complete or it fails with the right error; it is never short in silence. */
import assert from 'node:assert/strict'
import type { StreamDefinition } from '../contract.js'
import { type ConnectorErrorKind, isConnectorError } from '../errors.js'
import type { Collected } from './collect.js'
import { type Driver, describeThrown, latestByKey, sortedRecords } from './driver.js'
import type { Fault, FaultRequest } from './fault-server.js'
import { changedObjects, clockSkew, cutOnce, duplicatedPage, once, onceInTheMiddle } from './faults.js'

type Matches = (request: FaultRequest) => boolean

/** Faults that a reader must get over without a trace. */
const HARMLESS: readonly [string, (matches: Matches) => Fault][] = [
  ['a 429 with Retry-After', (matches) => once({ status: 429, headers: { 'retry-after': '0' } }, matches)],
  ['a 429 without Retry-After', (matches) => once({ status: 429 }, matches)],
  ['a 500', (matches) => once({ status: 500 }, matches)],
  [
    'a 502 with a page of HTML',
    (matches) => once({ status: 502, body: '<html>Bad Gateway</html>' }, matches),
  ],
  ['a 503 in the middle', (matches) => onceInTheMiddle({ status: 503 }, matches)],
  ['a connection that is hung up', (matches) => once({ hangUp: true }, matches)],
  ['a page that is cut in the middle', (matches) => cutOnce(matches)],
  ['slow answers', () => async (_, answer) => ({ ...(await answer()), delayMs: 15 })],
  ['a server whose clock is a day ahead', () => clockSkew(86_400_000)],
  ['a server whose clock is a day behind', () => clockSkew(-86_400_000)],
]

/** Faults that never pass, and what they must be called. */
const LASTING: readonly [string, Fault, readonly ConnectorErrorKind[]][] = [
  ['401', () => ({ status: 401, body: {} }), ['AuthExpired', 'ConfigInvalid']],
  ['403', () => ({ status: 403, body: {} }), ['PermissionDenied', 'ConfigInvalid', 'AuthExpired']],
  ['429', () => ({ status: 429 }), ['RateLimited']],
  ['500', () => ({ status: 500, body: {} }), ['SourceUnavailable']],
  ['broken connections', () => ({ hangUp: true }), ['NetworkError', 'SourceUnavailable']],
]

export function registerFaultTests<Config>(driver: Driver<Config>): void {
  describe('faults', () => {
    let listing: Matches
    before(async () => {
      await driver.each(async (stream) => void (await driver.reference(stream)))
      const { isListing } = driver.options
      listing = isListing ?? (await defaultListing(driver))
    })

    for (const [name, fault] of HARMLESS) {
      it(`gets over ${name}`, () =>
        driver.each(async (stream) => {
          driver.server().reset()
          driver.server().inject(fault(listing))
          await assertSame(driver, stream, await driver.read(stream))
        }))
    }
    for (const [name, fault, kinds] of LASTING) {
      it(`calls a server that only answers with ${name} ${kinds[0]}, after a few tries`, async () => {
        driver.server().inject(fault)
        await driver.each(async (stream) => {
          const { error } = await outcome(driver, stream)
          assertKind(error, kinds)
        })
        assert.ok(driver.server().requests.length <= 20 * driver.streams().length, 'it tries too often')
        driver.server().reset()
        driver.server().inject(fault)
        const error = await driver.source.check(driver.open()).catch((thrown: unknown) => thrown)
        driver.said.push(describeThrown(error))
        assertKind(error, kinds)
      })
    }
    it('gives a long rate limit to the caller at once, and goes on from its last checkpoint', () =>
      driver.each(async (stream) => {
        driver.server().reset()
        driver.server().inject(onceInTheMiddle({ status: 429, headers: { 'retry-after': '3600' } }, listing))
        const started = Date.now()
        const { error } = await outcome(driver, stream)
        if (error === undefined) return
        assertKind(error, ['RateLimited'])
        const until = isConnectorError(error) ? (error.until ?? 0) : 0
        assert.ok(
          until >= started + 3_590_000 && until <= Date.now() + 3_610_000,
          'it does not say until when',
        )
        driver.server().reset()
        await assertSame(driver, stream, await driver.read(stream))
      }))
    it('reads everything or says AuthExpired when the token is rotated in the middle', () =>
      driver.each(async (stream) => {
        driver.server().reset()
        driver.server().inject(onceInTheMiddle({ status: 401, body: {} }, listing))
        const { error, collected } = await outcome(driver, stream)
        if (collected) await assertSame(driver, stream, collected)
        else assertKind(error, ['AuthExpired'])
      }))
    it('does not take a position that the server forgot for the end', () =>
      driver.each(async (stream) => {
        if (!stream.cursor) return
        const first = await driver.read(stream, { syncMode: 'incremental' })
        const state = first.checkpoints[0]?.state
        driver.server().reset()
        driver.server().inject((request) => (listing(request) ? { status: 410, body: {} } : undefined))
        const { error } = await outcome(driver, stream, {
          syncMode: 'incremental',
          ...(state ? { state } : {}),
        })
        assertKind(error, ['CursorLost', 'ConfigInvalid', 'ContractViolation'])
        driver.server().reset()
      }))
    it('ends, and invents nothing, when a page comes twice', () =>
      driver.each(async (stream) => {
        driver.server().reset()
        driver.server().inject(duplicatedPage(listing))
        const { error, collected } = await outcome(driver, stream, { destinationSyncMode: 'append_dedup' })
        if (!collected) {
          assert.ok(isConnectorError(error), describeThrown(error))
          return
        }
        const reference = await driver.reference(stream)
        const key = stream.primaryKey ?? Object.keys(stream.schema.properties)
        const known = new Set(latestByKey(reference.records, key))
        assert.deepEqual(
          latestByKey(collected.records, key).filter((record) => !known.has(record)),
          [],
        )
      }))
    it('takes no harm from fields that it does not know', () =>
      driver.each(async (stream) => {
        driver.server().reset()
        driver
          .server()
          .inject(changedObjects((object) => ({ ...object, zz_unknown: { nested: ['ünï 😀'] } })))
        const { records } = await driver.read(stream)
        const without = records.map((record) => removeUnknown(record) as typeof record)
        await assertSame(driver, stream, { records: without })
      }))
    const texts: readonly [string, string][] = [
      ['non-ASCII and special characters', 'ünï 😀 \u2028 "q", \\N \t\r\n \u0001 عربي'],
      ['1 MB of text', 'x'.repeat(1_000_000)],
    ]
    for (const [name, text] of texts) {
      it(`carries ${name} unchanged`, () =>
        driver.each(async (stream) => {
          const fields = plainTextFields(stream)
          driver.server().reset()
          driver.server().inject(changedObjects((object) => replaceTexts(object, fields, text)))
          const { records } = await driver.read(stream)
          const reference = await driver.reference(stream)
          assert.equal(records.length, reference.records.length)
          // A stream may build a field of its own; then its text is what it was.
          const seen = new Set(records.flatMap((record) => fields.map((field) => record[field])))
          const original = new Set(
            reference.records.flatMap((record) => fields.map((field) => record[field])),
          )
          const altered = [...seen].filter((value) => value !== text && !original.has(value))
          assert.equal(altered.length, 0, 'a text was changed on the way')
        }))
    }
    it('ends a request under way when it is cancelled', () =>
      driver.each(async (stream) => {
        driver.server().reset()
        driver.server().inject(() => ({ delayMs: 3000, body: {} }))
        const controller = new AbortController()
        const started = performance.now()
        const reading = outcome(driver, stream, { signal: controller.signal })
        while (driver.server().requests.length === 0) await new Promise((resolve) => setImmediate(resolve))
        controller.abort(new Error('cancelled by the test'))
        await reading
        assert.ok(performance.now() - started < 2500, 'it waited for the answer')
      }))
  })
}

async function defaultListing<Config>(driver: Driver<Config>): Promise<Matches> {
  driver.server().reset()
  await driver.each(async (stream) => void (await driver.read(stream)))
  const someGet = driver.server().requests.some(({ method }) => method === 'GET')
  driver.server().reset()
  return ({ method }) => !someGet || method === 'GET'
}

async function outcome<Config>(
  driver: Driver<Config>,
  stream: StreamDefinition<Config>,
  overrides: Parameters<Driver<Config>['read']>[1] = {},
): Promise<{ collected?: Collected; error?: unknown }> {
  try {
    return { collected: await driver.read(stream, overrides) }
  } catch (error) {
    return { error }
  }
}

async function assertSame<Config>(
  driver: Driver<Config>,
  stream: StreamDefinition<Config>,
  { records }: Pick<Collected, 'records'>,
): Promise<void> {
  const reference = await driver.reference(stream)
  assert.deepEqual(sortedRecords(records), sortedRecords(reference.records))
}

function assertKind(error: unknown, kinds: readonly ConnectorErrorKind[]): void {
  assert.ok(error !== undefined, 'it went through as if nothing had happened')
  assert.ok(isConnectorError(error), `not a ConnectorError: ${describeThrown(error)}`)
  assert.ok(kinds.includes(error.kind), `${error.kind} instead of ${kinds.join(' or ')}: ${error.message}`)
}

function removeUnknown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(removeUnknown)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key]) => key !== 'zz_unknown')
  return Object.fromEntries(entries.map(([key, item]) => [key, removeUnknown(item)]))
}

/** Fields whose text means nothing to the source: no keys, no cursors, no formats. */
function plainTextFields<Config>({ schema, primaryKey = [], cursor }: StreamDefinition<Config>): string[] {
  const special = new Set([...primaryKey, cursor?.field, ...(cursor?.candidates ?? [])])
  return Object.entries(schema.properties)
    .filter(([name, field]) => {
      const types = [field.type ?? []].flat().filter((type) => type !== 'null')
      const isText = field['x-type'] === 'string' || (!field['x-type'] && types.join() === 'string')
      return isText && !field.format && !field.enum && !special.has(name)
    })
    .map(([name]) => name)
}

function replaceTexts(
  object: Record<string, unknown>,
  fields: readonly string[],
  text: string,
): Record<string, unknown> {
  const replaced = fields.filter((field) => typeof object[field] === 'string').map((field) => [field, text])
  return { ...object, ...Object.fromEntries(replaced) }
}

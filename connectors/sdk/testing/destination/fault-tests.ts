/** Conformance behind a faulty network: records arrive once, or it is said why they do not; nothing is ok that was not written. */
import assert from 'node:assert/strict'
import { type ConnectorErrorKind, isConnectorError } from '../../errors.js'
import type { HttpOptions } from '../../http/client.js'
import { describeThrown } from '../driver.js'
import type { Fault } from '../fault-server.js'
import { changedObjects, once } from '../faults.js'
import { assertHeldAtLeast } from './batch-tests.js'
import type { DestinationDriver } from './driver.js'
import { assertHoldings } from './holdings.js'
import type { ObjectCase } from './options.js'
import { assertAllOk, mainOperation, samples } from './records.js'

/** The vendor acts, and its answer is lost. */
const CUT: Fault = async (_, answer) => {
  await answer()
  return { hangUp: true }
}

/** Every object of an answer has a field more. */
const grownAnswers: Fault = async (request, answer) => {
  const response = await answer()
  const body = parsedJson(response.body)
  if (body === undefined) return response
  const grow = changedObjects((object) => ({ ...object, zz_unknown: 1 }))
  return grow(request, async () => ({ ...response, body }))
}

/** Passing faults: name, fault, and options of the HTTP client where the wait would be long. */
const PASSING: readonly (readonly [string, () => Fault, HttpOptions?])[] = [
  ['a 429 with Retry-After', () => once({ status: 429, headers: { 'retry-after': '0' } })],
  ['a 429 without Retry-After', () => once({ status: 429 })],
  ['a 500', () => once({ status: 500 })],
  ['a 502 with a page of HTML', () => once({ status: 502, body: '<html>Bad Gateway</html>' })],
  ['a 503', () => once({ status: 503 })],
  ['a connection that is hung up', () => once({ hangUp: true })],
  ['a connection that is cut after the vendor has acted', () => oncePerPath(CUT)],
  ['a 500 after the vendor has acted', () => oncePerPath(afterActing({ status: 500 }))],
  ['an answer that is cut in the middle', () => oncePerPath(afterActing({ cutAfter: 1 }))],
  ['an answer that comes too late', () => oncePerPath(afterActing({ delayMs: 2000 })), { timeoutMs: 500 }],
  ['slow answers', () => async (_, answer) => ({ ...(await answer()), delayMs: 15 })],
  ['answers with fields that it does not know', () => grownAnswers],
]

/** Faults that never pass, and what they must be called. */
const LASTING: readonly (readonly [string, Fault, readonly ConnectorErrorKind[]])[] = [
  ['401', () => ({ status: 401, body: {} }), ['AuthExpired']],
  ['403', () => ({ status: 403, body: {} }), ['PermissionDenied', 'AuthExpired', 'ConfigInvalid']],
  ['429', () => ({ status: 429 }), ['RateLimited']],
  ['500', () => ({ status: 500, body: {} }), ['SourceUnavailable']],
  ['broken connections', () => ({ hangUp: true }), ['NetworkError', 'SourceUnavailable']],
]

/** A fault of every request that a run makes is tried at each of its requests, up to this many. */
const MOST_CUTS = 12

export function registerFaultTests<Config>(driver: DestinationDriver<Config>, object: ObjectCase): void {
  const operation = mainOperation(object)
  if (!operation) return
  const begin = (options: { http?: HttpOptions; signal?: AbortSignal } = {}) =>
    driver.run(object, operation, { config: driver.proxiedConfig(), ...options })
  /** Three records in two batches arrive, once where the object promises that. */
  const assertArrives = async (http?: HttpOptions): Promise<void> => {
    const records = samples(object, operation, 3)
    const run = begin(http ? { http } : {})
    assertAllOk(await run.write(records.slice(0, 2)), 2)
    assertAllOk(await run.write(records.slice(2)), 1)
    await run.finish()
    if (driver.object(object).idempotency !== 'none') {
      await assertHoldings(driver.vendor(), object, operation, records)
    } else {
      await assertHeldAtLeast(driver, object, operation, records, 5)
    }
  }

  describe('faults', () => {
    for (const [name, fault, http] of PASSING) {
      it(`gets over ${name}`, async () => {
        driver.proxy().inject(fault())
        await assertArrives(http)
      })
    }
    it('gets over a connection that is cut after any one of its requests', async () => {
      await assertArrives()
      const requests = Math.min(driver.proxy().requests.length, MOST_CUTS)
      for (let cut = 0; cut < requests; cut++) {
        await driver.vendor().clear()
        driver.proxy().reset()
        driver.proxy().inject(onceAt(cut, CUT))
        await assertArrives()
      }
    })
    for (const [name, fault, kinds] of LASTING) {
      it(`calls a vendor that only answers with ${name} ${kinds[0]}, after a few tries`, async () => {
        driver.proxy().inject(fault)
        const run = begin()
        const { error, results } = await outcome(() => run.attempt(run.batch(samples(object, operation, 2))))
        // What may pass can also be said of each record.
        const passing = kinds.includes('RateLimited') || kinds.includes('SourceUnavailable')
        const put = passing && results?.every(({ status }) => status === 'retry')
        if (!put) assertKind(error, kinds)
        assert.ok(driver.proxy().requests.length <= 20, 'it tries too often')
      })
    }
    for (const status of [400, 404, 422]) {
      it(`calls no record ok when everything is answered with ${status}`, async () => {
        driver.proxy().inject(() => ({ status, body: {} }))
        const run = begin()
        const { error, results } = await outcome(() => run.attempt(run.batch(samples(object, operation, 2))))
        if (results)
          assert.deepEqual(
            results.filter((result) => result.status === 'ok'),
            [],
          )
        else assert.ok(isConnectorError(error), `not a ConnectorError: ${describeThrown(error)}`)
        await driver.vendor().clear()
      })
    }
    it('gives a long rate limit to the caller at once, and goes on after it', async () => {
      driver.proxy().inject(() => ({ status: 429, headers: { 'retry-after': '3600' } }))
      const started = Date.now()
      const records = samples(object, operation, 2)
      const run = begin()
      const batch = run.batch(records)
      const { error, results } = await outcome(() => run.attempt(batch))
      const waits = results
        ? results.map((result) => (result.status === 'retry' ? (result.afterMs ?? 0) : 0))
        : [isConnectorError(error) && error.kind === 'RateLimited' ? (error.until ?? 0) - started : 0]
      assert.ok(
        waits.every((wait) => wait >= 3_590_000 && wait <= 3_610_000 + Date.now() - started),
        `it does not say until when to wait: ${describeThrown(error)}`,
      )
      driver.proxy().reset()
      assertAllOk(await run.deliver(batch), 2)
      await run.finish()
      await assertHoldings(driver.vendor(), object, operation, records)
    })
    it('writes everything or says AuthExpired when the token is revoked between two batches', async () => {
      const records = samples(object, operation, 4)
      const run = begin()
      assertAllOk(await run.write(records.slice(0, 2)), 2)
      driver.proxy().inject(once({ status: 401, body: {} }))
      const batch = run.batch(records.slice(2))
      const { error, results } = await outcome(() => run.attempt(batch))
      if (results) assertAllOk(results, 2)
      else assertKind(error, ['AuthExpired'])
      driver.proxy().reset()
      assertAllOk(await run.deliver(batch), 2)
      await run.finish()
      if (driver.object(object).idempotency !== 'none') {
        await assertHoldings(driver.vendor(), object, operation, records)
      }
    })
    it('ends a request under way when it is cancelled', async () => {
      const controller = new AbortController()
      let asked = (): void => {}
      const arrived = new Promise<void>((resolve) => {
        asked = resolve
      })
      driver.proxy().inject(() => {
        asked()
        return { delayMs: 5000, status: 503, body: {} }
      })
      const run = begin({ signal: controller.signal })
      const writing = outcome(() => run.attempt(run.batch(samples(object, operation, 1))))
      await Promise.race([arrived, writing])
      const started = performance.now()
      controller.abort(new Error('cancelled by the test'))
      const { results } = await writing
      assert.equal(results, undefined, 'it answers for records that it did not write')
      assert.ok(performance.now() - started < 2500, 'it waited for the answer')
    })
  })
}

/** Faults of the check: it says what is wrong, not that all is well. */
export function registerCheckFaultTests<Config>(driver: DestinationDriver<Config>): void {
  describe('check behind a faulty network', () => {
    for (const [name, fault, kinds] of LASTING) {
      it(`calls a vendor that only answers with ${name} ${kinds[0]}`, async () => {
        const context = driver.open({}, driver.proxiedConfig())
        driver.proxy().inject(fault)
        const { error } = await outcome(() => driver.destination.check(context))
        driver.said.push(describeThrown(error))
        // A check that cannot ask the vendor without changing something asks nothing.
        if (driver.proxy().requests.length > 0) assertKind(error, kinds)
      })
    }
  })
}

async function outcome<T>(
  work: () => Promise<T>,
): Promise<{ readonly results?: T; readonly error?: unknown }> {
  try {
    return { results: await work() }
  } catch (error) {
    return { error }
  }
}

function assertKind(error: unknown, kinds: readonly ConnectorErrorKind[]): void {
  assert.ok(error !== undefined, 'it went through as if nothing had happened')
  assert.ok(isConnectorError(error), `not a ConnectorError: ${describeThrown(error)}`)
  assert.ok(kinds.includes(error.kind), `${error.kind} instead of ${kinds.join(' or ')}: ${error.message}`)
}

/** What the bytes of an answer say in JSON; undefined for other bytes. */
function parsedJson(body: unknown): unknown {
  try {
    return Buffer.isBuffer(body) ? (JSON.parse(body.toString('utf8')) as unknown) : undefined
  } catch {
    return undefined
  }
}

/** The vendor's answer, changed on its way. */
function afterActing(change: Readonly<Record<string, unknown>>): Fault {
  return async (_, answer) => ({ ...(await answer()), ...change })
}

/** The fault for the first request of each path. */
function oncePerPath(fault: Fault): Fault {
  return (request, answer) => (request.count === 0 ? fault(request, answer) : undefined)
}

/** The fault for the n-th request, from 0. */
function onceAt(position: number, fault: Fault): Fault {
  let count = 0
  return (request, answer) => {
    count += 1
    return count === position + 1 ? fault(request, answer) : undefined
  }
}

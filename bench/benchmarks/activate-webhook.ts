/** A frozen plan sent to a webhook: read page by page, consent asked again, signed, posted, and every batch noted durably. */
import type { DeliverInput } from '../../activation/deliver/types.js'
import { NO_COUNTS } from '../../activation/plan/summary.js'
import { createDictionaries } from '../../profiles/people/dictionaries.js'
import type { Warehouse } from '../../warehouse/client.js'
import { migrate } from '../../warehouse/migrations/migrate.js'
import { selectRow } from '../../warehouse/query.js'
import type { Benchmark, BenchmarkOptions, Figures } from '../benchmark.js'
import { inTurn } from '../measure/in-turn.js'
import { measure } from '../measure/processes.js'
import { startBareEngine } from '../support/engine.js'
import { type Measured, summary, throughput } from '../support/figures.js'
import { type Parts, withParts } from '../support/parts.js'
import { startReceiver } from '../support/receiver.js'
import { startSender } from '../support/sender.js'

const ROWS = 200_000
const BATCH = 1000
const TARGET = 'hook/records/email'

export const activateWebhook: Benchmark = {
  name: 'activate-webhook',
  claim:
    'members of a frozen plan (200,000; --rows 1000000 in full) to a local webhook in signed batches of 1,000 at 20,000 records/s or more, memory flat; the reference is the same bodies posted by bare node:http without plan, consent, signature and log',
  run: (options) => withParts((parts) => compare(parts, options)),
}

async function compare({ start, folder }: Parts, options: BenchmarkOptions): Promise<Figures> {
  const rows = Math.ceil((options.rows ?? ROWS) / BATCH) * BATCH
  const engine = await start(startBareEngine())
  const receiver = await start(startReceiver())
  const sender = await start(startSender())
  await migrate(engine.warehouse)
  await createDictionaries(engine.warehouse)
  await consentAll(engine.warehouse, rows)
  const processes = { sender: sender.pid, clickhouse: engine.pid, receiver: receiver.pid }
  const timed = async (name: string, work: () => Promise<void>): Promise<Measured> => {
    const before = await receiver.received()
    const { usage } = await measure(processes, work)
    const { messages } = await receiver.received()
    if (messages - before.messages !== rows / BATCH) {
      throw new Error(`sending ${rows / BATCH} batches: ${messages - before.messages} arrived`)
    }
    const run = { seconds: usage.seconds, usage }
    options.log(`${name}: ${summary(rows, run)}`)
    return run
  }
  let version = 0
  const body = JSON.stringify({ type: 'records.upsert', records: sampleRecords() })
  const turns = await inTurn(
    options.runs,
    async () => {
      version += 1
      const plan = await freezePlan(engine.warehouse, rows, version)
      const { url } = receiver
      const run = await timed('delivered', () =>
        sender.send({ url, warehouse: engine.login, plan, target: TARGET, consent: ['marketing'], folder }),
      )
      await assertNoted(engine.warehouse, version, rows)
      return run
    },
    () => timed('posted', () => sender.send({ url: receiver.url, body, times: rows / BATCH })),
  )
  return throughput(rows, 'bare node:http posting the same bodies', turns, {
    bytesPerRecord: body.length / BATCH,
  })
}

/** Under the load that counts where no refresh has ever written a record. */
async function consentAll(warehouse: Warehouse, people: number): Promise<void> {
  await warehouse.command({
    query: `INSERT INTO cdp.trait_values__rows (trait, profile, kind, boolean, _load_id)
      SELECT 'consent.marketing', toUInt32(number + 1), 'boolean', 1, 0 FROM numbers({people:UInt64})`,
    query_params: { people },
  })
}

const FIELDS = `concat('{"city":"Paris","first_name":"First name ', toString(number), '","ltv":', toString(number / 7),
  ',"orders":', toString(number % 40), '}')`

async function freezePlan(
  warehouse: Warehouse,
  rows: number,
  version: number,
): Promise<DeliverInput['plan']> {
  const plan = `plan-${version}`
  await warehouse.command({
    query: `INSERT INTO cdp.activation_plan_records
        (plan, batch, ordinal, activation, target, key, change, operation, fields, before, profile)
      SELECT {plan:String}, intDiv(number, ${BATCH}), number % ${BATCH}, 'bench', '${TARGET}',
        concat('{"email":"person', toString(number), '@example.com"}'), 'add', 'upsert', ${FIELDS}, '', toUInt32(number + 1)
      FROM numbers({rows:UInt64})`,
    query_params: { plan, rows },
  })
  await warehouse.insert({
    table: 'cdp.activation_plans',
    columns: ['plan', 'activation', 'run', 'version'],
    values: [{ plan, activation: 'bench', run: `run-${plan}`, version }],
    format: 'JSONEachRow',
  })
  return {
    plan,
    hash: '',
    activation: 'bench',
    revision: '',
    segment: 'bench',
    segmentVersion: 1,
    destination: 'hook',
    connector: '@tributary/destination-webhook',
    object: 'records',
    mode: 'upsert',
    counts: { ...NO_COUNTS, members: rows, adds: rows },
    guards: [],
    onBreach: 'stop',
    approvalMs: 0,
    batches: rows / BATCH,
    records: rows,
    finishes: false,
    estimatedSeconds: 1,
    repeatable: true,
    undo: 'inverse',
  }
}

async function assertNoted(warehouse: Warehouse, version: number, rows: number): Promise<void> {
  const noted = await selectRow<{ rows: string }>(
    warehouse,
    `SELECT uniqExact(key) AS rows FROM cdp.activation_log
     WHERE activation = 'bench' AND version = {version:UInt64} AND outcome = 'acknowledged'`,
    { version },
  )
  if (Number(noted!.rows) !== rows) throw new Error(`noting ${rows} records: ${noted!.rows} were`)
}

function sampleRecords() {
  return Array.from({ length: BATCH }, (_, number) => ({
    match: { email: `person${number}@example.com` },
    fields: { city: 'Paris', first_name: `First name ${number}`, ltv: number / 7, orders: number % 40 },
  }))
}

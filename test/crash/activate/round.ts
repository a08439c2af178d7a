/** A round: customers who come, go and change, refreshed in peace, sent under faults, three times; then everything is compared. */
import { setTimeout as sleep } from 'node:timers/promises'
import { targetOf } from '../../../activation/target.js'
import type { Mailer } from '../../../examples/grocer/mailer/server.js'
import { applyActivation } from '../../../operations/activations/apply.js'
import { followActivation } from '../../../operations/activations/follow.js'
import { ActivationRunning } from '../../../operations/activations/start.js'
import type { ActivationReport } from '../../../workflows/activation-contract.js'
import { type Audience, type Customer, customer } from '../../support/audience.js'
import { type Random, seededRandom } from '../../support/random.js'
import { retryWhileDown } from '../../support/sync.js'
import type { Victim } from '../round-plan.js'
import { strikeAfter } from '../strike.js'
import {
  acknowledgedRecipients,
  differences,
  expectedRecipients,
  frozenPlans,
  heldRecipients,
  planOf,
  repeatedMessages,
} from './look.js'

export interface ActivateFault {
  readonly kind: 'kill' | 'stall'
  readonly victim: Victim
  /** Which run of the round it hits, from 0. */
  readonly run: number
  /** Strikes when so many messages of the run have been taken by both tools; 0: while it is planned. */
  readonly messages: number
  readonly delayMs: number
  readonly stallMs: number
}

export interface ActivateRoundPlan {
  readonly seed: number
  readonly changes: number
  readonly faults: readonly ActivateFault[]
}

export interface ActivateRoundResult {
  readonly kills: number
  readonly stalls: number
  /** Members who should be held and are not, or with other values. */
  readonly lost: number
  /** Recipients who should not be held; messages taken twice of which a run did not tell, or more than one of a fault. */
  readonly duplicated: number
  /** Messages of plans that were never frozen. */
  readonly visibleEarly: number
  /** Records that the log says were acknowledged and that are not held so. */
  readonly cursorAhead: number
  /** Messages that came again so far, to both tools. */
  readonly repeated: number
  readonly examples: readonly string[]
}

/** A tool, and the activation that keeps it in step. */
export interface Tool {
  readonly activation: string
  readonly destination: string
  readonly mailer: Mailer
}

/** Runs of a round; the last one is undisturbed. */
const RUNS = 3
const MAX_TRIES = 6
const POLL_MS = 5

/** @param heartbeatMs silence after which a worker counts as lost: a stall is longer */
export function planActivateRound(seed: number, heartbeatMs: number): ActivateRoundPlan {
  const random = seededRandom(seed)
  const faults = Array.from({ length: RUNS - 1 }, (_, run): ActivateFault => {
    const stall = random.next() < 0.3
    const victims: readonly Victim[] = stall
      ? ['worker 1', 'worker 2']
      : ['worker 1', 'worker 2', 'worker 1', 'ClickHouse', 'Temporal']
    return {
      kind: stall ? 'stall' : 'kill',
      victim: random.pick(victims),
      run,
      messages: random.between(0, 8),
      delayMs: random.between(0, 40),
      stallMs: heartbeatMs + random.between(2000, 5000),
    }
  })
  return { seed, changes: random.between(60, 160), faults }
}

export async function playActivateRound(
  place: {
    readonly audience: Audience
    readonly tools: readonly [deduplicates: Tool, plain: Tool]
    readonly customers: Map<number, Customer>
  },
  plan: ActivateRoundPlan,
): Promise<ActivateRoundResult> {
  const { audience, tools, customers } = place
  const random = seededRandom(plan.seed + 2_000_000)
  const reports: ActivationReport[] = []
  for (let run = 0; run < RUNS; run += 1) {
    changeCustomers(customers, random, plan.changes)
    await audience.haveCustomers([...customers.values()])
    await audience.refresh()
    const sent = new AbortController()
    const strikes = plan.faults
      .filter((fault) => fault.run === run)
      .map((fault) => strikeAmong(audience, tools, fault, sent.signal))
    const sending = tools.map(({ activation }) => runUntilSucceeded(audience, activation))
    reports.push(...(await Promise.all(sending)).flat())
    sent.abort()
    await Promise.all(strikes)
  }
  const problems = await compare(audience, tools, customers.values(), reports)
  const count = (kind: ActivateFault['kind']) => plan.faults.filter((fault) => fault.kind === kind).length
  return { kills: count('kill'), stalls: count('stall'), ...problems }
}

/** Waits for the fault's message, or for the end of the run, and lets it happen. */
async function strikeAmong(
  { stack }: Audience,
  tools: readonly Tool[],
  fault: ActivateFault,
  sent: AbortSignal,
): Promise<void> {
  const taken = () =>
    tools.flatMap(({ mailer }) => [...mailer.taken.values()]).reduce((sum, times) => sum + times, 0)
  const wanted = taken() + fault.messages
  while (taken() < wanted && !sent.aborted) await sleep(POLL_MS)
  await strikeAfter(stack.workspaceDir, fault)
}

function changeCustomers(customers: Map<number, Customer>, random: Random, changes: number): void {
  for (let change = 0; change < changes; change += 1) {
    const id = random.between(1, customers.size + 20)
    const known = customers.get(id)
    const fate = random.next()
    if (known === undefined) customers.set(customers.size + 1, customer(customers.size + 1))
    else if (fate < 0.3) customers.set(id, { ...known, city: known.city === 'Paris' ? 'Lyon' : 'Paris' })
    else customers.set(id, { ...known, name: `Customer ${id} ${change}` })
  }
}

/** What a run says is believed; that it failed, or could not be asked for, only costs another one. */
async function runUntilSucceeded(
  { stack }: Audience,
  activation: string,
): Promise<readonly ActivationReport[]> {
  const reports: ActivationReport[] = []
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const report = await retryWhileDown(async () => {
      const started = await applyActivation(stack.context, activation, { author: 'crash' }).catch((error) => {
        // It was started by the try before, whose answer was lost.
        if (error instanceof ActivationRunning) return { activation, ...error }
        throw error
      })
      return followActivation(stack.context, started)
    })
    reports.push(report)
    if (report.outcome === 'succeeded') return reports
  }
  throw new Error(
    `sending ${activation}: ${MAX_TRIES} runs failed; the last: ${JSON.stringify(reports.at(-1))}`,
  )
}

async function compare(
  { stack }: Audience,
  tools: readonly [Tool, Tool],
  customers: Iterable<Customer>,
  reports: readonly ActivationReport[],
): Promise<Omit<ActivateRoundResult, 'kills' | 'stalls'>> {
  const warehouse = await stack.context.warehouse()
  const wanted = expectedRecipients(customers)
  const plans = await frozenPlans(warehouse)
  const [, plain] = tools
  const told = new Map(reports.map(({ run, repeated }) => [run, repeated]))
  const again = [...repeatedMessages(plain.mailer, (message) => plans.get(planOf(message)) ?? '')]
  // Of earlier rounds another round has judged.
  const untold = again.filter(([run, times]) => told.has(run) && (times > 1 || times > told.get(run)!))
  const early = tools.flatMap(({ mailer }) =>
    [...mailer.taken.keys()].filter((message) => !plans.has(planOf(message))),
  )
  const found = await Promise.all(
    tools.map(async ({ activation, destination, mailer }) => {
      const held = heldRecipients(mailer)
      const target = targetOf({ destination, object: 'records', match: { email: 'identifiers.email' } })
      const acknowledged = await acknowledgedRecipients(warehouse, activation, target)
      return {
        missing: differences(wanted, held),
        surplus: [...held.keys()].filter((match) => !wanted.has(match)),
        ahead: differences(acknowledged, held),
      }
    }),
  )
  const all = (kind: 'missing' | 'surplus' | 'ahead') => found.flatMap((tool) => tool[kind])
  const [missing, surplus, ahead] = [all('missing'), all('surplus'), all('ahead')]
  return {
    lost: missing.length,
    duplicated: surplus.length + untold.length,
    visibleEarly: early.length,
    cursorAhead: ahead.length,
    repeated: tools
      .flatMap(({ mailer }) => [...mailer.taken.values()])
      .reduce((sum, times) => sum + times - 1, 0),
    examples: [
      ...missing.slice(0, 3).map((match) => `missing or other values: ${match}`),
      ...surplus.slice(0, 3).map((match) => `too many: ${match}`),
      ...untold.map(
        ([run, times]) => `run ${run}: ${times} messages came again, of which it tells ${told.get(run)}`,
      ),
      ...early.slice(0, 3).map((message) => `never planned: ${message}`),
      ...ahead.slice(0, 3).map((match) => `acknowledged and not held: ${match}`),
    ],
  }
}

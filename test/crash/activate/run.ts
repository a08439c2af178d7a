/** Rounds of activations over one real stack: a tool that takes each message once, and one that takes whatever comes. */
import { setTimeout as sleep } from 'node:timers/promises'
import { startMailer } from '../../../examples/grocer/mailer/server.js'
import { type Customer, customer, startAudience } from '../../support/audience.js'
import type { CrashOptions, CrashReport } from '../run.js'
import { type ActivateRoundPlan, planActivateRound, playActivateRound, type Tool } from './round.js'

const HEARTBEAT_MS = 3000
/** So slow are the tools that a fault meets many batches on their way. */
const ANSWER_MS = 15
const BATCH = 10
const CUSTOMERS = 300

/** Plays activations with faults; a round that goes wrong ends the run, and its seed shows it again. */
export async function crashActivations({ seeds, log }: CrashOptions): Promise<CrashReport> {
  const startedAtMs = Date.now()
  const total = { rounds: 0, kills: 0, stalls: 0, lost: 0, duplicated: 0, visibleEarly: 0, cursorAhead: 0 }
  const answer = async () => {
    await sleep(ANSWER_MS)
    return { take: true as const }
  }
  const plain = await startMailer({ deduplicates: false, answer })
  try {
    const audience = await startAudience({
      workers: 2,
      backoff: { firstMs: 100, maxMs: 500 },
      env: { TRIBUTARY_HEARTBEAT_MS: String(HEARTBEAT_MS), TRIBUTARY_SECRET_PLAIN_SECRET: plain.secret },
      mailer: { answer },
      config: `deduplicates: true, batch_size: ${BATCH}`,
      activation: activation('mailer'),
      files: {
        'destinations/plain.yaml': `connector: destination-webhook
config: { url: "${plain.url}", secret: "\${secret:PLAIN_SECRET}", deduplicates: false, batch_size: ${BATCH} }
`,
        'activations/plain.yaml': activation('plain'),
      },
    })
    try {
      const tools: readonly [Tool, Tool] = [
        { activation: 'parisians', destination: 'mailer', mailer: audience.mailer },
        { activation: 'plain', destination: 'plain', mailer: plain },
      ]
      const customers = new Map<number, Customer>()
      for (let id = 1; id <= CUSTOMERS; id += 1) customers.set(id, customer(id))
      for (const [round, seed] of seeds.entries()) {
        const plan = planActivateRound(seed, HEARTBEAT_MS)
        const roundStartedMs = Date.now()
        log(`round ${round + 1} of ${seeds.length}, seed ${seed}: ${describe(plan)}`)
        const result = await playActivateRound({ audience, tools, customers }, plan).catch(
          (error: unknown) => {
            throw new Error(`playing the round of seed ${seed}: ${String(error)}`, { cause: error })
          },
        )
        total.rounds += 1
        for (const key of ['kills', 'stalls', 'lost', 'duplicated', 'visibleEarly', 'cursorAhead'] as const) {
          total[key] += result[key]
        }
        const seconds = ((Date.now() - roundStartedMs) / 1000).toFixed(1)
        log(`  ${seconds} s, ${result.repeated} messages came again so far`)
        for (const example of result.examples) log(`  seed ${seed}: ${example}`)
        if (result.lost + result.duplicated + result.visibleEarly + result.cursorAhead > 0) {
          log(`seed ${seed} failed; rounds build on each other: play the same seeds again`)
          break
        }
      }
    } finally {
      await audience.stop()
    }
  } finally {
    await plain.stop()
  }
  return { part: 'activate', ...total, seconds: Math.round((Date.now() - startedAtMs) / 100) / 10 }
}

const activation = (destination: string): string => `segment: parisians
destination: ${destination}
object: records
mode: mirror
match: { email: identifiers.email }
fields: { name: traits.name }
guards: { max_removes: { share: 1 } }
`

function describe({ changes, faults }: ActivateRoundPlan): string {
  const words = faults.map(
    ({ kind, victim, run, messages, delayMs, stallMs }) =>
      `${kind} ${victim} ${delayMs} ms after message ${messages} of run ${run + 1}${kind === 'stall' ? ` for ${stallMs} ms` : ''}`,
  )
  return `${changes} changes; ${words.join('; ')}`
}

/** Rounds over one real stack: Temporal, ClickHouse, two workers, PostgreSQL. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '../../local/postgres/start.js'
import { smallPostgres } from '../support/small-postgres.js'
import { startTestStack } from '../support/stack.js'
import { playRound } from './round.js'
import { type Fault, planRound, type RoundPlan } from './round-plan.js'

/** The JSON that scripts rely on. */
export interface CrashReport {
  readonly part: string
  readonly rounds: number
  readonly kills: number
  readonly stalls: number
  readonly lost: number
  readonly duplicated: number
  readonly visibleEarly: number
  readonly cursorAhead: number
  readonly seconds: number
}

export interface CrashOptions {
  /** One a round. */
  readonly seeds: readonly number[]
  /** Told in one line each what happens. */
  readonly log: (message: string) => void
}

const HEARTBEAT_MS = 3000
const PASSWORD = 'reader-password'

/** True when nothing was lost, doubled, seen early or passed over. */
export function isClean(report: CrashReport): boolean {
  return report.lost + report.duplicated + report.visibleEarly + report.cursorAhead === 0
}

/** Plays syncs with faults; a round that goes wrong ends the run, and its seed shows it again. */
export async function crashSyncs({ seeds, log }: CrashOptions): Promise<CrashReport> {
  const startedAtMs = Date.now()
  const total = { rounds: 0, kills: 0, stalls: 0, lost: 0, duplicated: 0, visibleEarly: 0, cursorAhead: 0 }
  const dataDir = await mkdtemp(join(tmpdir(), 'tributary-crash-pg-'))
  const postgres = await startPostgres({ dataDir, password: PASSWORD, database: 'shop' })
  try {
    const stack = await startTestStack({
      workers: 2,
      backoff: { firstMs: 100, maxMs: 500 },
      env: {
        TRIBUTARY_SECRET_SHOP_PASSWORD: PASSWORD,
        TRIBUTARY_HEARTBEAT_MS: String(HEARTBEAT_MS),
        TRIBUTARY_SLICE_ROWS: '1500',
      },
    })
    try {
      await stack.write({
        'tributary.yaml': 'workspace: crash\ntime_zone: UTC\n',
        ...smallPostgres({ block: 600, slice: 1500 }),
      })
      const { url, port, user, database: name } = postgres
      for (const [round, seed] of seeds.entries()) {
        const plan = planRound(seed, HEARTBEAT_MS)
        const roundStartedMs = Date.now()
        log(`round ${round + 1} of ${seeds.length}, seed ${seed}: ${describe(plan)}`)
        const result = await playRound({ stack, database: { url, port, user, name } }, plan).catch(
          (error: unknown) => {
            throw new Error(`playing the round of seed ${seed}: ${String(error)}`, { cause: error })
          },
        )
        total.rounds += 1
        for (const key of ['kills', 'stalls', 'lost', 'duplicated', 'visibleEarly', 'cursorAhead'] as const) {
          total[key] += result[key]
        }
        log(`  ${((Date.now() - roundStartedMs) / 1000).toFixed(1)} s, ${result.looks} looks`)
        for (const example of result.examples) log(`  seed ${seed}: ${example}`)
        if (result.lost + result.duplicated + result.visibleEarly + result.cursorAhead > 0) {
          log(`seed ${seed} failed; npm run crash -- --part sync --rounds 1 --seed ${seed} shows it again`)
          break
        }
      }
    } finally {
      await stack.stop()
    }
  } finally {
    await postgres.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
  return { part: 'sync', ...total, seconds: Math.round((Date.now() - startedAtMs) / 100) / 10 }
}

function describe({ mode, rows, faults }: RoundPlan): string {
  const one = ({ kind, victim, sync, share, delayMs }: Fault) =>
    `${kind} ${victim} in sync ${sync + 1} at ${Math.round(share * 100)} % + ${delayMs} ms`
  return `${mode}, ${rows} rows; ${faults.map(one).join('; ')}`
}

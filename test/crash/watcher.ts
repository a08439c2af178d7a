/**
 * Looks at what people see, over and over while a round goes on, and compares it with what the ledger allows: nothing that
 * was not accepted, nothing less than what was.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRow, selectRows } from '../../warehouse/query.js'
import { type Ledger, readLedger } from './oracle.js'

export interface Watched {
  readonly source: string
  readonly stream: string
  /** The stream keeps one row a key. */
  readonly keyed: boolean
}

export interface Sightings {
  /** Looks that succeeded. */
  looks: number
  visibleEarly: number
  /** Looks that saw less than what had been accepted before. */
  vanished: number
  readonly examples: string[]
}

const INTERVAL_MS = 60

/** Watches until the signal; a look that fails because a part is down is no look. */
export async function watch(warehouse: Warehouse, watched: Watched, signal: AbortSignal): Promise<Sightings> {
  const sightings: Sightings = { looks: 0, visibleEarly: 0, vanished: 0, examples: [] }
  while (!signal.aborted) {
    await (watched.keyed ? lookAtKeys : lookAtRows)(warehouse, watched, sightings).catch(() => undefined)
    await sleep(INTERVAL_MS)
  }
  return sightings
}

async function lookAtRows(warehouse: Warehouse, watched: Watched, sightings: Sightings): Promise<void> {
  const { source, stream } = watched
  const before = await readLedger(warehouse, source, stream)
  const row = await selectRow<{ n: string }>(warehouse, `SELECT count() AS n FROM ${viewOf(watched)}`)
  const after = await readLedger(warehouse, source, stream)
  const seen = Number(row?.n)
  sightings.looks += 1
  const [low, high] = [before.visibleRows, after.visibleRows]
  const whole = before.generation !== after.generation
  const allowed = whole ? seen === low || seen === high : seen >= low && seen <= high
  if (allowed) return
  const places = `generation ${before.generation} with ${low} rows, then ${after.generation} with ${high}`
  note(sightings, seen < low, `${seen} rows were visible; the ledger allowed ${places}`)
}

/** Every row in the current table bears the step of its load: it must be one that was accepted. */
async function lookAtKeys(warehouse: Warehouse, watched: Watched, sightings: Sightings): Promise<void> {
  const { source, stream } = watched
  const before = await readLedger(warehouse, source, stream)
  const steps = await selectRows<{ epoch: string; sequence: number }>(
    warehouse,
    `SELECT DISTINCT toString(bitShiftRight(_version, 64)) AS epoch,
       toUInt32(bitAnd(bitShiftRight(_version, 32), 4294967295)) AS sequence
     FROM \`${source}\`.\`${stream}__current\` WHERE _fold = {fold:UInt32}`,
    { fold: before.fold },
  )
  const keys = await selectRow<{ n: string; keys: string }>(
    warehouse,
    `SELECT count() AS n, uniqExact(id) AS keys FROM ${viewOf(watched)}`,
  )
  const after = await readLedger(warehouse, source, stream)
  sightings.looks += 1
  const early = steps.filter((step) => !isAccepted(after, step))
  if (early.length > 0) {
    note(sightings, false, `step ${early[0]!.sequence} was visible and not accepted`)
  }
  if (keys?.n !== keys?.keys) note(sightings, false, `${keys?.n} rows stood for ${keys?.keys} keys`)
}

function isAccepted({ accepted }: Ledger, step: { epoch: string; sequence: number }): boolean {
  return accepted.some(({ epoch, sequence }) => epoch === step.epoch && sequence === step.sequence)
}

function note(sightings: Sightings, vanished: boolean, example: string): void {
  if (vanished) sightings.vanished += 1
  else sightings.visibleEarly += 1
  if (sightings.examples.length < 5) sightings.examples.push(example)
}

export const viewOf = ({ source, stream }: Pick<Watched, 'source' | 'stream'>): string =>
  `\`${source}\`.\`${stream}\``

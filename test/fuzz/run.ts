/** Plays rounds until enough cases were compared, and shows each way of disagreeing at its smallest. */
import { createDictionaries } from '../../profiles/people/dictionaries.js'
import type { Warehouse } from '../../warehouse/client.js'
import { openTestWarehouse } from '../support/warehouse.js'
import { EXECUTORS } from './executors.js'
import { makeWorld, type WorldSize } from './make-world.js'
import { type Disagreement, playRound } from './round.js'
import { shrink } from './shrink.js'
import { peopleOf } from './world.js'

export interface FuzzReport {
  readonly seed: number
  readonly rounds: number
  /** Definition and person, each compared by every executor. */
  readonly cases: number
  readonly members: number
  readonly executors: readonly string[]
  readonly disagreements: number
  readonly seconds: number
}

const SIZE: WorldSize = { nodes: 300, definitions: 60 }
const SHOWN = 5

/** @param log takes each disagreement, made small */
export async function fuzz(
  { cases, seed, size = SIZE }: { readonly cases: number; readonly seed: number; readonly size?: WorldSize },
  log: (message: string) => void,
): Promise<FuzzReport> {
  const start = performance.now()
  const engine = await openTestWarehouse()
  try {
    await createDictionaries(engine.warehouse)
    let [rounds, compared, members] = [0, 0, 0]
    const disagreements: Disagreement[] = []
    while (compared < cases) {
      const result = await playRound(engine.warehouse, seed + rounds, size)
      rounds += 1
      compared += result.cases
      members += result.members
      disagreements.push(...result.disagreements)
      log(`seed ${seed + rounds - 1}: ${result.cases} cases, ${result.disagreements.length} disagreements`)
    }
    await show(engine.warehouse, disagreements, size, log)
    return {
      seed,
      rounds,
      cases: compared,
      members,
      executors: EXECUTORS.map(({ name }) => name),
      disagreements: disagreements.length,
      seconds: Math.round(performance.now() - start) / 1000,
    }
  } finally {
    await engine.close()
  }
}

async function show(
  warehouse: Warehouse,
  disagreements: readonly Disagreement[],
  size: WorldSize,
  log: (message: string) => void,
): Promise<void> {
  const ways = new Map(disagreements.map((each) => [`${each.executor} ${each.seed} ${each.segment}`, each]))
  for (const { seed, executor, segment, profile, expected } of [...ways.values()].slice(0, SHOWN)) {
    const by = EXECUTORS.find(({ name }) => name === executor)!
    const small = await shrink(warehouse, makeWorld(seed, size), by, segment, profile)
    const people = peopleOf(small).filter((person) => person.profile === profile)
    const shown = { now: new Date(small.now), zone: small.zone, definitions: small.definitions, people }
    log(
      `seed ${seed}: ${executor} says ${!expected} of p${profile} in ${segment}, the oracle ${expected}: ${JSON.stringify(shown, plain)}`,
    )
  }
}

const plain = (_key: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value)

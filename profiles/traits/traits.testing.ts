import type { TraitsFile } from '@tributary/schemas'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRows } from '../../warehouse/query.js'
import { acceptTestStep, testStep } from '../facts/facts.testing.js'
import { IS_CURRENT_VALUE, reloadProfileOf, reloadRecordOf } from '../people/dictionaries.js'
import { SHOWN_COLUMNS, type ShownColumns, shownTime, shownValue } from '../people/shown-value.js'
import { openStep } from '../steps/derived-load.js'
import { stageTraits, type TraitsOptions } from './stage-traits.js'

/** Gives nodes to profiles as an accepted identity would. */
export async function identify(
  warehouse: Warehouse,
  profiles: Readonly<Record<number, number>>,
): Promise<void> {
  const step = await openStep(testStep(warehouse), 'identity')
  const staged = await step.stage(async ({ loadId, generation, version }) => {
    const rows = Object.entries(profiles).map(([node, profile]) => ({
      node: Number(node),
      profile,
      raw: profile,
      version,
      _load_id: loadId,
      _generation: generation,
    }))
    await warehouse.insert({ table: 'cdp.node_profiles__rows', values: rows, format: 'JSONEachRow' })
    return { rows: rows.length, state: {} }
  })
  await acceptTestStep(warehouse, staged)
  await reloadProfileOf(warehouse)
}

export interface RefreshOptions extends Partial<Omit<TraitsOptions, 'traits'>> {
  readonly now: Date
}

/** Runs the step to its end. Resolves to whether it published a generation; undefined where there was nothing to do. */
export async function refreshTraits(
  warehouse: Warehouse,
  traits: TraitsFile,
  { now, ...options }: RefreshOptions,
): Promise<'full' | 'incremental' | undefined> {
  const staged = await stageTraits(testStep(warehouse, now), {
    traits,
    timeZone: 'UTC',
    ...options,
  })
  if (!staged) return undefined
  await acceptTestStep(warehouse, staged)
  await reloadRecordOf(warehouse)
  return staged.publishes ? 'full' : 'incremental'
}

export interface CurrentValue {
  readonly profile: number
  readonly trait: string
  /** The value as people see it; ISO 8601 for times. */
  readonly value: unknown
  readonly source: string
  readonly at: string
}

/** What holds of everybody, by profile and trait. */
export async function currentValues(warehouse: Warehouse): Promise<CurrentValue[]> {
  const rows = await selectRows<ShownColumns & Omit<CurrentValue, 'value'>>(
    warehouse,
    `SELECT profile, trait, ${SHOWN_COLUMNS}, source, toString(toUnixTimestamp64Milli(at)) AS at
     FROM cdp.trait_values__rows WHERE ${IS_CURRENT_VALUE} ORDER BY profile, trait`,
  )
  return rows.map((row) => ({
    profile: row.profile,
    trait: row.trait,
    value: shownValue(row),
    source: row.source,
    at: shownTime(row.at),
  }))
}

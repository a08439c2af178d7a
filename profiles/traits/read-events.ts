/** Which events a computed trait is of: name, window and conditions on properties, as people's segments read them. */
import type { ComputedTrait } from '@tributary/schemas'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRows } from '../../warehouse/query.js'
import { propertyColumn, VALUE_KINDS } from '../facts/values.js'
import { createContext } from '../segments/compile/context.js'
import { andWhere, eventsIn } from '../segments/compile/where.js'
import { windowAt } from '../time/window.js'

export interface EventsRead {
  /** SQL: which rows of facts count. */
  readonly facts: string
  /** Names of the columns of `cdp.events__rows`. */
  readonly columns: ReadonlySet<string>
  /** The zone of a trait's dates. */
  zoneOf(trait: ComputedTrait): string
}

/** The columns that events have at present: one by kind and property. */
export async function eventColumns(warehouse: Warehouse): Promise<ReadonlySet<string>> {
  const rows = await selectRows<{ name: string }>(
    warehouse,
    `SELECT name FROM system.columns WHERE database = 'cdp' AND table = 'events__rows'`,
  )
  return new Set(rows.map(({ name }) => name))
}

/** SQL condition over `cdp.events__rows`. */
export function eventsOf(trait: ComputedTrait, now: Date, { columns, facts, zoneOf }: EventsRead): string {
  const zone = zoneOf(trait)
  const context = createContext(
    'traits',
    zone,
    {
      now,
      timeZone: zone,
      propertyKinds: (property) => VALUE_KINDS.filter((kind) => columns.has(propertyColumn(kind, property))),
    },
    new Map(),
  )
  const where = andWhere(trait.where ?? [], context)
  return `${facts} AND ${eventsIn(trait.event, windowAt(trait, now, zone))}${where}`
}

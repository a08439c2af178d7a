/**
 * A stream's setup after its tables were made to fit: the columns are the table's, and what the contract discards is no
 * column. Tables are looked at once per shape and process; a run that finds the shape unchanged costs no statement.
 */
import type { Warehouse } from '../warehouse/client.js'
import { openTables } from '../warehouse/tables/open-tables.js'
import { type PreparedTables, prepareTables } from '../warehouse/tables/prepare-tables.js'
import { onTable, type StreamSetup } from './stream-setup.js'

interface Entry {
  readonly shape: string
  readonly tables: PreparedTables
}

const prepared = new WeakMap<Warehouse, Map<string, Entry>>()

/** Idempotent. Throws as prepareTables() does. */
export async function preparedTable(warehouse: Warehouse, setup: StreamSetup): Promise<StreamSetup> {
  const entry = prepared.get(warehouse)?.get(keyOf(setup))
  if (entry?.shape === shapeOf(setup)) return onTable(setup, entry.tables.table, entry.tables.change)
  return prepareTable(warehouse, setup)
}

/** The same after looking anew, since somebody may have changed the tables. */
export async function prepareTable(warehouse: Warehouse, setup: StreamSetup): Promise<StreamSetup> {
  return remember(warehouse, setup, await prepareTables(warehouse, setup.table, setup.contract))
}

/** The same at the beginning of a run, which may read into new tables; `aside` says that people see others meanwhile. */
export async function openTable(
  warehouse: Warehouse,
  setup: StreamSetup,
  reset: boolean,
): Promise<{ readonly setup: StreamSetup; readonly aside: boolean }> {
  prepared.get(warehouse)?.delete(keyOf(setup))
  const tables = await openTables(warehouse, setup.table, { contract: setup.contract, reset })
  return { setup: remember(warehouse, setup, tables), aside: tables.aside }
}

function remember(warehouse: Warehouse, setup: StreamSetup, tables: PreparedTables): StreamSetup {
  const known = prepared.get(warehouse) ?? new Map<string, Entry>()
  prepared.set(warehouse, known.set(keyOf(setup), { shape: shapeOf(setup), tables }))
  return onTable(setup, tables.table, tables.change)
}

const keyOf = ({ table }: StreamSetup): string => `${table.source}/${table.stream}`
const shapeOf = ({ table, contract }: StreamSetup): string => JSON.stringify([table, contract])

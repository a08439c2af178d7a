/** The tables of a run, new ones beside the old where it may have these. */
import type { Warehouse } from '../client.js'
import type { SchemaContract } from '../types/schema-change.js'
import { type PreparedTables, prepareTables, SchemaConflict } from './prepare-tables.js'
import { dropAside, setAside, standing } from './set-aside.js'
import type { StreamTable } from './stream-table.js'
import { LayoutConflict } from './table-layout.js'

export interface OpenTablesOptions {
  readonly contract: SchemaContract
  /** The stream is read anew: it may change what no alteration can, and takes the layout that the settings ask for. */
  readonly reset: boolean
}

export interface OpenedTables extends PreparedTables {
  /** People see others, which stand aside: what the run reads is a new generation. */
  readonly aside: boolean
}

/**
 * Makes a stream's tables fit for a run, whatever an earlier one left half done. Repeatable. Throws as prepareTables()
 * does where only new tables would do and the run may not make them.
 */
export async function openTables(
  warehouse: Warehouse,
  wanted: StreamTable,
  { contract, reset }: OpenTablesOptions,
): Promise<OpenedTables> {
  try {
    const prepared = await prepareTables(warehouse, wanted, contract, reset)
    const aside = (await standing(warehouse, wanted)) === 'aside'
    if (!aside) await dropAside(warehouse, wanted)
    return { ...prepared, aside }
  } catch (error) {
    const isLayout = error instanceof LayoutConflict
    if (!isLayout && !(error instanceof SchemaConflict)) throw error
    const mayReplace = reset && (isLayout || contract !== 'freeze')
    // What nobody sees yet may give way to any shape: the settings, or the source, changed again in between.
    if (!mayReplace && (await standing(warehouse, wanted)) !== 'aside') throw error
    await setAside(warehouse, wanted)
    return { ...(await prepareTables(warehouse, wanted, contract)), aside: true }
  }
}

/** From an identifier or a public id to the person it is today. Public ids are `p<node>`: every id ever given stays good. */
import type { Warehouse } from '../../warehouse/client.js'
import { selectRow } from '../../warehouse/query.js'
import type { IdentifierName } from './records.js'

export interface FoundNode {
  readonly node: number
  /** The least node of the person. */
  readonly profile: number
}

/** The public id of a profile. */
export const profileId = (profile: number): string => `p${profile}`

/** The node that a public id names; undefined where the text is no such id. */
export function parseProfileId(id: string): number | undefined {
  const node = /^p([1-9]\d{0,9})$/.exec(id)?.[1]
  return node !== undefined && Number(node) < 2 ** 32 ? Number(node) : undefined
}

/** Finds an identifier; undefined where nobody was ever seen with it. */
export async function findNode(
  warehouse: Warehouse,
  { type, value }: IdentifierName,
): Promise<FoundNode | undefined> {
  const row = await selectRow<{ node: number }>(
    warehouse,
    'SELECT node FROM cdp.nodes WHERE type = {type:String} AND value = {value:String} ORDER BY node LIMIT 1',
    { type, value },
  )
  return row === undefined ? undefined : { node: row.node, profile: await profileOfNode(warehouse, row.node) }
}

/**
 * Finds the person whom a public id means today, also where it was given to one who was merged since; undefined where no
 * such id was ever given.
 */
export async function findProfile(warehouse: Warehouse, id: string): Promise<FoundNode | undefined> {
  const node = parseProfileId(id)
  if (node === undefined) return undefined
  const known = await selectRow(warehouse, 'SELECT 1 FROM cdp.nodes WHERE node = {node:UInt32} LIMIT 1', {
    node,
  })
  return known === undefined ? undefined : { node, profile: await profileOfNode(warehouse, node) }
}

async function profileOfNode(warehouse: Warehouse, node: number): Promise<number> {
  const row = await selectRow<{ profile: number }>(
    warehouse,
    `SELECT argMax(profile, version) AS profile FROM cdp.node_profiles WHERE node = {node:UInt32} GROUP BY node`,
    { node },
  )
  return row?.profile ?? node
}

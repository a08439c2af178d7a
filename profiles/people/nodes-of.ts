/** Which identifiers are one person's: the nodes of a profile. */
import type { Warehouse } from '../../warehouse/client.js'
import { selectRows } from '../../warehouse/query.js'

/** SQL: the nodes of profile `{profile:UInt32}`, itself included. Reads dictionary `cdp.profile_of`. */
export const OWN_NODES = `SELECT toUInt32(node) AS node FROM dictionary('cdp.profile_of') WHERE profile = {profile:UInt32}
    UNION DISTINCT SELECT {profile:UInt32} AS node`

/** In ascending order; the profile's own number is the first. */
export async function nodesOf(warehouse: Warehouse, profile: number): Promise<readonly number[]> {
  const rows = await selectRows<{ node: number }>(
    warehouse,
    `SELECT node FROM (${OWN_NODES}) ORDER BY node`,
    { profile },
  )
  return rows.map(({ node }) => node)
}

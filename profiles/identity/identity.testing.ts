import type { IdentityFile } from '@tributary/schemas'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRows } from '../../warehouse/query.js'
import { acceptTestStep, testStep } from '../facts/facts.testing.js'
import { reloadProfileOf } from '../people/dictionaries.js'
import type { IdentityReport, IdentityState } from './identity-state.js'
import { stageIdentity } from './stage-identity.js'

/** Stages and accepts the step. Resolves to what it reports; undefined where it had nothing to do. */
export async function refreshIdentity(
  warehouse: Warehouse,
  identity: IdentityFile,
  { full = false, now = new Date() }: { readonly full?: boolean; readonly now?: Date } = {},
): Promise<IdentityReport | undefined> {
  const staged = await stageIdentity(testStep(warehouse, now), { identity, full })
  if (staged === undefined) return undefined
  await acceptTestStep(warehouse, staged)
  await reloadProfileOf(warehouse)
  return (JSON.parse(staged.load.state!) as IdentityState).report
}

/** By node from 1: profile and raw component as published, itself where nothing was. */
export async function publishedPartition(warehouse: Warehouse, nodes: number) {
  const rows = await selectRows<{ node: number; profile: number; raw: number }>(
    warehouse,
    `SELECT node, argMax(profile, version) AS profile, argMax(raw, version) AS raw
     FROM cdp.node_profiles GROUP BY node`,
  )
  const published = new Map(rows.map((row) => [row.node, row]))
  const all = Array.from({ length: nodes }, (_, at) => at + 1)
  return {
    profile: all.map((node) => published.get(node)?.profile ?? node),
    raw: all.map((node) => published.get(node)?.raw ?? node),
  }
}

/** The published workspace as far as people are concerned: what is mapped, who identifies whom, and errors about names. */
import { type IdentityFile, nearestName, type SegmentFile } from '@tributary/schemas'
import { normaliseValue } from '../../profiles/people/normalise.js'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRow, selectRows } from '../../warehouse/query.js'
import type { Workspace } from '../../workspace/workspace.js'
import type { OperationContext } from '../context.js'
import { publishedRevision } from '../published-workspace.js'
import { NothingMapped } from '../refresh.js'

export type PeopleContext = Pick<OperationContext, 'warehouse'>

/** A type and a value as somebody gave them, or as identity.yaml normalises them. */
export interface IdentifierName {
  readonly type: string
  readonly value: string
}

/** A published workspace that maps streams to people. */
export interface PeopleWorkspace extends Workspace {
  readonly identity: IdentityFile
}

/** People were never brought up to what is loaded. */
export class NeverRefreshed extends Error {
  override readonly name = 'NeverRefreshed'
}

/** identity.yaml has no such type of identifier. */
export class IdentifierUnknown extends Error {
  override readonly name = 'IdentifierUnknown'
}

/** The value is blocked, or not well-formed: it identifies nobody. */
export class IdentifierBlocked extends Error {
  override readonly name = 'IdentifierBlocked'
}

/** There is no such segment. */
export class SegmentUnknown extends Error {
  override readonly name = 'SegmentUnknown'
}

/** The newest published workspace. @throws NothingMapped */
export async function peopleWorkspace(context: PeopleContext, doing: string): Promise<PeopleWorkspace> {
  const published = await publishedRevision(await context.warehouse())
  const workspace = published?.workspace
  if (workspace === undefined || !mapsPeople(workspace)) {
    throw new NothingMapped(
      `${doing}: no stream is mapped to people; write mappings/<name>.yaml and identity.yaml, then run tributary apply`,
    )
  }
  return workspace
}

/** True where a stream says who somebody is. */
export function mapsPeople(workspace: Workspace): workspace is PeopleWorkspace {
  return workspace.identity !== undefined && workspace.mappings.length > 0
}

/** Names the newest round that found people; undefined before there is one. */
export async function newestRefresh(warehouse: Warehouse): Promise<string | undefined> {
  const row = await selectRow<{ round: string }>(
    warehouse,
    `SELECT concat(run_id, ' ', toString(now)) AS round FROM cdp.refreshes
     WHERE outcome IN ('succeeded', 'partial') ORDER BY now DESC LIMIT 1`,
  )
  return row?.round
}

/** Like {@link peopleWorkspace}, where people were found already. @throws NothingMapped, NeverRefreshed */
export async function refreshedWorkspace(context: PeopleContext, doing: string): Promise<PeopleWorkspace> {
  const refreshed = context.warehouse().then(newestRefresh)
  const [workspace, round] = await Promise.all([peopleWorkspace(context, doing), refreshed])
  if (round === undefined) {
    throw new NeverRefreshed(`${doing}: people were never refreshed; run tributary refresh --wait`)
  }
  return workspace
}

/** Sentence part: what to do about a name that nothing bears. */
export function nameHint(name: string, names: readonly string[], otherwise: string): string {
  const meant = nearestName(name, names)
  if (meant !== undefined) return `did you mean ${meant}?`
  return names.length === 0 ? otherwise : `there are ${names.slice(0, 20).join(', ')}`
}

/** The identifier as identity.yaml normalises it. @throws IdentifierUnknown, IdentifierBlocked */
export async function normalisedName(
  warehouse: Warehouse,
  identity: IdentityFile,
  { type, value }: IdentifierName,
): Promise<IdentifierName> {
  assertIdentifierType(identity, type)
  const normalised = await normaliseValue(warehouse, identity, type, value)
  if (normalised !== undefined) return { type, value: normalised }
  throw new IdentifierBlocked(
    `looking up ${type} ${value}: by identity.yaml this value identifies nobody; use another identifier, or see block there`,
  )
}

/** @throws IdentifierUnknown with the nearest type */
export function assertIdentifierType(identity: IdentityFile, type: string): void {
  const types = Object.keys(identity.identifiers)
  if (types.includes(type)) return
  throw new IdentifierUnknown(
    `looking up ${type}: identity.yaml has no identifier ${type}; ${nameHint(type, types, 'add it there')}`,
  )
}

/** The definition of a published segment. @throws SegmentUnknown with the nearest id */
export function publishedSegment({ segments }: Workspace, id: string): SegmentFile {
  const found = segments.find((segment) => segment.id === id)
  if (found) return found.definition
  throw unknownSegment(
    id,
    segments.map((segment) => segment.id),
  )
}

/** Passes a segment that was ever evaluated, also where it is not published any more. @throws SegmentUnknown, NeverRefreshed */
export async function assertEvaluated(
  context: PeopleContext,
  { segments }: Workspace,
  id: string,
): Promise<void> {
  const rows = await selectRows<{ segment: string }>(
    await context.warehouse(),
    `SELECT DISTINCT segment FROM cdp.segment_versions WHERE NOT startsWith(segment, '_') ORDER BY segment`,
  )
  const evaluated = rows.map(({ segment }) => segment)
  if (evaluated.includes(id)) return
  const published = segments.map((segment) => segment.id)
  if (!published.includes(id)) throw unknownSegment(id, [...new Set([...published, ...evaluated])])
  throw new NeverRefreshed(`looking at segment ${id}: it was not evaluated yet; run tributary refresh --wait`)
}

function unknownSegment(id: string, ids: readonly string[]): SegmentUnknown {
  const hint = nameHint(id, ids, 'write segments/<name>.yaml and run tributary apply')
  return new SegmentUnknown(`finding the segment ${id}: it is not published; ${hint}`)
}

/** From what somebody typed to a person: an identifier in any spelling, or the id of a profile, however old. */
import { type FoundNode, findNode, findProfile } from '../../profiles/identity/find-node.js'
import { nodesOf } from '../../profiles/people/nodes-of.js'
import { selectRows } from '../../warehouse/query.js'
import { type IdentifierName, normalisedName, type PeopleContext, type PeopleWorkspace } from './published.js'

/** Nobody has this identifier or id. */
export class ProfileUnknown extends Error {
  override readonly name = 'ProfileUnknown'
}

/** @throws ProfileUnknown, IdentifierUnknown, IdentifierBlocked */
export async function findPerson(
  context: PeopleContext,
  { identity }: PeopleWorkspace,
  given: IdentifierName,
): Promise<FoundNode & { readonly identifier: IdentifierName }> {
  const warehouse = await context.warehouse()
  const identifier = await normalisedName(warehouse, identity, given)
  const found = await findNode(warehouse, identifier)
  if (found) return { ...found, identifier }
  throw new ProfileUnknown(
    `finding ${identifier.type} ${identifier.value}: nobody is known by it; check the value, or run tributary refresh if it came with the last sync`,
  )
}

/** @throws ProfileUnknown */
export async function findById(context: PeopleContext, id: string): Promise<FoundNode> {
  const found = await findProfile(await context.warehouse(), id)
  if (found) return found
  throw new ProfileUnknown(
    `finding profile ${id}: no person ever had this id; ids look like p1042, or give an identifier type and a value`,
  )
}

/** A person by an identifier, or by the id of a profile. */
export type PersonName = IdentifierName | { readonly id: string }

/** Who is meant today. @throws ProfileUnknown, IdentifierUnknown, IdentifierBlocked */
export async function findNamed(
  context: PeopleContext,
  workspace: PeopleWorkspace,
  person: PersonName,
): Promise<FoundNode> {
  return 'id' in person ? findById(context, person.id) : findPerson(context, workspace, person)
}

/**
 * An identifier of the person: the one that was given, or the one of the highest type.
 * @throws ProfileUnknown, IdentifierUnknown, IdentifierBlocked
 */
export async function identifierOf(
  context: PeopleContext,
  workspace: PeopleWorkspace,
  person: PersonName,
): Promise<IdentifierName> {
  if (!('id' in person)) return (await findPerson(context, workspace, person)).identifier
  const { profile } = await findById(context, person.id)
  const warehouse = await context.warehouse()
  const types = Object.keys(workspace.identity.identifiers)
  const names = await selectRows<IdentifierName>(
    warehouse,
    `SELECT type, value FROM cdp.nodes WHERE node IN {nodes:Array(UInt32)} AND type IN {types:Array(String)}
     ORDER BY indexOf({types:Array(String)}, type), value LIMIT 1`,
    { nodes: await nodesOf(warehouse, profile), types },
  )
  const [name] = names
  if (name) return name
  throw new ProfileUnknown(
    `finding ${person.id}: no identifier of this person is in identity.yaml any more; add its type there`,
  )
}

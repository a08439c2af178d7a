/** The members of a segment as a table: a column for each identifier and trait that the published mappings make. */
import { vocabulary } from '../../profiles/definitions/vocabulary.js'
import type { ExportedMember } from '../../profiles/segments/refresh/export-members.js'
import { type PeopleContext, peopleWorkspace } from './published.js'

type Value = ExportedMember['traits'][string] | ExportedMember['identifiers'][string] | undefined

export interface MemberTable {
  readonly columns: readonly string[]
  /** In the order of the columns; undefined where nothing is known. */
  cells(member: ExportedMember): readonly Value[]
}

/** Identifiers by priority, then traits by name. A trait that is called like an identifier is `traits.<name>`. @throws NothingMapped */
export async function memberTable(context: PeopleContext): Promise<MemberTable> {
  const { identifiers, traits } = vocabulary(await peopleWorkspace(context, 'exporting a segment'))
  const types = [...identifiers]
  const names = [...traits].sort()
  return {
    columns: ['profile', ...types, ...names.map((name) => (identifiers.has(name) ? `traits.${name}` : name))],
    cells: (member) => [
      member.profile,
      ...types.map((type) => member.identifiers[type]),
      ...names.map((name) => member.traits[name]),
    ],
  }
}

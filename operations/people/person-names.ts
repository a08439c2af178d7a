/** What people are called in lists that name them by their ids alone. */
import { displayName } from '../../profiles/people/display-name.js'
import { readMembers } from '../../profiles/segments/refresh/export-members.js'
import type { Warehouse } from '../../warehouse/client.js'

/**
 * Names by profile id: `Ada Lovelace · ada@example.com`, what a trait says and the identifier that says most, an e-mail address
 * before others. Without those of whom nothing is known any more under that id.
 */
export async function personNames(
  warehouse: Warehouse,
  profiles: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const numbers = [...new Set(profiles)].map((profile) => Number(profile.slice(1)))
  const people = await readMembers(warehouse, numbers, undefined, undefined)
  return new Map(
    people.flatMap(({ profile, identifiers, traits }) => {
      const identifier = [identifiers.email, ...Object.values(identifiers)].flat().find(Boolean)
      const name = [displayName(traits), identifier].filter((part) => typeof part === 'string').join(' · ')
      return name === '' ? [] : [[profile, name] as const]
    }),
  )
}

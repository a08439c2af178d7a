/** Some people, by what they are called, each leading to their profile. */
import { Anchor, Group, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import { seen } from '../../ui/seen.js'
import type { SamplePerson } from './api.js'

/** Names, or else the identifier that says most. */
export function PeopleList({ people }: { readonly people: readonly SamplePerson[] }) {
  return (
    <Stack gap={4} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
      {people.map((person) => (
        <li key={person.profile}>
          <Group gap={8} wrap="nowrap" justify="space-between">
            <Anchor component={Link} to={`/profiles/${person.profile}`} size="sm" truncate>
              {nameOf(person)}
            </Anchor>
            <Text size="xs" c="dimmed" style={{ flex: 'none' }}>
              {person.profile}
            </Text>
          </Group>
        </li>
      ))}
    </Stack>
  )
}

const NAMES = ['name', 'full_name', 'display_name', 'first_name', 'firstname', 'given_name']

/** What a person is called in a list: a name, an address, any identifier, or the profile's id. */
export function nameOf({ profile, identifiers, traits }: SamplePerson): string {
  const trait = NAMES.map((name) => traits[name]).find((value) => typeof value === 'string' && value !== '')
  const last = traits.last_name ?? traits.lastname
  const name = [trait, trait === undefined ? undefined : last]
    .filter((part) => typeof part === 'string')
    .join(' ')
  // Values that the reader may not see come as one text in place of the list.
  const lists = [identifiers.email, ...Object.values(identifiers)] as readonly (
    | readonly string[]
    | string
    | undefined
  )[]
  const identifier = lists.flatMap((values) => values ?? [])[0]
  const parts = [name === '' ? undefined : name, identifier].filter((part) => part !== undefined)
  return parts.map(seen).join(' · ') || profile
}

/** Who is in the segment: some of the members, with what is known of them. */
import { Button, Menu } from '@mantine/core'
import { IconChevronDown, IconDownload } from '@tabler/icons-react'
import { useRead } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { Answer } from '../../../ui/answer.js'
import { type Column, DataTable } from '../../../ui/data-table.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { Section } from '../../../ui/section.js'
import { valuesOf, words } from '../../profiles/parts/names.js'
import { textOf, ValueText } from '../../profiles/parts/value-text.js'
import type { SamplePerson } from '../api.js'
import { nameOf } from '../people-list.js'

const SHOWN = 50
/** More columns than that are no table any more. */
const TRAITS = 4

/** The tab. */
export function MembersTab({ segment }: { readonly segment: string }) {
  const answer = useRead('/api/v1/segments/{id}/sample', {
    params: { path: { id: segment }, query: { limit: SHOWN } },
  })
  const mayExport = useCan('marketer')
  return (
    <Answer of={answer} what="members">
      {({ people }) => (
        <Section
          title="Some of the members"
          description={`At most ${SHOWN}; an export has them all.`}
          actions={mayExport && people.length > 0 && <ExportMenu segment={segment} />}
          bare
        >
          <DataTable
            label="Members"
            search="Find among these"
            unit={['person shown', 'people shown']}
            columns={columnsFor(people)}
            rows={people}
            rowKey={({ profile }) => profile}
            rowTo={({ profile }) => `/profiles/${profile}`}
            empty={
              <EmptyState title="Nobody is in it">
                Nobody fulfils it as of the newest refresh. See under “Why” what keeps somebody out whom you
                expect.
              </EmptyState>
            }
          />
        </Section>
      )}
    </Answer>
  )
}

/** The browser fetches the file as it is written, however large it is. */
function ExportMenu({ segment }: { readonly segment: string }) {
  const address = `/api/v1/segments/${encodeURIComponent(segment)}/export`
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={`${address}?format=csv`} download>
          For a spreadsheet (CSV)
        </Menu.Item>
        <Menu.Item component="a" href={`${address}?format=ndjson`} download>
          For a program (JSON lines)
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** The traits that most of these people have, and how they can be reached. */
function columnsFor(people: readonly SamplePerson[]): readonly Column<SamplePerson>[] {
  const counts = new Map<string, number>()
  for (const { traits } of people)
    for (const trait of Object.keys(traits)) counts.set(trait, (counts.get(trait) ?? 0) + 1)
  const traits = [...counts]
    .filter(([trait]) => !/name/.test(trait))
    .sort((a, b) => b[1] - a[1])
    .slice(0, TRAITS)
    .map(([trait]) => trait)
  return [
    {
      key: 'person',
      title: 'Person',
      value: (person) =>
        `${nameOf(person)} ${Object.values(person.identifiers)
          .flatMap((of) => valuesOf(of))
          .join(' ')}`,
      render: nameOf,
    },
    ...traits.map(
      (trait): Column<SamplePerson> => ({
        key: trait,
        title: capital(words(trait)),
        value: ({ traits: of }) => {
          const value = of[trait]
          return typeof value === 'number' ? value : value === undefined ? null : textOf(value)
        },
        render: ({ traits: of }) => <ValueText value={of[trait]} />,
      }),
    ),
  ]
}

/** Finds a person. */
import { Anchor, Button, Group, Paper, Stack, Text } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { api, take } from '../../../api/client.js'
import { readKey, useRead } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { Page } from '../../../ui/page.js'
import { Section } from '../../../ui/section.js'
import { NumberText } from '../../../ui/texts.js'
import { labelOf } from '../parts/names.js'
import { PersonSearch } from '../parts/person-search.js'
import { readRecent } from './recent.js'

/** /profiles */
export function SearchPage() {
  const [params, setParams] = useSearchParams()
  const navigate = useNavigate()
  const isFull = useCan('marketer')
  const people = useRead('/api/v1/vocabulary')
  const stage = people.data?.stage
  return (
    <Page
      title="Profiles"
      description="One profile for each person, whatever channels they came through. Find one by anything that is known of them."
    >
      {stage === 'nothing_mapped' || stage === 'never_refreshed' ? (
        <EmptyState
          title="Nobody is known yet"
          action={
            <Button component={Link} to={stage === 'nothing_mapped' ? '/sources' : '/runs'} variant="default">
              {stage === 'nothing_mapped' ? 'To the sources' : 'See what is running'}
            </Button>
          }
        >
          {stage === 'nothing_mapped'
            ? 'Connect a source, map its columns to people, and they show here.'
            : 'Your data is mapped to people. They are found with the first refresh, which begins by itself when data is loaded.'}
        </EmptyState>
      ) : (
        <>
          {!isFull && (
            <Text c="dimmed" size="sm">
              Your role sees who there is without personal values: they stand as •••.
            </Text>
          )}
          <Paper p="md">
            <PersonSearch
              label="Find a person"
              autoFocus
              initial={params.get('q') ?? ''}
              onAsk={(text) => setParams(text === '' ? {} : { q: text }, { replace: true })}
              onChoose={({ profile }) => void navigate(`/profiles/${profile}`)}
            >
              {people.data !== undefined && (
                <Text size="sm" c="dimmed">
                  Known by {people.data.identifiers.map((type) => type.replaceAll('_', ' ')).join(', ')}; with{' '}
                  <NumberText value={people.data.traits.length} /> traits and{' '}
                  <NumberText value={people.data.events.reduce((sum, { count }) => sum + count, 0)} /> events.
                </Text>
              )}
            </PersonSearch>
          </Paper>
          <Recent />
        </>
      )}
    </Page>
  )
}

function Recent() {
  const ids = readRecent()
  const answers = useQueries({
    queries: ids.map((id) => {
      const init = { params: { path: { id } } }
      return {
        queryKey: readKey('/api/v1/profiles/{id}', init),
        queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
          take(api.GET('/api/v1/profiles/{id}', { ...init, signal })),
        retry: false,
      }
    }),
  })
  // Whoever is not there any more is left out.
  const people = answers.flatMap(({ data }) => data ?? [])
  if (people.length === 0) return null
  return (
    <Section title="Looked at last">
      <Stack gap={6} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {people.map((person) => (
          <li key={person.profile}>
            <Group gap="sm">
              <Anchor component={Link} to={`/profiles/${person.profile}`} maw="100%" lineClamp={1}>
                {labelOf(person)}
              </Anchor>
              <Text size="xs" c="dimmed">
                {person.profile}
              </Text>
            </Group>
          </li>
        ))}
      </Stack>
    </Section>
  )
}

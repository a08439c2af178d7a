/** Segments to begin with, in the words of this workspace. */
import { Paper, SimpleGrid, Text, UnstyledButton } from '@mantine/core'
import { Link } from 'react-router'
import type { Vocabulary } from '../api.js'
import { type TemplateNames, templatesFor } from '../model/templates.js'

/** A template opens in the builder; nothing is saved before somebody does. */
export function TemplatesPanel({ vocabulary }: { readonly vocabulary: Vocabulary }) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="sm">
      {templatesFor(namesOf(vocabulary)).map(({ title, hint, definition }) => (
        <UnstyledButton key={title} component={Link} to="/segments/new" state={{ definition }}>
          <Paper p="md" h="100%">
            <Text fw={600}>{title}</Text>
            <Text size="sm" c="dimmed">
              {hint}
            </Text>
          </Paper>
        </UnstyledButton>
      ))}
    </SimpleGrid>
  )
}

function namesOf({ events, traits, identifiers, consents }: Vocabulary): TemplateNames {
  return {
    events: events
      .toSorted((a, b) => b.count - a.count)
      .map(({ event, properties }) => ({
        event,
        numbers: properties.filter(({ kinds }) => kinds.includes('number')).map(({ property }) => property),
      })),
    numberTraits: traits.filter(({ people }) => (people.number ?? 0) > 0).map(({ trait }) => trait),
    identifiers,
    consents,
  }
}

/** Connectors that are installed, as cards: found by a word, each the way to its form. */
import { Group, Paper, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core'
import { type Icon, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { EmptyState } from '../empty-state.js'
import { searchRows } from '../table-rows.js'
import type { Connector } from './api.js'
import classes from './connector-cards.module.css'
import { ConnectorMarks } from './connector-marks.js'

interface ConnectorCardsProps {
  readonly connectors: readonly Connector[]
  /** Where the form of one is. */
  readonly formOf: (connector: Connector) => string
  /** For those that have no picture of their own. */
  readonly icon: Icon
}

/** The cards with a search. */
export function ConnectorCards({ connectors, formOf, icon: Stock }: ConnectorCardsProps) {
  const [words, setWords] = useState('')
  const found = searchRows(connectors, words, ({ title, description, name }) => [title, description, name])
  if (connectors.length === 0)
    return (
      <EmptyState title="No connectors are installed">
        Connectors are packages: an engineer installs one beside the workspace, or writes one in its folder
        connectors.
      </EmptyState>
    )
  return (
    <Stack>
      <Group>
        <TextInput
          type="search"
          aria-label="Find a connector"
          placeholder="Find a connector"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          w={{ base: '100%', xs: 320 }}
        />
        <Text c="dimmed" size="sm" role="status">
          {found.length === 1 ? '1 connector' : `${found.length} connectors`}
        </Text>
      </Group>
      {found.length === 0 ? (
        <EmptyState title="No connector is called so">
          Try the name of the product, or of its kind. What is missing can be written in an afternoon: an
          engineer finds how under “Writing a connector”.
        </EmptyState>
      ) : (
        <SimpleGrid component="ul" cols={{ base: 1, xs: 2, md: 3 }} className={classes.cards}>
          {found.map((connector) => (
            <li key={connector.name}>
              <Paper component={Link} to={formOf(connector)} p="md" className={classes.card}>
                <Group gap="sm" wrap="nowrap" align="flex-start">
                  {connector.icon === null ? (
                    <Stock size={32} stroke={1.4} aria-hidden className={classes.icon} />
                  ) : (
                    <img src={connector.icon} width={32} height={32} alt="" className={classes.icon} />
                  )}
                  <div>
                    <Title order={2} className={classes.title}>
                      {connector.title}
                    </Title>
                    <ConnectorMarks connector={connector} />
                  </div>
                </Group>
                <Text c="dimmed" size="sm" mt="xs">
                  {connector.description}
                </Text>
              </Paper>
            </li>
          ))}
        </SimpleGrid>
      )}
    </Stack>
  )
}

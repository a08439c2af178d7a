/** The activations that send to a destination. */
import { Anchor, Button, List, Paper, Stack, Text } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { Link } from 'react-router'
import { useCan } from '../../../app/session.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { activationPath } from '../../activations/paths.js'
import type { ListedDestination } from '../api.js'

/** Links to each, and the way to a new one. */
export function SendersTab({
  destination: { id, activations },
}: {
  readonly destination: ListedDestination
}) {
  const create = useCan('marketer') && (
    <Button
      component={Link}
      to={`/activations/new?destination=${encodeURIComponent(id)}`}
      leftSection={<IconSend size={16} aria-hidden />}
    >
      Send a segment to it
    </Button>
  )
  if (activations.length === 0)
    return (
      <EmptyState title="Nothing sends to it yet" action={create}>
        An activation keeps a segment in step with this destination. You see what would be sent before
        anything is.
      </EmptyState>
    )
  return (
    <Paper p="md">
      <Stack align="flex-start">
        <Text>
          {activations.length === 1 ? 'One activation sends' : `${activations.length} activations send`} to
          it:
        </Text>
        <List spacing={4}>
          {activations.map((activation) => (
            <List.Item key={activation}>
              <Anchor component={Link} to={activationPath(activation)}>
                {activation}
              </Anchor>
            </List.Item>
          ))}
        </List>
        {create}
      </Stack>
    </Paper>
  )
}

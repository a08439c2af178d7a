/** What a plan would send, each number with what it means. */
import { Group, Paper, SimpleGrid, Text } from '@mantine/core'
import { NumberText } from '../../../ui/texts.js'
import type { ActivationPlan } from '../api.js'
import { countsOf } from '../model/words.js'

export function Counts({ plan }: { readonly plan: ActivationPlan }) {
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, md: 4 }} spacing="sm" component="dl" m={0}>
      {countsOf(plan).map(({ name, count, meaning }) => (
        <Paper key={name} p="sm" withBorder>
          <Text component="dt" size="sm" c="dimmed">
            {name}
          </Text>
          <Group component="dd" m={0} gap={6}>
            <Text fz="xl" fw={600}>
              <NumberText value={count} />
            </Text>
            <Text size="sm" c="dimmed">
              {meaning}
            </Text>
          </Group>
        </Paper>
      ))}
    </SimpleGrid>
  )
}

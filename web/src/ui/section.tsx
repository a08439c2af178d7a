/** A part of a page with a heading of its own. */
import { Box, Group, Paper, Text, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'

interface SectionProps {
  readonly title: string
  /** What an address names it by, after its #. */
  readonly id?: string
  readonly description?: ReactNode
  readonly actions?: ReactNode
  /** True where the content brings its own frame, as a table does. @default false */
  readonly bare?: boolean
  readonly children: ReactNode
}

/** A region that readers of a screen can jump to. */
export function Section({ title, id: anchor, description, actions, bare = false, children }: SectionProps) {
  const id = useId()
  return (
    <Box component="section" id={anchor} aria-labelledby={id}>
      <Group justify="space-between" mb="xs" gap="xs">
        <Box flex="1 1 260px" miw={0}>
          <Title order={2} id={id}>
            {title}
          </Title>
          {description !== undefined && (
            <Text c="dimmed" size="sm" component="div">
              {description}
            </Text>
          )}
        </Box>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      {bare ? children : <Paper p="md">{children}</Paper>}
    </Box>
  )
}

/** Nothing to show yet: says what would be here and what to do about it. */
import { Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

interface EmptyStateProps {
  /** What is missing: "No sources yet". */
  readonly title: string
  /** What it is good for, and what to do. */
  readonly children?: ReactNode
  /** The button that does it. */
  readonly action?: ReactNode
  readonly icon?: ReactNode
  readonly role?: 'alert' | 'status'
}

/** A calm place in the middle of an empty list. */
export function EmptyState({ title, children, action, icon, role }: EmptyStateProps) {
  return (
    <Paper p="xl" role={role}>
      <Stack align="center" gap="xs" ta="center" py="md">
        {icon}
        <Title order={2}>{title}</Title>
        {children !== undefined && (
          <Text c="dimmed" maw="56ch" component="div">
            {children}
          </Text>
        )}
        {action !== undefined && <div style={{ marginTop: 8 }}>{action}</div>}
      </Stack>
    </Paper>
  )
}

/** The buttons below a step. */
import { Button, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'

/** Back, and the way on; a hint says what keeps it closed. */
export function Ways(props: {
  readonly back: () => void
  readonly hint?: string
  readonly children: ReactNode
}) {
  return (
    <Group justify="flex-end" gap="xs">
      {props.hint !== undefined && (
        <Text c="dimmed" size="sm" role="status">
          {props.hint}
        </Text>
      )}
      <Button variant="default" onClick={props.back}>
        Back
      </Button>
      {props.children}
    </Group>
  )
}

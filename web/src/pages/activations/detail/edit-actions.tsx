/** What can be done to the definition of an activation: edit, remove. */
import { Button, Menu, Text } from '@mantine/core'
import { IconChevronDown, IconPencil, IconTrash } from '@tabler/icons-react'
import { Link } from 'react-router'
import { useCan } from '../../../app/session.js'
import { editPath } from '../paths.js'
import { useRemove } from './use-remove.js'

/** For marketers. */
export function EditActions({ id }: { readonly id: string }) {
  const allowed = useCan('marketer')
  const remove = useRemove(id)
  if (!allowed) return null
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={14} aria-hidden />}>
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} onClick={() => void remove()}>
            Remove
            <Text size="sm" c="dimmed">
              It runs no more. What the tool holds stays there.
            </Text>
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Button
        variant="default"
        component={Link}
        to={editPath(id)}
        leftSection={<IconPencil size={16} aria-hidden />}
      >
        Edit
      </Button>
    </>
  )
}

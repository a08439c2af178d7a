/** What can be done with a condition or a group as a whole: by keys, and by a handle for the mouse. */
import { ActionIcon, Group, Menu, Tooltip } from '@mantine/core'
import {
  IconArrowDown,
  IconArrowUp,
  IconBoxMultiple,
  IconBoxOff,
  IconCopy,
  IconDots,
  IconGripVertical,
  IconTrash,
} from '@tabler/icons-react'
import type { Condition } from '../model/conditions.js'
import * as edits from '../model/edits.js'
import { findNode, type Node } from '../model/tree.js'
import { attend, partName } from './attention.js'
import classes from './builder.module.css'
import { useTools } from './tools.js'

/** The buttons at the right of a node. */
export function NodeMenu({ node, root }: { readonly node: Node<Condition>; readonly root: Node<Condition> }) {
  const { edit, attention } = useTools()
  const isRoot = node.id === root.id
  const what = node.kind === 'group' ? 'group' : 'condition'
  const act = (change: (tree: Node<Condition>) => Node<Condition>) => () => {
    edit(change)
    attend(attention, node.id, 'more')
  }
  const remove = () => {
    const group = findNode(root, node.id)?.above.at(-1)
    edit((tree) => edits.remove(tree, node.id))
    if (group !== undefined) attend(attention, group.id, 'add')
  }
  return (
    <Group gap={0} wrap="nowrap">
      {!isRoot && (
        <span className={classes.handle} draggable data-handle aria-hidden title="Drag to another place">
          <IconGripVertical size={16} style={{ pointerEvents: 'none' }} />
        </span>
      )}
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon aria-label={`More for this ${what}`} data-part={partName(node.id, 'more')}>
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {/* A menu that began with an item that cannot be chosen would let no key in. */}
          {edits.canMove(root, node.id, -1) && (
            <Menu.Item
              leftSection={<IconArrowUp size={16} aria-hidden />}
              onClick={act((tree) => edits.move(tree, node.id, -1))}
            >
              Move up
            </Menu.Item>
          )}
          {edits.canMove(root, node.id, 1) && (
            <Menu.Item
              leftSection={<IconArrowDown size={16} aria-hidden />}
              onClick={act((tree) => edits.move(tree, node.id, 1))}
            >
              Move down
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconCopy size={16} aria-hidden />}
            onClick={act((tree) => edits.duplicate(tree, node.id))}
          >
            Repeat
          </Menu.Item>
          <Menu.Item
            leftSection={<IconBoxMultiple size={16} aria-hidden />}
            onClick={act((tree) => edits.wrap(tree, node.id))}
          >
            Put into a group
          </Menu.Item>
          {node.kind === 'group' && (
            <Menu.Item
              leftSection={<IconBoxOff size={16} aria-hidden />}
              disabled={!edits.canUnwrap(root, node.id)}
              onClick={act((tree) => edits.unwrap(tree, node.id))}
            >
              Dissolve the group
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Tooltip label={isRoot && node.kind === 'group' ? 'Take all conditions out' : 'Take it out'}>
        <ActionIcon
          aria-label={`Take this ${what} out`}
          onClick={remove}
          disabled={isRoot && node.kind === 'group' && node.children.length === 0}
        >
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </Group>
  )
}

/**
 * The tree of conditions. Everything the mouse does by dragging, keys do through the menu of each condition: up, down, out of
 * its group, into a new one.
 */
import { Box, Button, Group, Menu, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type DragEvent, memo, useState } from 'react'
import { blankCondition, KINDS } from '../model/blank.js'
import type { Condition } from '../model/conditions.js'
import * as edits from '../model/edits.js'
import { problemWords } from '../model/problem-words.js'
import { type GroupNode, groupNode, type LeafNode, leafNode, type Match, type Node } from '../model/tree.js'
import { writeCondition, writeWho } from '../model/write.js'
import { attend, partName, useAttention } from './attention.js'
import classes from './builder.module.css'
import { ConditionFields } from './condition-fields.js'
import { WordSelect } from './name-select.js'
import { NodeMenu } from './node-menu.js'
import { type PlacedProblem, type Problems, useTools } from './tools.js'

const DRAGGED = 'application/x-tributary-condition'
const NO_PROBLEMS: readonly PlacedProblem[] = []

/** The whole tree. */
export function TreeView({ root, problems }: Omit<NodeViewProps<never>, 'node'>) {
  useAttention(useTools().attention)
  if (root.kind === 'group') return <GroupView node={root} root={root} problems={problems} depth={0} />
  return (
    <Box>
      <LeafView node={root} root={root} problems={problems} />
      <Box mt="xs">
        <AddMenu group={root.id} root={root} />
      </Box>
    </Box>
  )
}

interface NodeViewProps<N> {
  readonly node: N
  readonly root: Node<Condition>
  readonly problems: Problems
}

function GroupView({
  node,
  root,
  problems,
  depth,
}: NodeViewProps<GroupNode<Condition>> & { readonly depth: number }) {
  const { edit } = useTools()
  const found = problems.get(node.id) ?? NO_PROBLEMS
  return (
    <Box
      className={classes.group}
      data-match={node.match}
      data-depth={depth}
      role="group"
      aria-label={node.match === 'all' ? 'All of these conditions' : 'Any of these conditions'}
    >
      <Group gap={8}>
        <Text size="sm">{depth === 0 ? 'People' : ''}</Text>
        <WordSelect
          label="How the conditions combine"
          value={`${node.nots % 2 === 1 ? 'not_' : ''}${node.match}`}
          words={{
            all: 'all of these hold',
            any: 'any of these holds',
            not_any: 'none of these holds',
            not_all: 'not all of these hold',
          }}
          width={190}
          onChange={(word) => {
            const negated = word.startsWith('not_')
            const match = word.replace('not_', '') as Match
            edit((tree) => {
              const matched = edits.setMatch(tree, node.id, match)
              return negated === (node.nots % 2 === 1) ? matched : edits.negate(matched, node.id)
            })
          }}
        />
        <Box flex={1} />
        <NodeMenu node={node} root={root} />
      </Group>
      {found.map((problem) => (
        <p key={problem.message} className={classes.problem}>
          {problemWords(writeWho({ ...node, nots: 0 }), problem)}
        </p>
      ))}
      <ul className={classes.list}>
        {node.children.map((child, at) => (
          <Row key={child.id} group={node} at={at} child={child}>
            {child.kind === 'group' ? (
              <GroupView node={child} root={root} problems={problems} depth={depth + 1} />
            ) : (
              <LeafView node={child} root={root} problems={problems} />
            )}
          </Row>
        ))}
      </ul>
      <DropEnd group={node}>
        <AddMenu group={node.id} root={root} first={node.children.length === 0} />
      </DropEnd>
    </Box>
  )
}

function Row(props: {
  readonly group: GroupNode<Condition>
  readonly at: number
  readonly child: Node<Condition>
  readonly children: React.ReactNode
}) {
  const { group, at, child, children } = props
  const { over, ...drop } = useDrop(group.id, at)
  const word = at === 0 ? '' : group.match === 'all' ? 'and' : 'or'
  return (
    <li
      className={classes.row}
      data-drop={over ? 'before' : undefined}
      {...drop}
      onDragStart={(event) => {
        // Only what was taken by its handle moves; text and fields keep their own meaning of dragging.
        if (!(event.target as Element).hasAttribute('data-handle')) return
        event.stopPropagation()
        event.dataTransfer.setData(DRAGGED, child.id)
        event.dataTransfer.effectAllowed = 'move'
      }}
    >
      <span className={classes.word}>{word}</span>
      <div className={classes.body}>{children}</div>
    </li>
  )
}

function DropEnd({
  group,
  children,
}: {
  readonly group: GroupNode<Condition>
  readonly children: React.ReactNode
}) {
  const { over, ...drop } = useDrop(group.id, group.children.length)
  return (
    <div className={classes.row} data-drop={over ? 'before' : undefined} style={{ marginTop: 8 }} {...drop}>
      {children}
    </div>
  )
}

/** Takes a dragged condition in, before the child with this index. */
function useDrop(group: string, at: number) {
  const { edit } = useTools()
  const [over, setOver] = useState(false)
  const isOurs = (event: DragEvent) => event.dataTransfer.types.includes(DRAGGED)
  return {
    over,
    onDragOver: (event: DragEvent) => {
      if (!isOurs(event)) return
      event.preventDefault()
      event.stopPropagation()
      setOver(true)
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      if (!isOurs(event)) return
      event.preventDefault()
      event.stopPropagation()
      setOver(false)
      const dragged = event.dataTransfer.getData(DRAGGED)
      edit((tree) => edits.moveTo(tree, dragged, group, at))
    },
  }
}

function LeafView({ node, root, problems }: NodeViewProps<LeafNode<Condition>>) {
  const found = problems.get(node.id) ?? NO_PROBLEMS
  return (
    <div className={classes.card} data-wrong={found.length > 0 ? '' : undefined}>
      <Group gap={8} align="flex-start" wrap="nowrap">
        <LeafFields node={node} problems={found} />
        <NodeMenu node={node} root={root} />
      </Group>
      {found.map((problem) => (
        <p key={`${problem.rest.join('/')}:${problem.message}`} className={classes.problem} role="alert">
          {problemWords(writeCondition(node.leaf), problem)}
        </p>
      ))}
    </div>
  )
}

interface LeafFieldsProps {
  readonly node: LeafNode<Condition>
  readonly problems: readonly PlacedProblem[]
}

/** Kept while another condition is edited: many fields take longer to draw than a key to press. */
const LeafFields = memo(function LeafFields({ node, problems }: LeafFieldsProps) {
  const { edit } = useTools()
  return (
    <Group gap={6} flex={1} miw={0}>
      <WordSelect
        label="Holds or not"
        value={node.nots % 2 === 1 ? 'not' : 'who'}
        words={{ who: 'who', not: 'except who' }}
        width={132}
        onChange={() => edit((tree) => edits.negate(tree, node.id))}
      />
      <div className={classes.fields} data-part={partName(node.id, 'fields')}>
        <ConditionFields
          condition={node.leaf}
          problems={problems}
          onChange={(leaf, about) =>
            edit(
              (tree) => edits.setLeaf(tree, node.id, leaf),
              about === undefined ? undefined : `${node.id}:${about}`,
            )
          }
        />
      </div>
    </Group>
  )
})

/** Adds a condition, or a group of them. */
export function AddMenu(props: {
  readonly group: string
  readonly root: Node<Condition>
  readonly first?: boolean
}) {
  const { group, root, first = false } = props
  const { edit, attention } = useTools()
  const add = (node: Node<Condition>) => {
    edit((tree) => edits.addTo(tree, group, node))
    attend(attention, node.id, node.kind === 'group' ? 'add' : 'fields')
  }
  return (
    <Menu position="bottom-start" width={300}>
      <Menu.Target>
        <Button
          data-part={partName(group, 'add')}
          size={first ? 'sm' : 'compact-sm'}
          variant={first ? 'filled' : 'subtle'}
          leftSection={<IconPlus size={14} aria-hidden />}
        >
          {first ? 'Add the first condition' : 'Add a condition'}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {KINDS.map(({ kind, title, hint }) => (
          <Menu.Item key={kind} onClick={() => add(leafNode<Condition>(blankCondition(kind)))}>
            <Text size="sm" fw={550}>
              {title}
            </Text>
            <Text size="xs" c="dimmed">
              {hint}
            </Text>
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => add(groupNode<Condition>(otherMatch(root, group), []))}>
          <Text size="sm" fw={550}>
            A group
          </Text>
          <Text size="xs" c="dimmed">
            Conditions of which any, or all, hold
          </Text>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** A group inside a group says the other word: of the same it would be no group. */
function otherMatch(tree: Node<Condition>, group: string): Match {
  const matchOf = (node: Node<Condition>): Match | undefined => {
    if (node.kind === 'leaf') return undefined
    return node.id === group ? node.match : node.children.map(matchOf).find(Boolean)
  }
  return matchOf(tree) === 'any' ? 'all' : 'any'
}

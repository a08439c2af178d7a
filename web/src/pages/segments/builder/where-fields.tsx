/** Conditions on an event's properties, in groups as deep as somebody needs. */
import { ActionIcon, Box, Button, Checkbox, Code, Group, Stack, Text, Tooltip } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { formatNumber } from '../../../ui/format.js'
import { words } from '../../profiles/parts/names.js'
import { blankWhere } from '../model/blank.js'
import type { PropertyTest, Where } from '../model/conditions.js'
import * as edits from '../model/edits.js'
import { blankLiteral, operatorsFor } from '../model/operators.js'
import { groupNode, type Match } from '../model/tree.js'
import classes from './builder.module.css'
import { NameSelect, WordSelect } from './name-select.js'
import { usePropertyValues } from './seen-values.js'
import { TestFields } from './test-fields.js'
import { kindsOfProperty, useTools } from './tools.js'

interface WhereListProps {
  readonly event: string
  readonly where: readonly Where[]
  readonly onChange: (where: readonly Where[] | undefined, typed: boolean) => void
  readonly error?: boolean
}

/** All of these hold. Without any, the event alone counts. */
export function WhereList({ event, where, onChange, error }: WhereListProps) {
  const set = (at: number, next: Where | undefined, typed: boolean) => {
    const rest = next === undefined ? where.toSpliced(at, 1) : where.with(at, next)
    onChange(rest.length === 0 ? undefined : rest, typed)
  }
  return (
    <Stack gap={6} className={classes.wheres}>
      {where.map((node, at) => (
        <WhereNode
          key={node.id}
          event={event}
          node={node}
          lead={at === 0 ? 'where' : 'and'}
          error={error}
          onChange={(next, typed) => set(at, next, typed)}
        />
      ))}
      <Group gap={4}>
        <AddButton onClick={() => onChange([...where, blankWhere()], false)}>
          {where.length === 0 ? 'only where …' : 'and where …'}
        </AddButton>
        {where.length > 0 && (
          <AddButton
            onClick={() => onChange([...where, groupNode<PropertyTest>('any', [blankWhere()])], false)}
          >
            and any of …
          </AddButton>
        )}
      </Group>
    </Stack>
  )
}

interface WhereNodeProps {
  readonly event: string
  readonly node: Where
  readonly lead: string
  readonly onChange: (node: Where | undefined, typed: boolean) => void
  readonly error?: boolean
}

function WhereNode({ event, node, lead, onChange, error }: WhereNodeProps) {
  const remove = (
    <Tooltip label="Take this out">
      <ActionIcon aria-label="Take this condition out" onClick={() => onChange(undefined, false)}>
        <IconX size={16} aria-hidden />
      </ActionIcon>
    </Tooltip>
  )
  const not = (
    <Checkbox
      size="xs"
      label="not"
      checked={node.nots > 0}
      onChange={() => onChange(edits.negate(node, node.id), false)}
    />
  )
  if (node.kind === 'leaf') {
    return (
      <Group gap={6}>
        <Text size="sm" c="dimmed" w={44} ta="right">
          {lead}
        </Text>
        <PropertyFields
          event={event}
          test={node.leaf}
          error={error}
          onChange={(leaf, typed) => onChange({ ...node, leaf }, typed)}
        />
        {not}
        {remove}
      </Group>
    )
  }
  const setChild = (at: number, child: Where | undefined, typed: boolean) => {
    const children = child === undefined ? node.children.toSpliced(at, 1) : node.children.with(at, child)
    onChange(children.length === 0 ? undefined : { ...node, children }, typed)
  }
  return (
    <Box className={classes.whereGroup}>
      <Group gap={6} mb={6}>
        <Text size="sm" c="dimmed">
          {lead}
        </Text>
        <WordSelect
          label="How these combine"
          value={node.match}
          words={{ all: 'all of these', any: 'any of these' }}
          width={140}
          onChange={(match) => onChange({ ...node, match: match as Match }, false)}
        />
        {not}
        {remove}
      </Group>
      <Stack gap={6}>
        {node.children.map((child, at) => (
          <WhereNode
            key={child.id}
            event={event}
            node={child}
            lead={at === 0 ? '' : node.match === 'all' ? 'and' : 'or'}
            error={error}
            onChange={(next, typed) => setChild(at, next, typed)}
          />
        ))}
        <AddButton onClick={() => onChange({ ...node, children: [...node.children, blankWhere()] }, false)}>
          {node.match === 'all' ? 'and …' : 'or …'}
        </AddButton>
      </Stack>
    </Box>
  )
}

function PropertyFields(props: {
  readonly event: string
  readonly test: PropertyTest
  readonly onChange: (test: PropertyTest, typed: boolean) => void
  readonly error?: boolean
}) {
  const { event, test, onChange, error } = props
  const { vocabulary } = useTools()
  const property = test.kind === 'property' ? test.property : ''
  const seen = usePropertyValues(event, property)
  if (test.kind === 'other') return <Code>{JSON.stringify(test.value)}</Code>
  const properties = vocabulary.events.find((each) => each.event === event)?.properties ?? []
  const choose = (name: string) => {
    const kinds = kindsOfProperty(vocabulary, event, name)
    const isFit = operatorsFor(kinds).includes(test.test.operator)
    const operator = isFit ? test.test.operator : (operatorsFor(kinds)[0] ?? 'exists')
    onChange(
      { kind: 'property', property: name, test: { operator, value: blankLiteral(operator, kinds) } },
      false,
    )
  }
  return (
    <>
      <NameSelect
        label="Property"
        value={property}
        options={properties.map((each) => ({
          value: each.property,
          label: words(each.property),
          hint: each.kinds.join(', '),
        }))}
        onChange={choose}
        width={170}
        error={error && property === ''}
        nothing="This event has no properties"
      />
      {property !== '' && (
        <TestFields
          of={words(property)}
          test={test.test}
          kinds={kindsOfProperty(vocabulary, event, property)}
          seen={seen}
          error={error}
          onChange={(next, typed) => onChange({ ...test, test: next }, typed)}
        />
      )}
    </>
  )
}

function AddButton({ onClick, children }: { readonly onClick: () => void; readonly children: string }) {
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      leftSection={<IconPlus size={14} aria-hidden />}
      onClick={onClick}
    >
      {children}
    </Button>
  )
}

/** An event, chosen by name, with how many there are. */
export function EventSelect(props: {
  readonly label?: string
  readonly value: string
  readonly onChange: (event: string) => void
  readonly error?: boolean
}) {
  const { vocabulary } = useTools()
  return (
    <NameSelect
      label={props.label ?? 'Event'}
      value={props.value}
      options={vocabulary.events.map(({ event, count }) => ({
        value: event,
        hint: `${formatNumber(count)} events`,
      }))}
      onChange={props.onChange}
      error={props.error}
      width={220}
      nothing="No mapping makes events yet"
    />
  )
}

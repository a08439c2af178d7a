/** All columns of the stream, and what each is used as. */
import { Badge, Group, Text } from '@mantine/core'
import { type Column, DataTable } from '../../../ui/data-table.js'
import { LongName } from '../../../ui/long-name.js'
import { Section } from '../../../ui/section.js'
import { sentenceOf } from '../../../ui/words.js'
import { type ColumnRole, columnRoles, type Mapping } from '../model/mapping.js'
import type { ColumnReason } from '../model/proposals.js'

interface ColumnsSectionProps {
  readonly mapping: Mapping
  readonly columns: readonly { readonly name: string; readonly kind: string }[]
  readonly reasons: readonly ColumnReason[]
}

interface ColumnRow {
  readonly name: string
  readonly kind: string
  readonly roles: readonly ColumnRole[]
  readonly why: string | undefined
}

const KINDS: Readonly<Record<ColumnRole['kind'], string>> = {
  identifier: 'identifier',
  trait: 'trait',
  property: 'property of',
  time: 'time of',
  id: 'key of',
  condition: 'condition of',
}

const COLUMNS: readonly Column<ColumnRow>[] = [
  { key: 'name', title: 'Column', value: ({ name }) => name, render: ({ name }) => <LongName name={name} /> },
  {
    key: 'kind',
    title: 'Holds',
    value: ({ kind }) => kind,
    render: ({ kind }) => kind,
    width: '90px',
    minor: true,
  },
  {
    key: 'roles',
    title: 'Used as',
    value: ({ roles }) => roles.map(({ kind, name }) => `${kind} ${name}`).join(' '),
    render: ({ roles, why }) =>
      roles.length === 0 ? (
        <Text size="sm" c="dimmed">
          not used{why === undefined ? '' : `: ${sentenceOf(why).slice(0, -1).toLowerCase()}`}
        </Text>
      ) : (
        <Group gap={6}>
          {roles.map(({ kind, name }) => (
            <Badge key={`${kind}:${name}`} variant="default" tt="none" fw={500}>
              {KINDS[kind]} {name}
            </Badge>
          ))}
        </Group>
      ),
  },
]

/** A table to find a column in. */
export function ColumnsSection({ mapping, columns, reasons }: ColumnsSectionProps) {
  const rows = columns.map(({ name, kind }) => {
    const reason = reasons.find(({ column }) => column === name)
    return {
      name,
      kind,
      roles: columnRoles(mapping, name),
      why: reason?.use === 'left out' ? reason.why : undefined,
    }
  })
  return (
    <Section title="Columns of the stream" bare>
      <DataTable
        label="Columns of the stream"
        unit={['column', 'columns']}
        columns={COLUMNS}
        rows={rows}
        rowKey={({ name }) => name}
        {...(rows.length > 8 && { search: 'Find a column' })}
        empty={<Text c="dimmed">The stream has no columns.</Text>}
      />
    </Section>
  )
}

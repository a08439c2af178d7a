/** Some records of a plan: as they are there now, and as they would be. */
import { Stack, Table, Text, Title } from '@mantine/core'
import { NumberText } from '../../../ui/texts.js'
import type { PlanRecord, PlanSample } from '../api.js'
import { valueText } from '../model/words.js'

const KINDS = [
  ['add', 'To be added'],
  ['change', 'To be changed'],
  ['remove', 'To be removed'],
] as const

export function Sample({ sample }: { readonly sample: PlanSample }) {
  return (
    <Stack gap="md">
      {KINDS.filter(([kind]) => sample.records[kind].length > 0).map(([kind, title]) => (
        <section key={kind} aria-label={title}>
          <Title order={3} size="sm" mb={4}>
            {title}: <NumberText value={sample.records[kind].length} /> of{' '}
            <NumberText value={sample.counts[kind]} />
          </Title>
          <Records records={sample.records[kind]} title={title} />
        </section>
      ))}
    </Stack>
  )
}

function Records({ records, title }: { readonly records: readonly PlanRecord[]; readonly title: string }) {
  const fields = [
    ...new Set(records.flatMap((record) => [...namesOf(record.fields), ...namesOf(record.before)])),
  ]
  return (
    <Table.ScrollContainer
      minWidth={420}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': title } }}
    >
      <Table aria-label={title}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Found by</Table.Th>
            {fields.map((name) => (
              <Table.Th key={name}>{name}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {records.map((record) => (
            <Table.Tr key={record.profile}>
              <Table.Td>{matchText(record)}</Table.Td>
              {fields.map((name) => (
                <Table.Td key={name}>
                  <Value record={record} name={name} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Value({ record, name }: { readonly record: PlanRecord; readonly name: string }) {
  const now = valueIn(record.fields, name)
  const before = valueIn(record.before, name)
  if (record.change === 'remove') return <Text size="sm">{before}</Text>
  if (record.change === 'add' || !record.changed.includes(name)) return <Text size="sm">{now}</Text>
  return (
    <Text size="sm">
      <del>{before}</del> <ins>{now}</ins>
    </Text>
  )
}

type Values = PlanRecord['fields'] | undefined

const namesOf = (values: Values): string[] => (typeof values === 'object' ? Object.keys(values) : [])

/** Masked where the reader may not see it. */
const valueIn = (values: Values, name: string): string =>
  typeof values === 'object' ? valueText(values[name]) : valueText(values)

const matchText = ({ match }: PlanRecord): string =>
  typeof match === 'object' ? Object.values(match).map(valueText).join(', ') : match

/** What a destination can hold, asked of itself: its objects, and the fields of each. */
import { Alert, Group, List, Stack, Text } from '@mantine/core'
import { useRead } from '../../../api/hooks.js'
import { Answer } from '../../../ui/answer.js'
import { type Column, DataTable } from '../../../ui/data-table.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { kindOf } from '../../../ui/field-kind.js'
import { Section } from '../../../ui/section.js'
import { StatusBadge } from '../../../ui/status-badge.js'
import { sentenceOf } from '../../../ui/words.js'
import type { DiscoveredObject } from '../api.js'
import { findingOf, marksOf, takingBackOf, writingOf } from '../model/object-words.js'

/** A section for each object. */
export function ObjectsTab({ id }: { readonly id: string }) {
  const answer = useRead('/api/v1/destinations/{id}/objects', { params: { path: { id } } })
  return (
    <Answer of={answer} what="what it can hold">
      {({ objects, warnings }) => (
        <Stack gap="lg">
          {warnings.length > 0 && (
            <Alert variant="default" color="yellow" title="Some of it could not be read">
              <List size="sm">
                {warnings.map((warning) => (
                  <List.Item key={warning}>{sentenceOf(warning)}</List.Item>
                ))}
              </List>
            </Alert>
          )}
          {objects.length === 0 && (
            <EmptyState title="Nothing can be written there">
              The account or user that the settings name sees nothing that it may write to. Give it the right,
              or name another one.
            </EmptyState>
          )}
          {objects.map((object) => (
            <ObjectSection key={object.name} object={object} />
          ))}
        </Stack>
      )}
    </Answer>
  )
}

type Field = DiscoveredObject['fields'][number]

function ObjectSection({ object }: { readonly object: DiscoveredObject }) {
  const { name, title, description, fields, openFields, matchKeys } = object
  return (
    <Section
      title={title}
      description={
        <>
          {title.toLowerCase() !== name.toLowerCase() && `${name}. `}
          {description !== undefined && sentenceOf(description)}
        </>
      }
      bare
    >
      <Stack gap="sm">
        <Text>
          {writingOf(object)} {findingOf(object)} {takingBackOf(object)}
          {openFields &&
            (fields.length === 0 ? ' It takes fields of any name.' : ' It takes fields of other names, too.')}
        </Text>
        {fields.length > 0 && (
          <DataTable
            label={`Fields of ${title}`}
            columns={columnsOf(matchKeys)}
            rows={fields}
            rowKey={(field) => field.name}
            empty={null}
            {...(fields.length > FEW && { search: `Find a field of ${title}` })}
            pageSize={FEW}
          />
        )}
      </Stack>
    </Section>
  )
}

/** So many are seen at one look. */
const FEW = 20

function columnsOf(matchKeys: DiscoveredObject['matchKeys']): readonly Column<Field>[] {
  return [
    {
      key: 'field',
      title: 'Field',
      value: ({ name, title }) => `${title ?? ''} ${name}`,
      render: ({ name, title }) => (
        <>
          {title ?? name}
          {title !== undefined && title !== name && (
            <Text size="sm" c="dimmed">
              {name}
            </Text>
          )}
        </>
      ),
    },
    { key: 'kind', title: 'Takes', value: kindOf, render: kindOf },
    {
      key: 'marks',
      title: 'Demands',
      render: (field) => {
        const marks = marksOf(field, matchKeys)
        return marks.length === 0 ? (
          '–'
        ) : (
          <Group gap={6}>
            {marks.map((mark) => (
              <StatusBadge
                key={mark}
                status={mark}
                label={mark}
                tone={mark === 'required' ? 'attention' : 'idle'}
              />
            ))}
          </Group>
        )
      },
    },
    { key: 'about', title: 'About', minor: true, render: ({ description }) => description ?? '' },
  ]
}

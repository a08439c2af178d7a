/** Where somebody was sent: the tools that know them, and what was said there. */
import { Anchor, Paper, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import { useRead } from '../../../api/hooks.js'
import { Answer } from '../../../ui/answer.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { StatusBadge } from '../../../ui/status-badge.js'
import { TimeText } from '../../../ui/texts.js'
import type { SentRecord } from '../api.js'
import { words } from '../parts/names.js'
import { ValueText } from '../parts/value-text.js'
import classes from './person.module.css'

/** The tab. */
export function SentTab({ id }: { readonly id: string }) {
  const answer = useRead('/api/v1/profiles/{id}/destinations', { params: { path: { id } } })
  return (
    <Answer of={answer} what="where they were sent">
      {({ records }) =>
        records.length === 0 ? (
          <EmptyState title="Sent nowhere">
            No activation sent this person to a tool. An{' '}
            <Anchor component={Link} to="/activations">
              activation
            </Anchor>{' '}
            sends the members of a segment.
          </EmptyState>
        ) : (
          <Stack>
            {records.map((record) => (
              <Sent
                key={`${record.activation}:${record.destination}:${record.object}:${JSON.stringify(record.match)}`}
                record={record}
              />
            ))}
          </Stack>
        )
      }
    </Answer>
  )
}

function Sent({ record }: { readonly record: SentRecord }) {
  return (
    <Paper p="md">
      <div className={classes.head}>
        <Text fw={600}>
          {record.destination}, {words(record.object)}
        </Text>
        <StatusBadge
          status={record.present ? 'present' : 'taken_away'}
          label={record.present ? 'There' : 'Taken away'}
          tone={record.present ? 'good' : 'idle'}
        />
      </div>
      <Text size="sm" c="dimmed" mb="xs">
        by{' '}
        <Anchor component={Link} to={`/activations/${record.activation}`}>
          {record.activation}
        </Anchor>
        , first <TimeText at={record.firstAt} as="exact" />, last <TimeText at={record.lastAt} as="exact" />
      </Text>
      <dl className={classes.pairs}>
        <Pairs of={record.match} hint="found by" />
        <Pairs of={record.fields} hint="" />
      </dl>
    </Paper>
  )
}

function Pairs({ of, hint }: { readonly of: SentRecord['match']; readonly hint: string }) {
  // What the reader may not see comes as one text in place of all.
  if (typeof of === 'string')
    return (
      <>
        <dt>{hint === '' ? 'fields' : hint}</dt>
        <dd>{of}</dd>
      </>
    )
  return Object.entries(of).map(([name, value]) => (
    <div key={name} style={{ display: 'contents' }}>
      <dt>
        {hint} {words(name)}
      </dt>
      <dd>
        <ValueText name={name} value={value} />
      </dd>
    </div>
  ))
}

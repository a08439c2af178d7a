/** Why these identifiers are one person's: where each was seen, what names two of them together, and what members said. */
import { Alert, Button, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useForget, useRead } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { Answer } from '../../../ui/answer.js'
import { type Column, DataTable } from '../../../ui/data-table.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { formatCount } from '../../../ui/format.js'
import { notifyDone, notifyFailed } from '../../../ui/notify.js'
import { Section } from '../../../ui/section.js'
import { TimeText } from '../../../ui/texts.js'
import type { Evidence, IdentityName, IdentityRecord } from '../api.js'
import { words } from '../parts/names.js'
import { SplitDialog } from './split-dialog.js'
import { takeBack } from './steer.js'

/** The tab. */
export function IdentityTab({ id }: { readonly id: string }) {
  const answer = useRead('/api/v1/profiles/{id}/evidence', { params: { path: { id } } })
  const maySteer = useCan('marketer')
  const [splitting, setSplitting] = useState<IdentityName>()
  return (
    <Answer of={answer} what="the evidence">
      {(evidence) => (
        <Stack gap="lg">
          <Section
            title="Identifiers"
            description="Where each was seen together with another of theirs."
            bare
          >
            <DataTable
              label="Identifiers"
              columns={[
                ...IDENTIFIERS,
                ...(maySteer && evidence.identifiers.length > 1 ? [splitColumn(setSplitting)] : []),
              ]}
              rows={evidence.identifiers}
              rowKey={keyOf}
              empty={<EmptyState title="No identifier is known" />}
            />
          </Section>
          <Section
            title="What links them"
            description="Rows of your sources that name two of them together, the earliest first."
            bare
          >
            <DataTable
              label="Links"
              search="Find an identifier"
              columns={LINKS}
              rows={evidence.links}
              rowKey={({ a, b, mapping }) => `${keyOf(a)}|${keyOf(b)}|${mapping}`}
              empty={
                <EmptyState
                  title={evidence.identifiers.length > 1 ? 'A member said so' : 'One identifier alone'}
                >
                  {evidence.identifiers.length > 1
                    ? 'No row names two of them together: what links them is below.'
                    : 'Nothing had to be put together to know this person.'}
                </EmptyState>
              }
              pageSize={25}
            />
            {evidence.more && <Alert variant="default">There are more links than these.</Alert>}
          </Section>
          <Section title="What members said">
            {evidence.records.length === 0 ? (
              <Text c="dimmed">Nobody merged or split anything of this person by hand.</Text>
            ) : (
              <Stack gap="sm">
                {evidence.records.map((record) => (
                  <Said key={record.id} record={record} maySteer={maySteer} />
                ))}
              </Stack>
            )}
          </Section>
          <SplitDialog identifier={splitting} onClose={() => setSplitting(undefined)} />
        </Stack>
      )}
    </Answer>
  )
}

type Seen = Evidence['identifiers'][number]
type EvidenceLink = Evidence['links'][number]

const keyOf = ({ type, value }: IdentityName): string => `${type}:${value}`
const named = ({ type, value }: IdentityName): string => `${words(type)} ${value}`

const IDENTIFIERS: readonly Column<Seen>[] = [
  { key: 'name', title: 'Identifier', value: named, render: named },
  {
    key: 'sources',
    title: 'Seen in',
    value: ({ sources }) => sources.join(', '),
    render: ({ sources }) => sources.join(', ') || '–',
  },
  {
    key: 'firstAt',
    title: 'First',
    value: ({ firstAt }) => firstAt,
    render: ({ firstAt }) => <TimeText at={firstAt} as="date" />,
  },
  {
    key: 'lastAt',
    title: 'Last',
    value: ({ lastAt }) => lastAt,
    render: ({ lastAt }) => <TimeText at={lastAt} as="date" />,
  },
]

function splitColumn(onSplit: (identifier: IdentityName) => void): Column<Seen> {
  return {
    key: 'split',
    title: 'Not theirs?',
    render: (identifier) => (
      <Button
        size="compact-sm"
        variant="default"
        aria-label={`Split off ${named(identifier)}`}
        onClick={() => onSplit(identifier)}
      >
        Split off
      </Button>
    ),
  }
}

const LINKS: readonly Column<EvidenceLink>[] = [
  { key: 'a', title: 'One', value: ({ a }) => named(a), render: ({ a }) => named(a) },
  { key: 'b', title: 'Other', value: ({ b }) => named(b), render: ({ b }) => named(b) },
  {
    key: 'rows',
    title: 'Evidence',
    value: ({ rows }) => rows,
    render: ({ rows, mapping, source }) => `${formatCount(rows, 'row')} of ${source} (mapping ${mapping})`,
  },
  {
    key: 'firstAt',
    title: 'First',
    value: ({ firstAt }) => firstAt,
    render: ({ firstAt }) => <TimeText at={firstAt} as="date" />,
    minor: true,
  },
  {
    key: 'lastAt',
    title: 'Last',
    value: ({ lastAt }) => lastAt,
    render: ({ lastAt }) => <TimeText at={lastAt} as="date" />,
    minor: true,
  },
]

const KINDS: Readonly<Record<IdentityRecord['kind'], string>> = {
  merge: 'merged',
  split: 'split off',
  cut: 'cut apart',
  undone: 'took back what was said',
}

/** A split takes the first off from all the others. */
function whomOf({ kind, identifiers }: IdentityRecord): string {
  const [first, ...others] = identifiers.map(named)
  if (kind === 'split' && others.length > 0) return `${first} from ${others.join(' and ')}`
  return identifiers.map(named).join(' and ')
}

function Said({ record, maySteer }: { readonly record: IdentityRecord; readonly maySteer: boolean }) {
  const forget = useForget()
  const [busy, setBusy] = useState(false)
  const undo = async () => {
    setBusy(true)
    try {
      await takeBack(record.id)
      await forget('/api/v1/profiles', '/api/v1/runs')
      notifyDone('Taken back; it shows with the next refresh.')
    } catch (error) {
      notifyFailed('Could not take it back', error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div style={{ display: 'flex', justifyContent: 'space-between', gap: 12 }}>
      <div>
        <Text td={record.undone ? 'line-through' : undefined}>
          {record.author} {KINDS[record.kind]} {whomOf(record)}
        </Text>
        <Text size="sm" c="dimmed">
          <TimeText at={record.at} as="exact" />
          {record.note !== '' && `: ${record.note}`}
          {record.undone && ' · taken back'}
        </Text>
      </div>
      {maySteer && !record.undone && record.kind !== 'undone' && (
        <Button
          size="compact-sm"
          variant="default"
          loading={busy}
          onClick={() => void undo()}
          style={{ flex: 'none' }}
        >
          Undo
        </Button>
      )}
    </div>
  )
}

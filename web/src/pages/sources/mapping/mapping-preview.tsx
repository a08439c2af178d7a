/** What a mapping makes of real rows: counts over a sample, and some rows with all that each of them gives. */
import { Badge, Group, List, Paper, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, take } from '../../../api/client.js'
import type { components } from '../../../api/schema.js'
import { ErrorState } from '../../../ui/error-state.js'
import { formatCount, formatNumber, formatShare } from '../../../ui/format.js'
import { Loading } from '../../../ui/loading.js'
import { Section } from '../../../ui/section.js'
import { StatusBadge } from '../../../ui/status-badge.js'
import { TimeText } from '../../../ui/texts.js'
import { sentenceOf } from '../../../ui/words.js'
import type { Mapping } from '../model/mapping.js'
import classes from './mapping.module.css'

type Preview = components['schemas']['MappingPreview']
type PreviewedRow = components['schemas']['PreviewedRow']
type MappingFile = components['schemas']['MappingFile']

const ROWS = 10
/** After the last key: a preview asks the warehouse. */
const PAUSE_MS = 350

interface MappingPreviewProps {
  readonly mapping: Mapping
  readonly problems: readonly string[]
  /** Kinds of identifiers that the workspace has: with others a mapping does not fit. */
  readonly identifiers: readonly string[]
}

/** Asked anew after each edit; the answer before stays until the new one is there. */
export function MappingPreview({ mapping, problems, identifiers }: MappingPreviewProps) {
  const [settled] = useDebouncedValue(mapping, PAUSE_MS)
  const canAsk = Object.keys(settled.identifiers).length > 0
  const preview = useQuery({
    queryKey: ['mapping preview', settled, identifiers],
    queryFn: ({ signal }) =>
      take(
        api.POST('/api/v1/mappings/preview', {
          body: { definition: settled as MappingFile, rows: ROWS },
          signal,
        }),
      ),
    enabled: canAsk && problems.length === 0,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
  return (
    <Section title="On real rows" description="Nothing is saved by looking.">
      {!canAsk || (problems.length > 0 && preview.data === undefined) ? (
        <Text c="dimmed">
          As soon as rows are about somebody and say something, what they give is shown here.
        </Text>
      ) : preview.error !== null ? (
        <ErrorState
          error={preview.error}
          title="The preview could not be made"
          retry={() => void preview.refetch()}
        />
      ) : preview.data === undefined ? (
        <Loading what="Looking at real rows" lines={6} />
      ) : (
        <div aria-busy={preview.isFetching}>
          <Found preview={preview.data} />
        </div>
      )}
    </Section>
  )
}

function Found({ preview: { problems, counts, rows } }: { readonly preview: Preview }) {
  if (counts === null)
    return (
      <>
        <Text fw={550}>It does not fit the stream yet</Text>
        <List size="sm" mt={4}>
          {problems.map(({ path, message, remedy }) => (
            <List.Item key={`${path}:${message}`}>
              {sentenceOf(message)} {remedyHere(path, remedy)}
            </List.Item>
          ))}
        </List>
      </>
    )
  return (
    <>
      <Counts counts={counts} />
      <ul className={classes.rows}>
        {rows.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own here.
          <li key={index}>
            <Row row={row} number={index + 1} />
          </li>
        ))}
      </ul>
    </>
  )
}

/** What to do on this page, where the words are about the file. */
function remedyHere(path: string, remedy: string): string {
  if (path.endsWith('message_id'))
    return 'Choose under “An event is known by” the columns that together are different for each event.'
  return remedy === '' ? '' : sentenceOf(remedy)
}

function Counts({ counts }: { readonly counts: NonNullable<Preview['counts']> }) {
  const { rows, isWhole, repeated, withoutIdentifier, blocked, events } = counts
  const share = (part: number) => (rows === 0 ? '' : ` (${formatShare(part / rows)})`)
  const blockedAll = Object.entries(blocked).filter(([, count]) => count > 0)
  return (
    <div role="status">
      <Text>
        {isWhole ? 'All ' : 'Of the first '}
        <strong>{formatCount(rows, 'row')}</strong>
        {isWhole ? ' of the stream:' : ':'}
      </Text>
      <List size="sm" mb="md">
        <List.Item>
          {formatNumber(rows - withoutIdentifier)} are about somebody{share(rows - withoutIdentifier)}
        </List.Item>
        {withoutIdentifier > 0 && (
          <List.Item>
            {formatNumber(withoutIdentifier)} are about nobody{share(withoutIdentifier)} and say nothing
          </List.Item>
        )}
        {Object.entries(events).map(([name, count]) => (
          <List.Item key={name}>
            {formatNumber(count)} × “{name}”
          </List.Item>
        ))}
        {blockedAll.map(([type, count]) => (
          <List.Item key={type}>
            {formatCount(count, 'value')} of {type} identify nobody, such as empty or made-up ones
          </List.Item>
        ))}
        {repeated > 0 && (
          <List.Item>{formatNumber(repeated)} repeat another row’s key: only the newest counts</List.Item>
        )}
      </List>
    </div>
  )
}

function Row({ row, number }: { readonly row: PreviewedRow; readonly number: number }) {
  const used = row.identifiers.filter(({ status }) => status === 'used')
  const blocked = row.identifiers.filter(({ status }) => status === 'blocked')
  return (
    <Paper withBorder={false} component="section" aria-label={`Row ${number}`}>
      <Group gap={6}>
        {used.map(({ type, value }) => (
          <Badge key={type} variant="default" tt="none" fw={500} className={classes.value}>
            {type} {value}
          </Badge>
        ))}
        {blocked.map(({ type, raw }) => (
          <StatusBadge
            key={type}
            status="blocked"
            label={`${type} ${raw} identifies nobody`}
            tone="attention"
          />
        ))}
        {used.length === 0 && <StatusBadge status="nobody" label="about nobody" tone="attention" />}
      </Group>
      {row.events.map((event) => (
        <div key={`${event.name}:${event.messageId}`}>
          <Text size="sm" mt={6}>
            <strong>{event.name}</strong> <TimeText at={event.at} as="exact" />
          </Text>
          <Values values={Object.entries(event.properties).map(([name, { value }]) => [name, value])} />
        </div>
      ))}
      {row.traits.length > 0 && <Values values={row.traits.map(({ name, value }) => [name, value])} />}
    </Paper>
  )
}

function Values({ values }: { readonly values: readonly (readonly [name: string, value: unknown])[] }) {
  if (values.length === 0) return null
  return (
    <dl className={classes.facts}>
      {values.map(([name, value]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{shown(value)}</dd>
        </div>
      ))}
    </dl>
  )
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  // As they are: many a number is a name.
  return Array.isArray(value) ? value.join(', ') : String(value)
}

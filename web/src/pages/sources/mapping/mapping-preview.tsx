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
import { ValueText } from '../../profiles/parts/value-text.js'
import type { Mapping } from '../model/mapping.js'
import classes from './mapping.module.css'

type Preview = components['schemas']['MappingPreview']
type PreviewedRow = components['schemas']['PreviewedRow']
type MappingFile = components['schemas']['MappingFile']

const ROWS = 10
/** After the last key: a preview asks the warehouse. */
const PAUSE_MS = 350

interface Asked {
  readonly mapping: Mapping
  readonly problems: readonly string[]
  /** Kinds of identifiers that the workspace has: with others a mapping does not fit. */
  readonly identifiers: readonly string[]
  /** False: the reader may not see real rows. */
  readonly allowed: boolean
}

/** Asked anew after each edit; the answer before stays until the new one is there. */
export function useMappingPreview({ mapping, problems, identifiers, allowed }: Asked) {
  const [settled] = useDebouncedValue(mapping, PAUSE_MS)
  const types = Object.keys(settled.identifiers)
  const isReady = types.length > 0 && types.every((type) => identifiers.includes(type))
  const answer = useQuery({
    queryKey: ['mapping preview', settled],
    queryFn: ({ signal }) =>
      take(
        api.POST('/api/v1/mappings/preview', {
          body: { definition: settled as MappingFile, rows: ROWS },
          signal,
        }),
      ),
    enabled: allowed && isReady && problems.length === 0,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
  return {
    answer,
    isReady,
    /** Rows were tried with what stands there now, and it does not fit them. */
    isWrong: settled === mapping && !answer.isPlaceholderData && answer.data?.counts === null,
  }
}

/** What rows give, or why nothing is shown. */
export function MappingPreview({
  preview: { answer, isReady },
  hasProblems,
}: {
  readonly preview: ReturnType<typeof useMappingPreview>
  readonly hasProblems: boolean
}) {
  return (
    <Section title="On real rows" description="Nothing is saved by looking.">
      {!isReady || (hasProblems && answer.data === undefined) ? (
        <Text c="dimmed">
          As soon as it is said whom rows are about, and new kinds of identifiers are added, what rows give is
          shown here.
        </Text>
      ) : answer.error !== null ? (
        <ErrorState
          error={answer.error}
          title="The preview could not be made"
          retry={() => void answer.refetch()}
        />
      ) : answer.data === undefined ? (
        <Loading what="Looking at real rows" lines={6} />
      ) : (
        <div aria-busy={answer.isFetching}>
          <Found preview={answer.data} />
        </div>
      )}
    </Section>
  )
}

function Found({ preview: { problems, counts, rows } }: { readonly preview: Preview }) {
  if (counts === null)
    return (
      <>
        <Text fw={550}>It does not fit the rows yet</Text>
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
            {formatCount(count, 'value')} of {type} {count === 1 ? 'identifies' : 'identify'} nobody, such as
            empty or made-up ones{/phone|mobile/.test(type) && ', and numbers without their country code'}
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
          <dd>
            {value === null || value === undefined ? 'nothing' : <ValueText value={value} name={name} />}
          </dd>
        </div>
      ))}
    </dl>
  )
}

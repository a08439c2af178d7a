/** What is in force, as published: how long each kind of data is kept, what was removed last, and when that happens next. */
import { List, Stack, Text } from '@mantine/core'
import { type ReadData, useRead } from '../../api/hooks.js'
import { Answer } from '../../ui/answer.js'
import { formatBytes, formatNumber, formatRelative, toDate } from '../../ui/format.js'
import { Section } from '../../ui/section.js'
import { lengthWords } from './durations.js'
import { KEPT } from './retention-file.js'
import { amountWords } from './shorten-retention.js'

type View = ReadData<'/api/v1/retention'>

/** Read again now and then: a removal may end while this is on show. */
const EVERY_MS = 30_000

export function InForce() {
  const view = useRead('/api/v1/retention', undefined, { everyMs: EVERY_MS })
  return (
    <Answer of={view} what="what is in force">
      {({ inForce, last, nextRun }) => (
        <Section title="In force now">
          <Stack gap="xs">
            {inForce === null ? (
              <Text c="dimmed">Nothing is published yet.</Text>
            ) : (
              <List size="sm" spacing={4}>
                {KEPT.map(({ key, title }) => (
                  <List.Item key={key}>
                    {title}: {lengthWords(inForce[key])}
                  </List.Item>
                ))}
              </List>
            )}
            <LastRemoval last={last} />
            {nextRun !== null && (
              <Text c="dimmed" size="sm">
                Next {formatRelative(toDate(nextRun), new Date())}; old data is removed once a day.
              </Text>
            )}
          </Stack>
        </Section>
      )}
    </Answer>
  )
}

function LastRemoval({ last }: Pick<View, 'last'>) {
  if (last === null) return <Text size="sm">Nothing was removed yet.</Text>
  const gone = last.kinds.filter(({ rows }) => rows > 0)
  const streams = gone.flatMap((kind) => kind.streams).filter(({ rows }) => rows > 0)
  const when = formatRelative(toDate(last.now), new Date())
  return (
    <Stack gap={4}>
      <Text size="sm">
        {gone.length === 0
          ? `Looked for old data ${when}: there was none.`
          : `Removed ${when}: ${gone.map(({ kind, rows }) => amountWords(kind, rows)).join(', ')}; about ${formatBytes(last.bytes)}.`}
      </Text>
      {streams.length > 0 && (
        <Text size="sm" c="dimmed">
          Of {streams.map(({ name, rows }) => `${name} (${formatNumber(rows)})`).join(', ')}
        </Text>
      )}
      {last.error !== undefined && (
        <Text size="sm" role="alert">
          Not everything could be removed: {last.error.message} It is tried again with the next run.
        </Text>
      )}
    </Stack>
  )
}

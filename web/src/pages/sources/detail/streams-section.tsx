/** Which streams and columns a source brings in; the source is asked what it has when somebody wants to choose. */
import { Button, List, Stack, Text } from '@mantine/core'
import { IconListSearch } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { ErrorState } from '../../../ui/error-state.js'
import { Loading } from '../../../ui/loading.js'
import { Section } from '../../../ui/section.js'
import { type DiscoveredStream, discoverConfig, discoverSource, type SourceFile } from '../api.js'
import { MODES, modeKey, readStreams, type StreamEntry, writeStreams } from '../model/streams.js'

/** Fetched while the source is asked what it has. */
const fetchChooser = () => import('../parts/stream-chooser.js')
const StreamChooser = lazy(async () => ({ default: (await fetchChooser()).StreamChooser }))

interface StreamsSectionProps {
  readonly id: string
  readonly value: SourceFile
  /** The connection is not the one that was saved. */
  readonly isChanged: boolean
  readonly onChange: (value: SourceFile) => void
  readonly disabled: boolean
}

interface Found {
  readonly streams: readonly DiscoveredStream[]
  readonly warnings: readonly string[]
}

/** What is set, or the list to choose from. */
export function StreamsSection({ id, value, isChanged, onChange, disabled }: StreamsSectionProps) {
  const [found, setFound] = useState<Found | 'asking'>()
  const [failure, setFailure] = useState<unknown>()
  const entries = value.streams as readonly StreamEntry[]
  const ask = async () => {
    setFound('asking')
    fetchChooser().catch(() => undefined)
    setFailure(undefined)
    try {
      setFound(isChanged ? await discoverConfig(value.connector, id, value.config) : await discoverSource(id))
    } catch (error) {
      setFound(undefined)
      setFailure(error)
    }
  }
  return (
    <Section
      title="Streams and columns"
      actions={
        found === undefined &&
        !disabled && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconListSearch size={14} aria-hidden />}
            onClick={() => void ask()}
          >
            Choose streams and columns
          </Button>
        )
      }
    >
      <Stack>
        {failure !== undefined && (
          <ErrorState error={failure} title="The streams could not be read" retry={() => void ask()} />
        )}
        {found === 'asking' ? (
          <Loading what="Asking the source what it has" />
        ) : found === undefined ? (
          <List size="sm" spacing={4}>
            {entries.map((entry) => (
              <List.Item key={entry.name}>
                <Text span fw={550} style={{ overflowWrap: 'anywhere' }}>
                  {entry.name !== '*' ? entry.name : entries.length === 1 ? 'All streams' : 'All others'}
                </Text>{' '}
                <Text span c="dimmed">
                  {(MODES.find(({ key }) => key === modeKey(entry))?.title ?? modeKey(entry)).toLowerCase()}
                </Text>
              </List.Item>
            ))}
          </List>
        ) : (
          <Suspense fallback={<Loading what="Opening the list" />}>
            <StreamChooser
              lines={readStreams(found.streams, entries)}
              warnings={found.warnings}
              disabled={disabled}
              onChange={(lines) =>
                onChange({ ...value, streams: writeStreams(lines, entries) as SourceFile['streams'] })
              }
            />
          </Suspense>
        )}
      </Stack>
    </Section>
  )
}

/** Keeping data for a shorter time removes what is older, and nothing brings it back: this says how much, and asks. */
import { Button, Group, List, Modal, Stack, Text } from '@mantine/core'
import type { ReadData } from '../../api/hooks.js'
import { formatBytes, formatCount, formatNumber } from '../../ui/format.js'
import { lengthWords } from './durations.js'
import type { KeptKind } from './retention-file.js'

type LastRemoval = NonNullable<ReadData<'/api/v1/retention'>['last']>
/** What would go, by kind. */
export type WouldGo = LastRemoval['kinds']

interface ShortenRetentionProps {
  /** Undefined: closed. */
  readonly kinds: WouldGo | undefined
  readonly busy: boolean
  readonly onKeep: () => void
  readonly onShorten: () => void
}

/** How much of a kind, as people say it. */
export function amountWords(kind: KeptKind, rows: number): string {
  if (kind === 'rejects') return formatCount(rows, 'rejected row')
  if (kind === 'audit')
    return formatCount(rows, 'entry of the log of changes', 'entries of the log of changes')
  return formatCount(rows, 'raw row')
}

/** The window. */
export function ShortenRetention({ kinds = [], busy, onKeep, onShorten }: ShortenRetentionProps) {
  const raw = kinds.find(({ kind }) => kind === 'raw')
  return (
    <Modal opened={kinds.length > 0} onClose={onKeep} title="Keep data for a shorter time?">
      <Stack>
        <Text>Once this is published, the next nightly run removes what is older by then. As of now:</Text>
        <List size="sm" spacing={4}>
          {kinds.map(({ kind, rows, bytes, length }) => (
            <List.Item key={kind}>
              <strong>{amountWords(kind, rows)}</strong> older than {lengthWords(length)}, about{' '}
              {formatBytes(bytes)}
            </List.Item>
          ))}
        </List>
        {raw !== undefined && (
          <Text size="sm">
            Of {raw.streams.map(({ name, rows }) => `${name} (${formatNumber(rows)})`).join(', ')}
            {raw.streamsInAll > raw.streams.length && ' and others'}. Events and values that people have from
            these rows alone go with them, so segments may change.
          </Text>
        )}
        <Text>It cannot be brought back.</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onKeep} data-autofocus>
            Keep it as it is
          </Button>
          <Button color="red.8" loading={busy} onClick={onShorten}>
            Save the shorter time
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

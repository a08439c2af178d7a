/** How many people the draft has now, of how many, and who some of them are. */
import { Alert, Box, Group, Loader, Paper, Stack, Text } from '@mantine/core'
import { ErrorState } from '../../../ui/error-state.js'
import { formatCount, formatDuration, formatNumber, formatShare } from '../../../ui/format.js'
import { PeopleList } from '../people-list.js'
import classes from './builder.module.css'
import type { usePreview } from './use-preview.js'

interface CountPanelProps {
  readonly answer: ReturnType<typeof usePreview>
  readonly isAskable: boolean
  /** False: people were never refreshed. */
  readonly isCountable: boolean
  /** Members of what is published; null or undefined where there are none. */
  readonly published: number | null | undefined
}

/** The panel beside the builder. The last count stays, dimmed, while the next one is on its way. */
export function CountPanel({ answer, isAskable, isCountable, published }: CountPanelProps) {
  const preview = answer.data?.preview
  const problems = answer.data?.check.problems ?? []
  if (!isCountable) {
    return (
      <Paper p="md">
        <Text fw={600}>Nobody is counted yet</Text>
        <Text c="dimmed" size="sm">
          People are found with the first refresh, which begins by itself when data is loaded. You can build
          and publish before: it is counted then.
        </Text>
      </Paper>
    )
  }
  if (!isAskable) {
    return (
      <Paper p="md">
        <Text fw={600}>Nobody yet</Text>
        <Text c="dimmed" size="sm">
          Add a condition: the number of people shows here with every change.
        </Text>
      </Paper>
    )
  }
  return (
    <Paper p="md">
      <Stack gap="sm">
        <Box aria-live="polite" aria-atomic>
          {preview === undefined ? (
            <Text className={classes.count} data-old="">
              {problems.length > 0 ? '–' : '…'}
            </Text>
          ) : (
            <>
              <Text className={classes.count} data-old={answer.isOld ? '' : undefined}>
                {formatNumber(preview.size)}
              </Text>
              <Text>
                {preview.size === 1 ? 'person' : 'people'},{' '}
                {formatShare(preview.people === 0 ? 0 : preview.size / preview.people)} of{' '}
                {formatNumber(preview.people)}
              </Text>
            </>
          )}
        </Box>
        {preview !== undefined && (
          <>
            <div className={classes.bar} aria-hidden>
              <div
                style={{ width: `${preview.people === 0 ? 0 : (100 * preview.size) / preview.people}%` }}
              />
            </div>
            <Group gap={8} justify="space-between">
              <Text size="sm" c="dimmed">
                {difference(preview.size, published)}
              </Text>
              {answer.isOld ? (
                <Loader size={14} aria-label="Counting" />
              ) : (
                <Text size="sm" c="dimmed">
                  counted in {formatDuration(preview.seconds)}
                </Text>
              )}
            </Group>
          </>
        )}
        {answer.error !== null && (
          <ErrorState error={answer.error} title="Could not count" retry={() => void answer.refetch()} />
        )}
        {problems.length > 0 && (
          <Alert
            color="yellow"
            variant="default"
            title={`${formatCount(problems.length, 'thing')} still to be filled in or put right`}
          >
            <Text size="sm">See where it says so. The count comes back then.</Text>
          </Alert>
        )}
        {preview !== undefined && preview.size > 0 && (
          <Box>
            <Text fw={600} size="sm" mb={4}>
              Some of them
            </Text>
            <PeopleList people={preview.sample} />
          </Box>
        )}
      </Stack>
    </Paper>
  )
}

function difference(size: number, published: number | null | undefined): string {
  if (published === null || published === undefined) return 'exact, as of now'
  if (size === published) return 'as many as are in it now'
  const by = formatCount(Math.abs(size - published), 'person', 'people')
  return `${by} ${size > published ? 'more' : 'fewer'} than are in it now`
}

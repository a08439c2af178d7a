/** What is known of a segment at first sight: what needs a look, how many, and who they are in words. */
import { Alert, Anchor, Grid, Group, Paper, Text } from '@mantine/core'
import { Link } from 'react-router'
import { NumberText, TimeText } from '../../../ui/texts.js'
import type { ListedSegment } from '../api.js'

/** What a reader has to know before the rest. */
export function Notices({ segment }: { readonly segment: ListedSegment }) {
  return (
    <>
      {segment.error !== null && (
        <Alert color="yellow" variant="default" title="Not up to date" role="alert">
          It keeps the members it had last: {segment.error}. Once the reason is gone, the next refresh brings
          it up to date.
        </Alert>
      )}
      {segment.state === 'changed' && (
        <Alert variant="default" title="A draft differs from what is published">
          What you see in words is the draft; members, history and overlap are those of what is published.
        </Alert>
      )}
      {segment.state === 'removed' && (
        <Alert variant="default" title="Its draft was deleted">
          It is still refreshed and sent. Publish the deletion to take it out, or edit it to keep it.
        </Alert>
      )}
    </>
  )
}

/** How many, as of when, and what makes them so. */
export function SegmentFacts({ segment }: { readonly segment: ListedSegment }) {
  return (
    <Grid>
      <Grid.Col span={{ base: 12, sm: 3 }}>
        <Paper p="md" h="100%">
          <Text size="sm" c="dimmed">
            People
          </Text>
          <Text fz="1.75rem" fw={650} lh={1.2}>
            <NumberText value={segment.size} />
          </Text>
          <Text size="sm" c="dimmed">
            {segment.evaluatedAt === null ? (
              'not counted yet'
            ) : (
              <>
                counted <TimeText at={segment.evaluatedAt} />
              </>
            )}
          </Text>
        </Paper>
      </Grid.Col>
      <Grid.Col span={{ base: 12, sm: 9 }}>
        <Paper p="md" h="100%">
          <Text size="sm" c="dimmed">
            Who they are
          </Text>
          <Text>{segment.sentence ?? 'The draft is not complete yet.'}</Text>
          {segment.activations.length > 0 && (
            <Group gap={8} mt={6}>
              <Text size="sm" c="dimmed">
                Sent by
              </Text>
              {segment.activations.map((activation) => (
                <Anchor key={activation} size="sm" component={Link} to={`/activations/${activation}`}>
                  {activation}
                </Anchor>
              ))}
            </Group>
          )}
        </Paper>
      </Grid.Col>
    </Grid>
  )
}

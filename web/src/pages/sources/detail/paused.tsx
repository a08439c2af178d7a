/** A source that somebody or a failure paused: why, and the way on. */
import { Alert, Button, Group, Text } from '@mantine/core'
import { IconPlayerPause } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useForget } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { notifyDone, notifyFailed } from '../../../ui/notify.js'
import { sentenceOf } from '../../../ui/words.js'
import { type SourceLine, setPaused } from '../api.js'
import { pausedWords, toldOfPause } from '../model/paused-words.js'

/** With a button for those who may. */
export function Paused({ source }: { readonly source: SourceLine }) {
  const { id, note, last } = source
  const allowed = useCan('operator')
  const forget = useForget()
  const resume = useMutation({
    mutationFn: () => setPaused(id, false),
    onSuccess: () => notifyDone(toldOfPause(source, false)),
    onError: (error) => notifyFailed(`Could not resume ${id}`, error),
    onSettled: () => forget('/api/v1/sources', '/api/v1/workspace'),
  })
  // The failure that caused it is told beside this.
  const reason =
    last?.error != null && last.error !== '' && note.includes(last.error) ? 'its last sync failed' : note
  return (
    <Alert color="gray" icon={<IconPlayerPause aria-hidden />} title="Paused">
      <Group justify="space-between" gap="sm">
        <Text flex="1 1 240px">
          {/* The title says it already. */}
          {reason !== '' && `${sentenceOf(reason.replace(/^paused (?=by )/, ''))} `}
          {pausedWords(source, allowed)}
        </Text>
        {allowed && (
          <Button size="xs" variant="default" loading={resume.isPending} onClick={() => resume.mutate()}>
            Resume
          </Button>
        )}
      </Group>
    </Alert>
  )
}

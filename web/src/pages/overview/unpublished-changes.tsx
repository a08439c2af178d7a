/** Changes that nobody works with yet: what publishing them would do, and the button. */
import { Button, List, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { api, take } from '../../api/client.js'
import { useForget } from '../../api/hooks.js'
import { useCan } from '../../app/session.js'
import { Answer } from '../../ui/answer.js'
import { changeWords } from '../../ui/change-words.js'
import { ErrorState, Problems } from '../../ui/error-state.js'
import { formatCount } from '../../ui/format.js'
import { notifyDone } from '../../ui/notify.js'
import { Section } from '../../ui/section.js'
import { UNPUBLISHED } from './links.js'

/** Changes as words; operators publish them. */
export function UnpublishedChanges({ faulty }: { readonly faulty: number }) {
  const allowed = useCan('operator')
  const forget = useForget()
  const plan = useQuery({
    queryKey: ['/api/v1/workspace/plan', faulty],
    queryFn: ({ signal }) => take(api.POST('/api/v1/workspace/plan', { signal })),
  })
  const publish = useMutation({
    mutationFn: (parent: string | null) => take(api.POST('/api/v1/workspace/apply', { body: { parent } })),
    onSuccess: async ({ number }) => {
      notifyDone(`Published as revision ${number}`)
      await forget('/api/v1/')
    },
  })
  return (
    <Section
      id={UNPUBLISHED}
      title="Not published yet"
      description="Sources, segments and activations run as they were published last."
      actions={
        allowed &&
        plan.data?.ok && (
          <Button size="xs" loading={publish.isPending} onClick={() => publish.mutate(plan.data.parent)}>
            Publish {formatCount(plan.data.changes.length, 'change')}
          </Button>
        )
      }
    >
      {publish.error !== null && <ErrorState title="Publishing was refused" error={publish.error} />}
      <Answer of={plan} what="the changes">
        {({ ok, changes, problems }) => (
          <>
            {!ok && <Text mb="xs">Some of them have mistakes, which keep them from being published:</Text>}
            {ok && changes.length === 0 && <Text>Only comments or spaces differ.</Text>}
            <List spacing={4}>
              {changes.map((change) => (
                <List.Item key={change.message}>{changeWords(change)}</List.Item>
              ))}
            </List>
            <Problems problems={problems} />
            {ok && !allowed && (
              <Text c="dimmed" mt="xs">
                An operator publishes them.
              </Text>
            )}
          </>
        )}
      </Answer>
    </Section>
  )
}

/** Starts another sync of a source whose last one did not end well, and goes to it. */
import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { useForget } from '../../../api/hooks.js'
import { notifyFailed } from '../../../ui/notify.js'
import { runPath, syncSource } from '../api.js'

/** The button. */
export function SyncAgain({ source }: { readonly source: string }) {
  const navigate = useNavigate()
  const forget = useForget()
  const again = useMutation({
    mutationFn: () => syncSource(source),
    onSuccess: async ({ workflowId, runId }) => {
      await forget('/api/v1/runs', '/api/v1/sources')
      await navigate(runPath({ workflowId, run: runId }))
    },
    onError: (error) => notifyFailed(`Could not sync ${source}`, error),
  })
  return (
    <Button
      leftSection={<IconRefresh size={16} aria-hidden />}
      loading={again.isPending}
      onClick={() => again.mutate()}
    >
      Sync again
    </Button>
  )
}

/** Leaves a stream out of the sync that goes on. Nothing is lost by it, so nobody is asked twice. */
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useForget } from '../../../api/hooks.js'
import { notifyDone, notifyFailed } from '../../../ui/notify.js'
import { skipStream } from '../api.js'

/** What was loaded of the stream stays, and the next sync goes on from there. */
export function SkipStream({ source, stream }: { readonly source: string; readonly stream: string }) {
  const forget = useForget()
  const skip = useMutation({
    mutationFn: () => skipStream(source, stream),
    onSuccess: () => {
      notifyDone(`${stream} ends at its next checkpoint. The next sync of ${source} goes on with it.`)
      return forget('/api/v1/runs')
    },
    onError: (error) => notifyFailed(`Could not leave ${stream} out`, error),
  })
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      loading={skip.isPending}
      disabled={skip.isSuccess}
      onClick={() => skip.mutate()}
      aria-label={`Leave out ${stream}`}
    >
      Leave out
    </Button>
  )
}

/** Word that somebody else changed what is edited here, as soon as that is known. */
import { Alert } from '@mantine/core'

/** @param what is edited, as a phrase: "this source" */
export function Outdated({ what }: { readonly what: string }) {
  return (
    <Alert color="yellow" variant="default" role="status" title={`Somebody else changed ${what}`}>
      What you do here stays. When you save, both are shown, and you choose.
    </Alert>
  )
}

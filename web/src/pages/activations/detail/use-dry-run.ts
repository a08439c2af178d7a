/** Starts a dry run: a plan that is shown and not sent. */
import { useState } from 'react'
import { useForget } from '../../../api/hooks.js'
import { notifyDone, notifyFailed } from '../../../ui/notify.js'
import { planActivation } from '../api.js'

/** Its report stands among the runs when it has ended. */
export function useDryRun(id: string): { readonly busy: boolean; readonly start: () => Promise<void> } {
  const forget = useForget()
  const [busy, setBusy] = useState(false)
  return {
    busy,
    async start() {
      setBusy(true)
      try {
        await planActivation(id)
        notifyDone('The dry run begins; nothing is sent.')
      } catch (error) {
        notifyFailed('Could not begin the dry run', error)
      } finally {
        await forget('/api/v1/activations')
        setBusy(false)
      }
    },
  }
}

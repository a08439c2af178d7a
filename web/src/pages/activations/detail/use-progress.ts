/** Where a run of an activation stands, as the server tells it. */
import { useEffect, useState } from 'react'
import { useForget } from '../../../api/hooks.js'
import type { ActivationEvent } from '../api.js'

export type Progress = Extract<ActivationEvent, { readonly type: 'progress' }>['progress']

/**
 * Follows the run that goes on while `going`; what ended is read again then.
 * @returns undefined before the first word
 */
export function useProgress(id: string, going: boolean): Progress | undefined {
  const [progress, setProgress] = useState<Progress>()
  const forget = useForget()
  useEffect(() => {
    if (!going) return
    const source = new EventSource(`/api/v1/activations/${encodeURIComponent(id)}/progress`)
    source.onmessage = ({ data }) => {
      const event = JSON.parse(data as string) as ActivationEvent
      if (event.type === 'progress') return setProgress(event.progress)
      source.close()
      setProgress(undefined)
      void forget('/api/v1/activations', '/api/v1/workspace')
    }
    return () => source.close()
  }, [id, going, forget])
  return going ? progress : undefined
}

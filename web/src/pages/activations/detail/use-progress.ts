/** Where a run of an activation stands, as the server tells it. */
import { useEffect, useState } from 'react'
import { follow } from '../../../api/follow.js'
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
    if (!going) return undefined
    const stop = follow({
      path: `/api/v1/activations/${encodeURIComponent(id)}/progress`,
      hear: (text) => {
        const event = JSON.parse(text) as ActivationEvent
        if (event.type === 'progress') return setProgress(event.progress)
        stop()
        setProgress(undefined)
        void forget('/api/v1/activations', '/api/v1/workspace')
      },
    })
    return stop
  }, [id, going, forget])
  return going ? progress : undefined
}

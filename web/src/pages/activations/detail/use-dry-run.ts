/** A dry run, from the click to its report: a plan that is shown and not sent. */
import { useEffect, useState } from 'react'
import { useNavigate } from 'react-router'
import { useForget, useRead } from '../../../api/hooks.js'
import { notifyFailed } from '../../../ui/notify.js'
import { runPath } from '../paths.js'

export interface DryRun {
  /** From the click until what would be sent is on show. */
  readonly busy: boolean
  readonly start: () => Promise<void>
}

/** Often enough for somebody who waits. */
const LOOK_EVERY_MS = 1000

/**
 * Opens the report as soon as there is one, for whoever asked and still looks at the page.
 * @param plan asks the API for it, and gives its run
 */
export function useDryRun(id: string, plan: () => Promise<{ readonly runId: string }>): DryRun {
  const forget = useForget()
  const navigate = useNavigate()
  const [starting, setStarting] = useState(false)
  const [awaited, setAwaited] = useState<string>()
  const history = useRead(
    '/api/v1/activations/{id}/history',
    { params: { path: { id }, query: { limit: 20 } } },
    { enabled: awaited !== undefined, everyMs: LOOK_EVERY_MS },
  )
  const ended = history.data?.runs.find(({ run }) => run === awaited)?.run
  useEffect(() => {
    if (ended !== undefined) void navigate(runPath(id, ended))
  }, [ended, id, navigate])
  return {
    busy: starting || awaited !== undefined,
    async start() {
      setStarting(true)
      try {
        setAwaited((await plan()).runId)
      } catch (error) {
        notifyFailed('Could not begin the dry run', error)
      } finally {
        await forget('/api/v1/activations')
        setStarting(false)
      }
    },
  }
}

/** Tells the server that somebody is at work: pages read by themselves, so that reading alone keeps no session. */
import { useEffect } from 'react'
import { api, take } from '../api/client.js'
import { queryClient, SESSION_KEY, sessionOver } from '../api/query-client.js'

/** What people do; where nothing is pressed or moved, nobody works. */
const WORK = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const
const OFTEN_MS = 60_000

/** @param idleMs how long a session lasts without use; null: as long as any */
export function useKeepSession(idleMs: number | null): void {
  useEffect(() => {
    if (idleMs === null) return
    const everyMs = Math.min(OFTEN_MS, idleMs / 4)
    let toldMs = Number.NEGATIVE_INFINITY
    const work = () => {
      if (performance.now() - toldMs < everyMs) return
      toldMs = performance.now()
      take(api.POST('/api/v1/session/use')).catch((error: unknown) => {
        const over = sessionOver(error)
        // Anything else is told by what the page reads.
        if (over !== undefined) queryClient.setQueryData(SESSION_KEY, over)
      })
    }
    const options = { capture: true, passive: true }
    for (const type of WORK) window.addEventListener(type, work, options)
    return () => {
      for (const type of WORK) window.removeEventListener(type, work, options)
    }
  }, [idleMs])
}

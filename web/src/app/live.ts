/** Word of what changed on the server, so that what is on show is read again at once and not only after a while. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { backoffMs } from '../api/backoff.js'
import { suspectLost } from '../api/connection.js'
import { useForget } from '../api/hooks.js'
import { SESSION_KEY } from '../api/query-client.js'
import { touchedBy } from './hints.js'

/** Listens as long as the shell is shown; a line that breaks is taken up again with growing pauses. */
export function useLiveUpdates(): void {
  const forget = useForget()
  const client = useQueryClient()
  useEffect(() => {
    let source: EventSource | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    let attempt = 0
    const listen = () => {
      source = new EventSource('/api/v1/events')
      source.onopen = () => {
        // Hints that came meanwhile are lost: everything may have changed.
        if (attempt > 0) void forget('/api/v1/')
        attempt = 0
      }
      source.onmessage = ({ data }: MessageEvent<string>) => {
        void forget(...touchedBy(data))
      }
      source.onerror = () => {
        source?.close()
        void suspectLost()
        // The server ends the line of whoever signed out elsewhere, was removed or has another role now.
        void client.invalidateQueries({ queryKey: SESSION_KEY })
        timer = setTimeout(listen, backoffMs(attempt++, Math.random()))
      }
    }
    listen()
    return () => {
      source?.close()
      clearTimeout(timer)
    }
  }, [forget, client])
}

/** Word of what changed on the server, so that what is on show is read again at once and not only after a while. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { connection, keepPulse, onConnection, suspectLost } from '../api/connection.js'
import { follow } from '../api/follow.js'
import { useForget } from '../api/hooks.js'
import { SESSION_KEY } from '../api/query-client.js'
import { touchedBy } from './hints.js'

/** Listens, and asks whether the server is there, as long as the shell is shown. */
export function useLiveUpdates(): void {
  const forget = useForget()
  const client = useQueryClient()
  useEffect(
    () =>
      follow({
        path: '/api/v1/events',
        hear: (hint) => void forget(...touchedBy(hint)),
        // Hints that came meanwhile are lost: everything may have changed.
        onAgain: () => void forget('/api/v1/'),
        onBreak: () => {
          void suspectLost()
          // The server ends the line of whoever signed out elsewhere, was removed or has another role now.
          void client.invalidateQueries({ queryKey: SESSION_KEY })
        },
      }),
    [forget, client],
  )
  useEffect(keepPulse, [])
  // What was read without Temporal said nothing of what runs.
  useEffect(() => {
    let before = connection()
    return onConnection(() => {
      if (before === 'without Temporal' && connection() !== before) void forget('/api/v1/')
      before = connection()
    })
  }, [forget])
}

/** Says that the server, or what it works with, is away, and goes by itself when all is back. */
import { Loader } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { type Connection, connection, onConnection } from '../api/connection.js'
import classes from './shell.module.css'

const AGAIN = 'The page tries again by itself; nothing you typed is lost.'
const LATER = 'Who runs Tributary here can start it again; the page goes on by itself.'

const WORDS: Readonly<Record<Exclude<Connection, 'there'>, string>> = {
  lost: `The server does not answer. ${AGAIN}`,
  'without data': `The server does not reach its data. ${AGAIN}`,
  'without Temporal': `What starts runs does not answer: nothing can be started, and what is shown of runs and schedules may be old. ${LATER}`,
  'without workers': `No worker takes work: what is started waits, and nothing is synced or sent. ${LATER}`,
}

/** A line above the page while something is away. */
export function ConnectionBanner() {
  const state = useSyncExternalStore(onConnection, connection)
  return (
    <div role="status" className={classes.away}>
      {state !== 'there' && (
        <div className={classes.banner}>
          <Loader size="xs" color="currentColor" aria-hidden />
          {state === 'lost' && !navigator.onLine ? `You are offline. ${AGAIN}` : WORDS[state]}
        </div>
      )}
    </div>
  )
}

/** Says that the server or its data is away, and goes by itself when all is back. */
import { Loader } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { connection, onConnection } from '../api/connection.js'
import classes from './shell.module.css'

const WORDS = {
  lost: 'The server does not answer.',
  'without data': 'The server does not reach its data.',
} as const

/** A line above the page while nothing can be read. */
export function ConnectionBanner() {
  const state = useSyncExternalStore(onConnection, connection)
  return (
    <div role="status">
      {state !== 'there' && (
        <div className={classes.banner}>
          <Loader size="xs" color="currentColor" aria-hidden />
          {WORDS[state]} The page tries again by itself; nothing you typed is lost.
        </div>
      )}
    </div>
  )
}

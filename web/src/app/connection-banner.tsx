/** Says that the server is away, and goes by itself when it is back. */
import { Loader } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { isConnected, onConnection } from '../api/connection.js'
import classes from './shell.module.css'

/** A line above the page while the server does not answer. */
export function ConnectionBanner() {
  const connected = useSyncExternalStore(onConnection, isConnected)
  return (
    <div role="status">
      {!connected && (
        <div className={classes.banner}>
          <Loader size="xs" color="currentColor" aria-hidden />
          The server does not answer. The page tries again by itself; nothing you typed is lost.
        </div>
      )}
    </div>
  )
}

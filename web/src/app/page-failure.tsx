/** The boundary of a page that broke: the rest of the page stays, and it says what to do. */
import { Button, Group } from '@mantine/core'
import { useEffect } from 'react'
import { useRouteError } from 'react-router'
import { ApiError } from '../api/api-error.js'
import { isConnected, onConnection, suspectLost } from '../api/connection.js'
import { EmptyState } from '../ui/empty-state.js'
import { ErrorState } from '../ui/error-state.js'
import { isMissingChunk } from './missing-chunk.js'
import { Starting } from './starting.js'

/** Shown in place of an area's page by the router. */
export function PageFailure() {
  const error = useRouteError()
  if (error instanceof ApiError) return <ErrorState error={error} />
  if (isMissingChunk(error) && !reloadedJustNow()) return <Reload />
  return (
    <EmptyState
      role="alert"
      title="This page broke"
      action={
        <Group gap="xs" justify="center">
          <Button onClick={() => window.location.reload()}>Load it again</Button>
          <Button variant="default" component="a" href="/">
            To the overview
          </Button>
        </Group>
      }
    >
      What you saved is safe. Load the page again; if it breaks again, tell an operator what you did before.
    </EmptyState>
  )
}

/** A part of the page could not be fetched: the server is away, or has a newer version. Either way loading it again helps. */
function Reload() {
  useEffect(() => {
    let stop = () => {}
    void suspectLost().then(() => {
      if (isConnected()) reload()
      else
        stop = onConnection(() => {
          if (isConnected()) reload()
        })
    })
    return () => stop()
  }, [])
  return <Starting />
}

const RELOADED = 'tributary-reloaded'
const JUST_NOW_MS = 10_000

function reload(): void {
  sessionStorage.setItem(RELOADED, String(Date.now()))
  window.location.reload()
}

/** Loading again helps once; a page that still breaks says so. */
function reloadedJustNow(): boolean {
  return Date.now() - Number(sessionStorage.getItem(RELOADED) ?? 0) < JUST_NOW_MS
}

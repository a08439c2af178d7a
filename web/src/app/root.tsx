/** Lets in who is signed in, and shows the shell around the page they asked for. */
import { Navigate, useLocation } from 'react-router'
import { sentenceOf, splitError } from '../ui/words.js'
import { SessionProvider, useSessionQuery } from './session.js'
import { Shell } from './shell.js'
import { Starting } from './starting.js'

/** One failure is nothing to talk about: it is asked again at once. */
const SOME = 2

/** The route above all areas. */
export function Root() {
  const session = useSessionQuery()
  const location = useLocation()
  if (session.data === undefined)
    return session.failureCount < SOME ? <Starting /> : <Starting why={reasonOf(session.failureReason)} />
  if (session.data === null)
    return <Navigate to="/sign-in" replace state={{ from: location.pathname + location.search }} />
  return (
    <SessionProvider session={session.data}>
      <Shell />
    </SessionProvider>
  )
}

function reasonOf(error: Error | null): string {
  const { what } = splitError(error?.message ?? 'the server does not answer')
  return `${sentenceOf(what)} The page goes on by itself as soon as it can.`
}

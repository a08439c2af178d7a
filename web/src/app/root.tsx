/** Lets in who is signed in, and shows the shell around the page they asked for. */
import { Navigate, useLocation } from 'react-router'
import { ErrorState } from '../ui/error-state.js'
import { SessionProvider, useSessionQuery } from './session.js'
import { Shell } from './shell.js'
import { Starting } from './starting.js'

/** The route above all areas. */
export function Root() {
  const session = useSessionQuery()
  const location = useLocation()
  if (session.data === undefined)
    return session.error === null ? <Starting /> : <ErrorState error={session.error} />
  if (session.data === null)
    return <Navigate to="/sign-in" replace state={{ from: location.pathname + location.search }} />
  return (
    <SessionProvider session={session.data}>
      <Shell />
    </SessionProvider>
  )
}

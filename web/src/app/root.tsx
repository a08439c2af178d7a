/** Lets in who is signed in, and shows the shell around the page they asked for. */
import { useRef } from 'react'
import { Navigate, useLocation } from 'react-router'
import { IDLE } from '../api/query-client.js'
import { sentenceOf, splitError } from '../ui/words.js'
import { ComeBack } from './come-back.js'
import { type Session, SessionProvider, useSessionQuery } from './session.js'
import { Shell } from './shell.js'
import { Starting } from './starting.js'

/** One failure is nothing to talk about: it is asked again at once. */
const SOME = 2

/** The route above all areas. */
export function Root() {
  const session = useSessionQuery()
  const location = useLocation()
  const last = useRef<Session>(undefined)
  const now = session.data === IDLE ? last.current : session.data
  if (session.data === undefined)
    return session.failureCount < SOME ? <Starting /> : <Starting why={reasonOf(session.failureReason)} />
  if (now === undefined || now === null)
    return <Navigate to="/sign-in" replace state={{ from: location.pathname + location.search }} />
  last.current = now
  return (
    // Whoever else comes in begins anew.
    <SessionProvider key={now.member.id} session={now}>
      <Shell />
      {session.data === IDLE && <ComeBack />}
    </SessionProvider>
  )
}

function reasonOf(error: Error | null): string {
  const { what } = splitError(error?.message ?? 'the server does not answer')
  return `${sentenceOf(what)} The page goes on by itself as soon as it can.`
}

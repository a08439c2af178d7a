/** Who reads the page, in which workspace, and what they may do. */
import { useQuery } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext } from 'react'
import { api, setCsrfToken, take } from '../api/client.js'
import { IDLE, noteSessionEnd, queryClient, SESSION_KEY, sessionOver } from '../api/query-client.js'
import type { components } from '../api/schema.js'
import { can, type Role } from './roles.js'

export type Session = components['schemas']['Session']

const SessionContext = createContext<Session | undefined>(undefined)

/** The session; only below the shell, where there always is one. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (session === undefined) throw new Error('reading the session: nobody is signed in here')
  return session
}

/** True where the reader's role is `role` or more. It only spares them what the API would refuse. */
export function useCan(role: Role): boolean {
  return can(useSession().role, role)
}

/** The zone in which the page tells times: the workspace's. */
export function useTimeZone(): string {
  return useContext(SessionContext)?.workspace.timeZone ?? 'UTC'
}

const SESSION = {
  queryKey: SESSION_KEY,
  queryFn: readSession,
  staleTime: 60_000,
  retry: Number.POSITIVE_INFINITY,
} as const

/** How often it is asked whether somebody signed in in another window. */
const LOOK_AGAIN_MS = 3000

/** Reads the session: undefined while unknown, null when nobody is signed in, {@link IDLE} when it ended by itself. */
export function useSessionQuery() {
  return useQuery({
    ...SESSION,
    refetchInterval: ({ state }) => (state.data === IDLE ? LOOK_AGAIN_MS : false),
  })
}

/** Reads it before anything is on show, while the code of the page that is asked for is fetched. */
export function beginSession(): void {
  // Who has a link in hand has no session yet.
  if (window.location.pathname !== '/sign-in') void queryClient.prefetchQuery(SESSION)
}

/** Gives the session to everything below. */
export function SessionProvider(props: { readonly session: Session; readonly children: ReactNode }) {
  return <SessionContext value={props.session}>{props.children}</SessionContext>
}

/** Exchanges what a one-time link carries for a session. */
export async function signIn(link: string): Promise<void> {
  await take(api.POST('/api/v1/session', { body: { link } }))
  await queryClient.invalidateQueries({ queryKey: SESSION_KEY })
}

/** Ends the session and forgets everything that was read in it. */
export async function signOut(): Promise<void> {
  await take(api.DELETE('/api/v1/session'))
  queryClient.clear()
  window.location.assign('/sign-in')
}

async function readSession(): Promise<Session | typeof IDLE | null> {
  try {
    const session = await take(api.GET('/api/v1/session'))
    setCsrfToken(session.csrf ?? undefined)
    noteSessionEnd(session.leftMs)
    forgetOthers(session.member.id)
    return session
  } catch (error) {
    const over = sessionOver(error)
    if (over === undefined) throw error
    return over
  }
}

/** Who read the page last. */
let reader: string | undefined

/** What was read for one member is not shown to another one who signs in at the same page. */
function forgetOthers(member: string): void {
  if (reader !== undefined && reader !== member)
    queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] })
  reader = member
}

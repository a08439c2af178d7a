/** Signing in with a one-time link, who is signed in, signing out. */
import { recordAction } from '../../operations/members/audit.js'
import { claimLink, LinkRefused } from '../../operations/members/links.js'
import { ROLES } from '../../operations/members/roles.js'
import { endSession } from '../../operations/members/sessions.js'
import { workspaceIdentity } from '../../operations/workspace-identity.js'
import { sessionCookie } from '../auth/cookie.js'
import { SESSION_MS } from '../auth/sessions.js'
import { Answer, defineRoute, type RouteContext } from '../route.js'
import { count, described, named, nullable, object, oneOf, text } from '../schema.js'
import type { Services } from '../services.js'

export const memberSchema = named('Member', object({ id: text, name: text, role: oneOf(...ROLES) }))

const sessionSchema = named(
  'Session',
  object({
    member: memberSchema,
    role: described(oneOf(...ROLES), { description: 'What this session may do' }),
    csrf: described(nullable(text), {
      description: 'To be sent as x-csrf-token with everything but GET; null for tokens, which need none',
    }),
    idleMs: described(nullable(count), {
      description: 'How long it lasts without use; null: as long as any, or for tokens',
    }),
    leftMs: described(nullable(count), {
      description: 'How long it lasts from now, however much it is used; null for tokens',
    }),
    workspace: object({ name: text, timeZone: described(text, { examples: ['Europe/Paris'] }) }),
    version: text,
  }),
)

export const sessionRoutes = [
  defineRoute({
    method: 'POST',
    path: '/api/v1/session',
    role: 'anyone',
    summary: 'Sign in with a one-time link',
    guessable: true,
    body: object({
      link: described(text, { description: 'What the link carries behind #', maxLength: 200 }),
    }),
    response: sessionSchema,
    async handle(context, { body }) {
      const { operations, services } = context
      const id = await claimLink(operations, body.link)
      services.directory.refresh()
      const state = await services.directory.member(id)
      if (state === undefined)
        throw new LinkRefused(
          'signing in: this link is of somebody who is no member any more; ask for a new one',
        )
      const { name, role } = state
      const session = services.sessions.issue(state)
      await recordAction(operations, { actor: name, action: 'sign in', subject: name, detail: '' })
      return new Answer(await describe({ ...context, member: { id, name, role }, role, session }), {
        headers: { 'set-cookie': cookieFor(session, SESSION_MS, services) },
      })
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/session',
    role: 'viewer',
    summary: 'Who is signed in, and where',
    response: sessionSchema,
    handle: describe,
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/session/use',
    role: 'viewer',
    summary: 'Somebody is at work: the session goes on. Nothing else keeps it from ending for want of use',
    response: object({}),
    async handle({ services, session }) {
      const claims = session === undefined ? undefined : services.sessions.read(session)
      const renewed = session === undefined ? undefined : services.sessions.renew(session)
      if (!claims || renewed === undefined) return {}
      const leftMs = claims.expiresAtMs - Date.now()
      return new Answer({}, { headers: { 'set-cookie': cookieFor(renewed, leftMs, services) } })
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/api/v1/session',
    role: 'viewer',
    summary: 'Sign out here: the session is over, also for whoever has a copy of its cookie',
    response: object({}),
    async handle({ operations, services, member, session }) {
      const claims = session === undefined ? undefined : services.sessions.read(session)
      if (claims) {
        const { id, expiresAtMs } = claims
        await endSession(operations, { session: id, expiresAtMs, by: member.name })
        services.directory.refresh()
      }
      return new Answer({}, { headers: { 'set-cookie': cookieFor('', 0, services) } })
    },
  }),
]

function cookieFor(session: string, ms: number, { cookieName, secure }: Services): string {
  return sessionCookie(session, Math.floor(ms / 1000), { name: cookieName, secure })
}

function leftOf({ sessions }: Services, session: string | undefined): number | null {
  const claims = session === undefined ? undefined : sessions.read(session)
  return claims ? Math.max(0, claims.expiresAtMs - Date.now()) : null
}

async function describe({ operations, services, member, role, session }: RouteContext) {
  return {
    member,
    role,
    csrf: session === undefined ? null : services.sessions.csrfToken(session),
    idleMs: session === undefined ? null : (services.sessions.idleMs ?? null),
    leftMs: leftOf(services, session),
    workspace: await workspaceIdentity(operations),
    version: services.version,
  }
}

/** One server, asked as browsers and programs would: what the parts of the tests of access share. */
import type { LightMyRequestResponse } from 'fastify'
import { makeLink, type OneTimeLink } from '../../../operations/members/links.js'
import { startTestServer, type TestServer, type TestSession } from '../../testing/test-server.js'

export const SESSION = { method: 'GET', url: '/api/v1/session' } as const
export const CHANGE = { method: 'PUT', url: '/api/v1/secrets/A_SECRET', payload: { value: 'x' } } as const

export interface Asked {
  readonly server: TestServer
  /** A marketer who is signed in. */
  readonly ada: TestSession
  /** As a browser sends them. @param cookie the value of a session's */
  cookies(cookie: string): Readonly<Record<string, string>>
  /** What the server answers to whoever has this cookie. */
  status(cookie: string): Promise<number>
  /** A link for a member. @param validMs @default a minute */
  link(member: string, validMs?: number): Promise<OneTimeLink>
  /** Signs in with a link. */
  use(token: unknown): Promise<LightMyRequestResponse>
}

export async function startAsked(): Promise<Asked> {
  const server = await startTestServer()
  const cookies = (cookie: string) => ({ [server.services.cookieName]: cookie })
  return {
    server,
    ada: await server.signIn('marketer'),
    cookies,
    status: async (cookie) => (await server.app.inject({ ...SESSION, cookies: cookies(cookie) })).statusCode,
    link: (member, validMs = 60_000) => makeLink(server.operations, { member, validMs, by: 'a test' }),
    use: (token) =>
      server.app.inject({ method: 'POST', url: '/api/v1/session', payload: { link: token } as object }),
  }
}

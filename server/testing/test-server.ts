/** The app over a real warehouse, without a port: what tests of routes ask, and as whom. Gone after `close`. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { startClickHouse } from '../../local/clickhouse/launch.js'
import { createContext, type OperationContext } from '../../operations/context.js'
import { makeLink } from '../../operations/members/links.js'
import { addMember, type Member } from '../../operations/members/members.js'
import type { Role } from '../../operations/members/roles.js'
import { migrateWarehouse } from '../../operations/setup.js'
import { createLogger } from '../../runtime/logger.js'
import { type AppDeps, createApp } from '../app.js'
import type { Route } from '../route.js'
import { createServices, type Services } from '../services.js'

export interface TestServer {
  readonly app: FastifyInstance
  readonly operations: OperationContext
  readonly services: Services
  /** A new member of this role, signed in. */
  signIn(role: Role): Promise<TestSession>
  close(): Promise<void>
}

/** What a browser would keep. */
export interface TestSession {
  readonly member: Member
  readonly cookie: string
  readonly csrf: string
  /** Sends a request with the session's cookie, and with its token where that is needed. */
  send(request: InjectOptions): Promise<LightMyRequestResponse>
}

export interface TestServerOptions {
  /** @default every route of the API */
  readonly routes?: readonly Route[]
  /** Folder of the page. @default none */
  readonly pageDir?: string
  /** The address that people use. @default that of the request */
  readonly publicUrl?: string
  readonly guessesPerMinute?: number
  readonly requestsPerMinute?: number
  readonly idleMs?: number
  readonly patience?: AppDeps['patience']
  readonly answerWithin?: AppDeps['answerWithin']
  /** @default none but where the warehouse is */
  readonly env?: Readonly<Record<string, string>>
}

let names = 0

/** Answers are checked against their schemas. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const workspaceDir = await mkdtemp(join(tmpdir(), 'tributary-server-'))
  const credentials = { user: 'tester', password: 'tester-password' }
  const dataDir = join(workspaceDir, '.tributary', 'clickhouse')
  const engine = await startClickHouse({ dataDir, ...credentials, infileRoots: [workspaceDir] })
  const operations = createContext(workspaceDir, {
    CLICKHOUSE_URL: engine.url,
    CLICKHOUSE_USER: credentials.user,
    CLICKHOUSE_PASSWORD: credentials.password,
    TRIBUTARY_MASTER_KEY: 'a key of this test alone',
    ...options.env,
  })
  await migrateWarehouse(operations)
  const server = await openTestApp(operations, options)
  return {
    ...server,
    async close() {
      await server.close()
      await operations.close()
      await engine.stop()
      await rm(workspaceDir, { recursive: true, force: true })
    },
  }
}

/** The app over what runs already; `close` closes the app alone. */
export async function openTestApp(
  operations: OperationContext,
  options: Omit<TestServerOptions, 'env'> = {},
): Promise<TestServer> {
  const services = await createServices(operations, {
    ...(options.publicUrl !== undefined && { publicUrl: options.publicUrl }),
    ...(options.idleMs !== undefined && { idleMs: options.idleMs }),
  })
  const app = await createApp({
    operations,
    services,
    logger: createLogger('server', { TRIBUTARY_LOG_LEVEL: 'silent' }),
    pageDir: options.pageDir ?? join(operations.workspaceDir, 'no-page'),
    checkAnswers: true,
    // Tests sign in as often as they like.
    guessesPerMinute: options.guessesPerMinute ?? 10_000,
    ...(options.requestsPerMinute !== undefined && { requestsPerMinute: options.requestsPerMinute }),
    ...(options.routes && { routes: options.routes }),
    ...(options.patience && { patience: options.patience }),
    ...(options.answerWithin && { answerWithin: options.answerWithin }),
  })
  return {
    app,
    operations,
    services,
    async signIn(role) {
      names += 1
      const member = await addMember(operations, { name: `${role} ${names}`, role, by: 'a test' })
      const link = await makeLink(operations, { member: member.id, validMs: 60_000, by: 'a test' })
      const answer = await app.inject({
        method: 'POST',
        url: '/api/v1/session',
        payload: { link: link.token },
      })
      return session(app, services.cookieName, member, answer)
    },
    close: () => app.close(),
  }
}

function session(
  app: FastifyInstance,
  cookieName: string,
  member: Member,
  answer: LightMyRequestResponse,
): TestSession {
  const cookie = answer.cookies.find(({ name }) => name === cookieName)?.value ?? ''
  const { csrf } = answer.json<{ csrf: string }>()
  return {
    member,
    cookie,
    csrf,
    send: (request) =>
      app.inject({
        ...request,
        cookies: { [cookieName]: cookie },
        headers: { ...(request.method !== 'GET' && { 'x-csrf-token': csrf }), ...request.headers },
      }),
  }
}

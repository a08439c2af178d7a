/** The server as a value: routes, sign-in, headers and limits around them. Listening is main.ts's part. */
import { randomUUID } from 'node:crypto'
import fastifyCookie from '@fastify/cookie'
import fastifyRateLimit from '@fastify/rate-limit'
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import type { Logger } from '../runtime/logger.js'
import { routes as apiRoutes } from './api/index.js'
import { isOwnHost } from './config.js'
import { errorAnswer, HostRefused, TooMany } from './errors.js'
import { addSecurityHeaders, REFUSAL_HEADERS } from './headers.js'
import { BYTES, openApiDocument } from './openapi.js'
import { type RegisterDeps, registerRoutes } from './register.js'
import { defineRoute, type Route } from './route.js'
import { dictionary, json } from './schema.js'
import { addPage, isPageAddress, sendPage } from './static.js'

export interface AppDeps extends RegisterDeps {
  readonly logger: Logger
  /** @default every route of the API */
  readonly routes?: readonly Route[]
  /** Folder of the built page. */
  readonly pageDir: string
  /** Proxies whose word about the sender counts. @default none */
  readonly trustedProxies?: readonly string[]
  /** How long `close` waits for answers. @default 500 */
  readonly graceMs?: number
  /** How long a request may take to arrive. @default 10 s for its headers, 30 s for the whole */
  readonly patience?: typeof PATIENCE
}

/** Whoever sends slower than this is cut off, milliseconds. */
const PATIENCE = { headersMs: 10_000, requestMs: 30_000, checkEveryMs: 2000 }

const GRACE_MS = 500

/** For balancers: it answers, whatever else does, and by whichever name of this machine they ask. */
const HEALTH = '/healthz'

const REFUSALS: ReadonlySet<string> = new Set([
  'AccessDenied',
  'CsrfRefused',
  'HostRefused',
  'LinkRefused',
  'PlaceRefused',
  'SecretRefused',
  'SecretReserved',
  'TooMany',
])

/** Not yet listening; `close()` ends streams and waits for the requests that are being answered. */
export async function createApp(deps: AppDeps): Promise<FastifyInstance> {
  const { services, logger, pageDir, routes = apiRoutes, trustedProxies = [], patience = PATIENCE } = deps
  const app = fastify({
    loggerInstance: logger as FastifyBaseLogger,
    // Requests are no news; what fails is logged with its id.
    logController: new LogController({ disableRequestLogging: true }),
    // Told from those of other servers, and of this one before it was started again.
    genReqId: () => randomUUID(),
    forceCloseConnections: 'idle',
    requestTimeout: patience.requestMs,
    http: { headersTimeout: patience.headersMs, connectionsCheckingInterval: patience.checkEveryMs },
    routerOptions: { maxParamLength: 1000 },
    // What is refused before there is a route.
    frameworkErrors: (error, request, reply) => answerError(error, request, reply.headers(REFUSAL_HEADERS)),
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
  })
  // JSON, and bytes for the routes that say so: a form of another site can send neither, and no route takes text.
  app.removeContentTypeParser('text/plain')
  app.addContentTypeParser<Buffer>(
    BYTES,
    { parseAs: 'buffer' },
    async (_: FastifyRequest, body: Buffer) => body,
  )
  app.setErrorHandler(answerError)
  app.setNotFoundHandler(async (request, reply) => {
    if (isPageAddress(request)) return sendPage(reply, pageDir)
    const message = `finding ${request.method} ${request.url.split('?')[0]}: there is nothing; see /api/v1/openapi.json`
    return reply.code(404).send({ error: { name: 'RouteUnknown', message } })
  })
  // Answers that are nearly there are let out; connections that only wait hold nobody up.
  app.addHook('preClose', async () => {
    setTimeout(() => app.server.closeAllConnections(), deps.graceMs ?? GRACE_MS).unref()
  })
  await addSecurityHeaders(app, services.secure)
  // After the headers, which a refusal has, too.
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.url === HEALTH || isOwnHost(request.headers.host, services.publicUrl)) return
    throw new HostRefused()
  })
  await app.register(fastifyCookie)
  await app.register(fastifyRateLimit, {
    global: false,
    timeWindow: '1 minute',
    errorResponseBuilder: () => new TooMany('signing in: there were too many tries; wait a minute'),
  })
  await app.register(async (api) => {
    registerRoutes(api, [...routes, descriptionRoute(routes, services.version)], deps)
  })
  await addPage(app, pageDir)
  app.get(HEALTH, async () => ({ ok: true }))
  return app
}

function answerError(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const { status, body } = errorAnswer(error, request.id)
  const route = request.routeOptions.url
  // Whoever went away ended the work for it, and is told nothing.
  if (status >= 500 && !reply.raw.destroyed) request.log.error({ err: error, route }, 'request failed')
  // Whoever watches the log sees who tries what they may not.
  const { name } = body.error
  const { ip: from, identity } = request
  if (REFUSALS.has(name))
    request.log.warn({ refusal: name, route, from, member: identity?.member.id }, 'request refused')
  void reply.code(status).header('cache-control', 'no-store').send(body)
}

function descriptionRoute(routes: readonly Route[], version: string): Route {
  const document = openApiDocument(routes, version)
  return defineRoute({
    method: 'GET',
    path: '/api/v1/openapi.json',
    role: 'viewer',
    summary: 'This description',
    response: dictionary(json),
    handle: async () => document,
  })
}

/** Makes requests of route values: who asks, may they, is what they say valid; then the handler; then what they may see of it. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { OperationContext } from '../operations/context.js'
import { recordAction } from '../operations/members/audit.js'
import { seesPersonalData } from '../operations/members/roles.js'
import { schemaProblems } from '../runtime/validation.js'
import { AtOnce } from './at-once.js'
import { anyone, assertRole, type Identity, identify } from './auth/identity.js'
import { assertPlaces } from './auth/places.js'
import { whileIn } from './auth/still-in.js'
import { standalone } from './components.js'
import { compressed } from './compressed.js'
import { AnswerOverdue, TooMany } from './errors.js'
import { sendEvents } from './event-stream.js'
import type { ChangeHint } from './hint-queue.js'
import { sendLines } from './line-stream.js'
import { masked } from './masking.js'
import { type RawRequest, requestReader } from './request-values.js'
import { Answer, type AuditWords, type Route, type RouteContext } from './route.js'
import type { Services } from './services.js'
import { ANSWER_WITHIN, type AnswerWithin, within } from './within.js'

export interface RegisterDeps {
  readonly operations: OperationContext
  readonly services: Services
  /** Refuse answers that are not as their schema says: for tests. @default false */
  readonly checkAnswers?: boolean
  /** Tries at what could be guessed, a minute and address. @default 10 */
  readonly guessesPerMinute?: number
  /** Requests of one member, or one token, a minute. @default 1200 */
  readonly requestsPerMinute?: number
  /** How long answers may take. @default {@link ANSWER_WITHIN} */
  readonly answerWithin?: AnswerWithin
}

const BODY_LIMIT = 1024 * 1024
const GUESSES_PER_MINUTE = 10
/** A page that is used hastily asks a few times a second, and one member may have several open. */
const REQUESTS_PER_MINUTE = 1200
/** Streams of events and files of lines that one member may have open: a browser has six, and many pages may be open. */
const STREAMS_PER_MEMBER = 30
/** Questions that look through everything there is: a page asks one or two, and leaves those that nobody waits for. */
const QUESTIONS_PER_MEMBER = 6

export function registerRoutes(app: FastifyInstance, routes: readonly Route[], deps: RegisterDeps): void {
  const stopping = new AbortController()
  app.addHook('preClose', async () => stopping.abort(new Error('the server stops')))
  const streams = new AtOnce(
    STREAMS_PER_MEMBER,
    (open) => `listening to events: ${open} streams are open already; close some pages`,
  )
  const questions = new AtOnce(
    QUESTIONS_PER_MEMBER,
    (open) => `asking: ${open} of your questions are being answered already; wait for one of them`,
  )
  // One count for all routes; whoever is not signed in has none, and is refused before.
  const limit = app.rateLimit({
    max: deps.requestsPerMinute ?? REQUESTS_PER_MINUTE,
    keyGenerator: ({ identity }) => identity!.member.id,
    errorResponseBuilder: (_request, { ttl }) =>
      new TooMany(
        `asking: this is more than ${deps.requestsPerMinute ?? REQUESTS_PER_MINUTE} requests a minute; go on in ${Math.ceil(ttl / 1000)} s, and ask less often`,
      ),
  })
  for (const route of routes)
    registerRoute(app, route, { ...deps, stopping: stopping.signal, streams, questions, limit })
}

interface Registered extends RegisterDeps {
  /** Streams end with the server. */
  readonly stopping: AbortSignal
  readonly streams: AtOnce
  readonly questions: AtOnce
  /** @throws TooMany, with the header that says when to come back */
  readonly limit: ReturnType<FastifyInstance['rateLimit']>
}

function registerRoute(app: FastifyInstance, route: Route, deps: Registered): void {
  const { operations, services, answerWithin = ANSWER_WITHIN } = deps
  const changes = route.method !== 'GET'
  const patienceMs = route.patienceMs ?? (changes ? answerWithin.changeMs : answerWithin.readMs)
  const overdue = () => new AnswerOverdue(patienceMs, changes)
  const read = requestReader(route)
  const response = standalone(route.response)
  const show = (value: unknown, { role }: RouteContext) => {
    if (deps.checkAnswers) assertAnswer(route, response, value)
    return seesPersonalData(role) ? value : masked(value, response)
  }
  app.route({
    method: route.method,
    url: route.path,
    bodyLimit: route.bodyLimit ?? BODY_LIMIT,
    // A stream's headers say nothing, and it would go on for nobody.
    exposeHeadRoute: route.kind === 'json',
    config: {
      rateLimit: route.guessable ? { max: deps.guessesPerMinute ?? GUESSES_PER_MINUTE } : false,
    },
    // Before the body is read: whoever may not ask sends nothing.
    onRequest: async (request, reply) => {
      if (route.role === 'anyone') {
        request.identity = anyone(request)
        return
      }
      const identity = await identify(request, services)
      request.identity = identity
      await deps.limit.call(app, request, reply)
      assertRole(identity.role, route.role)
    },
    handler: async (request, reply) => {
      const identity = request.identity!
      const gone = untilGone(reply)
      const context: RouteContext = {
        operations,
        ...identity,
        signal: gone,
        log: request.log as RouteContext['log'],
        services,
      }
      // Fastify cannot know which parameters a path has; `read` checks them against the route's schemas.
      const values = read(request as unknown as RawRequest)
      assertPlaces(values.body, identity.role)
      if (route.kind !== 'json') {
        return deps.streams.during(identity.member.id, () =>
          whileIn(request, services, { evenIdle: route.kind === 'lines' }, async (out) => {
            const signal = AbortSignal.any([gone, out, deps.stopping])
            const items = (await within(patienceMs, overdue, () =>
              route.handle({ ...context, signal }, values),
            )) as AsyncIterable<unknown>
            const showItem = (item: unknown) => show(item, context)
            if (route.kind === 'events') return sendEvents(reply, signal, items, showItem)
            return sendLines(reply, signal, items, {
              file: route.file?.(values) ?? 'lines.ndjson',
              show: showItem,
              table: await route.table?.(context, values),
              onBegin: () => record(route.audit?.(values), context),
            })
          }),
        )
      }
      const { value, extras } = await within(patienceMs, overdue, async (late) => {
        const signal = AbortSignal.any([gone, late])
        const answer = () => route.handle({ ...context, signal }, values)
        const result = await (route.costly ? deps.questions.during(identity.member.id, answer) : answer())
        // Also of what is done when nobody waits for it any more.
        const words = route.audit?.(values)
        await record(words, context)
        if (words || CHANGING.has(route.method)) services.events.publish(hintOf(route))
        return result instanceof Answer ? result : new Answer(result, {})
      })
      reply.code(extras.status ?? 200).headers({ 'cache-control': 'no-store', ...extras.headers })
      reply.type('application/json; charset=utf-8')
      return compressed(request, reply, JSON.stringify(show(value, context) ?? null))
    },
  })
}

async function record(words: AuditWords | undefined, { operations, member }: RouteContext): Promise<void> {
  if (words) await recordAction(operations, { detail: '', ...words, actor: member.name })
}

const CHANGING: ReadonlySet<string> = new Set(['PUT', 'PATCH', 'DELETE'])

/** What other pages look at again after a change by this route. */
function hintOf({ path }: Route): ChangeHint {
  const area = path.split('/')[3]
  const type = area === 'activations' ? 'activation' : area === 'refresh' ? 'refresh' : 'workspace'
  return { type, id: '' }
}

/** Aborts when the connection ends before the answer does. */
function untilGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort(new Error('the client went away'))
  })
  return gone.signal
}

function assertAnswer(
  { method, path }: Route,
  schema: Parameters<typeof schemaProblems>[0],
  value: unknown,
): void {
  // What JSON would say: no undefined, dates as text.
  const [problem] = schemaProblems(schema, JSON.parse(JSON.stringify(value ?? null)))
  if (problem === undefined) return
  throw new Error(
    `answering ${method} ${path}: ${problem.path.join('.')}: ${problem.message}; ${problem.remedy}`,
  )
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set once the sender is known. */
    identity?: Identity
  }
}

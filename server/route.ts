/**
 * A route is a value: path, least role, schemas of what goes in and comes out, and a handler over operations/. What every
 * route needs (sign-in, role, validation, masking, errors, description) is done once, by whoever registers the values.
 */
import type { Asker } from '../operations/bound-secrets.js'
import type { OperationContext } from '../operations/context.js'
import type { Member } from '../operations/members/members.js'
import type { Role } from '../operations/members/roles.js'
import type { Logger } from '../runtime/logger.js'
import type { Schema } from '../runtime/validation.js'
import type { CsvCell } from './csv.js'
import type { TypedSchema } from './schema.js'
import type { Services } from './services.js'

/** `anyone`: also before signing in. */
export type LeastRole = Role | 'anyone'
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
/** `/api/v1/sources/:id`; a trailing `*` is the parameter `path` and may hold slashes. */
export type RoutePath = `/api/v1/${string}`
type Nothing = Readonly<Record<string, never>>

export interface RouteContext {
  readonly operations: OperationContext
  /** Who asks: a signed-in member, or the one a token acts for. */
  readonly member: Member
  /** That of the member, or that of the token where it is less. */
  readonly role: Role
  /** The cookie; absent for programs. */
  readonly session?: string
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal
  readonly log: Logger
  readonly services: Services
}

/** Who asks, for operations that decide by it: a token may be less than its member. */
export function askerOf({ member, role }: Pick<RouteContext, 'member' | 'role'>): Asker {
  return { name: member.name, role }
}

export interface RouteRequest<Params, Query, Headers, Body> {
  readonly params: Params
  /** Numbers, booleans and lists are no text any more. */
  readonly query: Query
  /** The declared ones, by names in small letters. */
  readonly headers: Headers
  readonly body: Body
}

/** An answer with more than a value. */
export class Answer<Value> {
  constructor(
    readonly value: Value,
    readonly extras: {
      /** @default 200 */
      readonly status?: number
      readonly headers?: Readonly<Record<string, string>>
    },
  ) {}
}

/** What is kept of a change in the audit log; no record content and no secret. */
export interface AuditWords {
  /** As the command line says it: `segment save`. */
  readonly action: string
  readonly subject: string
  readonly detail?: string
}

interface RouteDefinition<Params, Query, Headers, Body> {
  readonly path: RoutePath
  /** The least role. */
  readonly role: LeastRole
  /** One line: what it gives or does. */
  readonly summary: string
  readonly params?: TypedSchema<Params>
  readonly query?: TypedSchema<Query>
  /** By names in small letters: `if-match`. */
  readonly headers?: TypedSchema<Headers>
  readonly body?: TypedSchema<Body>
  /** How long its answer, or the first event, may take where that is longer than of others. @default by the method */
  readonly patienceMs?: number
}

/** Answers once, with JSON. */
export interface JsonRouteDefinition<Params, Query, Headers, Body, Response>
  extends RouteDefinition<Params, Query, Headers, Body> {
  readonly method: Method
  readonly response: TypedSchema<Response>
  /** The largest body, bytes. @default 1 MiB */
  readonly bodyLimit?: number
  /** Only so many tries a minute from one address: where something could be guessed. */
  readonly guessable?: true
  /** It looks through everything there is: only a few at once for each member. */
  readonly costly?: true
  /** Of a change: how it is recorded. Absent where the operation records it itself, or nothing changes. */
  readonly audit?: (request: RouteRequest<Params, Query, Headers, Body>) => AuditWords | undefined
  handle(
    context: RouteContext,
    request: RouteRequest<Params, Query, Headers, Body>,
  ): Promise<Response | Answer<Response>>
}

/** Answers again and again (server-sent events) until the client leaves or there is nothing more to say. */
export interface EventRouteDefinition<Params, Query, Headers, Event>
  extends RouteDefinition<Params, Query, Headers, Nothing> {
  readonly event: TypedSchema<Event>
  /** Rejects before the first event for what is not there. The iteration ends soon after the signal. */
  handle(
    context: RouteContext,
    request: RouteRequest<Params, Query, Headers, Nothing>,
  ): Promise<AsyncIterable<Event>>
}

/** How lines are written as the rows of a table (CSV): its columns are known before the first line. */
export interface LineTable<Line> {
  readonly columns: readonly string[]
  /** In the order of the columns. */
  cells(line: Line): readonly CsvCell[]
}

/** Answers with a file of lines, each a JSON document or a row of a table. */
export interface LineRouteDefinition<Params, Query, Headers, Line>
  extends RouteDefinition<Params, Query, Headers, Nothing> {
  readonly line: TypedSchema<Line>
  /** What the file is called where it is saved. */
  readonly file: (request: RouteRequest<Params, Query, Headers, Nothing>) => string
  /** Resolves to undefined where each line is a JSON document. @default that */
  readonly table?: (
    context: RouteContext,
    request: RouteRequest<Params, Query, Headers, Nothing>,
  ) => Promise<LineTable<Line> | undefined>
  /** Of data that leaves: how it is recorded, before the first line is sent. */
  readonly audit?: (request: RouteRequest<Params, Query, Headers, Nothing>) => AuditWords
  handle(
    context: RouteContext,
    request: RouteRequest<Params, Query, Headers, Nothing>,
  ): Promise<AsyncIterable<Line>>
}

/** A route as those who register and describe it see it. */
export interface Route {
  readonly kind: 'json' | 'events' | 'lines'
  readonly method: Method
  readonly path: RoutePath
  readonly role: LeastRole
  readonly summary: string
  readonly params?: Schema
  readonly query?: Schema
  readonly headers?: Schema
  readonly body?: Schema
  /** Of the answer, or of one event or line. */
  readonly response: Schema
  readonly patienceMs?: number
  readonly bodyLimit?: number
  readonly guessable?: true
  readonly costly?: true
  readonly audit?: (request: AnyRequest) => AuditWords | undefined
  readonly file?: (request: AnyRequest) => string
  readonly table?: (context: RouteContext, request: AnyRequest) => Promise<LineTable<unknown> | undefined>
  handle(context: RouteContext, request: AnyRequest): Promise<unknown>
}

export type AnyRequest = RouteRequest<unknown, unknown, unknown, unknown>

/** A route that answers with JSON. */
export function defineRoute<Response, Params = Nothing, Query = Nothing, Headers = Nothing, Body = Nothing>(
  definition: JsonRouteDefinition<Params, Query, Headers, Body, Response>,
): Route {
  // Lists of routes forget what each one reads and answers: only its own handler knows, and it gets what was checked.
  return { ...definition, kind: 'json' } as unknown as Route
}

/** A route that answers with server-sent events. */
export function defineEvents<Event, Params = Nothing, Query = Nothing, Headers = Nothing>(
  definition: EventRouteDefinition<Params, Query, Headers, Event>,
): Route {
  const { event, ...rest } = definition
  return { ...rest, kind: 'events', method: 'GET', response: event } as unknown as Route
}

/** A route that answers with a file of lines (NDJSON, or CSV where it has a table). */
export function defineLines<Line, Params = Nothing, Query = Nothing, Headers = Nothing>(
  definition: LineRouteDefinition<Params, Query, Headers, Line>,
): Route {
  const { line, ...rest } = definition
  return { ...rest, kind: 'lines', method: 'GET', response: line } as unknown as Route
}

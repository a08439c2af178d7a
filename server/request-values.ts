/** What a request says, checked against the schemas of its route. Messages name places, never values. */
import type { Schema } from '../runtime/validation.js'
import { type SchemaProblem, schemaProblems } from '../runtime/validation.js'
import { standalone } from './components.js'
import { RequestInvalid } from './errors.js'
import type { AnyRequest, Route } from './route.js'
import { bytes } from './schema.js'

type Values = Readonly<Record<string, unknown>>

export interface RawRequest {
  readonly params: Values
  readonly query: Values
  readonly headers: Values
  readonly body: unknown
}

/** Deeper than anything that a person writes; whoever walks through a value may call itself for each level. */
const MAX_DEPTH = 100

/** A part of a request that the route says nothing of must be empty. */
const NOTHING: Schema = { type: 'object', additionalProperties: false }

/** @returns reads a request @throws (the function) RequestInvalid */
export function requestReader({ params, query, headers, body }: Route): (raw: RawRequest) => AnyRequest {
  const paramSchema = standalone(params ?? NOTHING)
  const querySchema = standalone(query ?? NOTHING)
  const headerSchema = standalone(headers ?? NOTHING)
  const readBody = bodyReader(body)
  return (raw) => {
    const request = {
      params: coerced(withPath(raw.params), params),
      query: coerced(raw.query, query),
      headers: picked(raw.headers, headers),
      body: readBody(raw.body),
    }
    check('the address', paramSchema, request.params)
    check('the query', querySchema, request.query)
    check('the headers', headerSchema, request.headers)
    return request
  }
}

/** Bytes are not walked through as if they were JSON. */
function bodyReader(body: Schema | undefined): (raw: unknown) => unknown {
  if (body === bytes) {
    return (raw) => {
      if (raw instanceof Uint8Array) return raw
      throw new RequestInvalid(
        'reading the body of the request: it is no bytes; send application/octet-stream',
      )
    }
  }
  const schema = standalone(body ?? NOTHING)
  return (raw) => {
    if (raw instanceof Uint8Array)
      throw new RequestInvalid('reading the body of the request: it is no JSON; send application/json')
    assertShallow(raw)
    if (body === undefined && (raw === undefined || raw === null)) return {}
    check('the body', schema, raw)
    return body === undefined ? {} : raw
  }
}

/** Level by level, so that no depth is too much for it. @throws RequestInvalid */
function assertShallow(body: unknown): void {
  let level: readonly unknown[] = [body]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH)
      throw new RequestInvalid(
        `reading the body of the request: it is nested deeper than ${MAX_DEPTH} levels; write it flatter`,
      )
    level = level.filter(isNested).flatMap((value) => Object.values(value))
  }
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function check(part: string, schema: Schema, value: unknown): void {
  const problems = schemaProblems(schema, value)
  const [first] = problems
  if (first === undefined) return
  const where = pathText(first)
  throw new RequestInvalid(
    `reading ${part} of the request: ${where === '' ? '' : `${where}: `}${first.message}; ${first.remedy}`,
    problems.map((problem) => ({
      path: pathText(problem),
      message: problem.message,
      remedy: problem.remedy,
    })),
  )
}

/** `streams[0].name`. */
function pathText({ path }: SchemaProblem): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  )
}

/** A trailing `*` is called `path`. */
function withPath(params: Values): Values {
  const { '*': path, ...rest } = params
  return path === undefined ? rest : { ...rest, path }
}

function picked(headers: Values, schema: Schema | undefined): Values {
  const names = Object.keys((schema?.properties ?? {}) as object)
  return Object.fromEntries(
    names.filter((name) => headers[name] !== undefined).map((name) => [name, headers[name]]),
  )
}

/** Text becomes what its schema asks for, where it is that. */
function coerced(values: Values, schema: Schema | undefined): Values {
  const properties = (schema?.properties ?? {}) as Readonly<Record<string, Schema>>
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined
      return [name, property === undefined ? value : coerce(value, property)]
    }),
  )
}

function coerce(value: unknown, schema: Schema): unknown {
  if (schema.type === 'array')
    return [value].flat().map((item) => coerce(item, (schema.items ?? {}) as Schema))
  if (typeof value !== 'string') return value
  if (schema.type === 'integer' || schema.type === 'number')
    return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value
  if (schema.type === 'boolean') return value === 'true' ? true : value === 'false' ? false : value
  return value
}

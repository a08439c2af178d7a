/**
 * JSON Schemas of requests and answers, written as values that TypeScript understands: one definition checks what comes in,
 * types the handler, masks what is personal and becomes the OpenAPI description. Objects refuse properties they do not name.
 */
import type { Schema } from '../runtime/validation.js'

declare const VALUE: unique symbol
/** Carries the name of a component; no validator and no document sees it. */
const NAME = Symbol('component')

/** A JSON Schema (draft 2020-12) whose valid values are `Value`s. */
export type TypedSchema<Value> = Schema & { readonly [VALUE]?: Value }

/** What a schema's values are in TypeScript. */
export type ValueOf<S> = S extends { readonly [VALUE]?: infer Value } ? Value : never

type Properties = Readonly<Record<string, TypedSchema<unknown>>>
type ObjectOf<P extends Properties, O extends keyof P> = {
  readonly [K in Exclude<keyof P, O>]: ValueOf<P[K]>
} & { readonly [K in O]?: ValueOf<P[K]> }

/** What stands in place of personal data that the reader may not see. */
export const MASK = '•••'

/** Any text. */
export const text: TypedSchema<string> = { type: 'string' }
/** Text with at least one character, at most 500. */
export const shortText: TypedSchema<string> = { type: 'string', minLength: 1, maxLength: 500 }
export const number: TypedSchema<number> = { type: 'number' }
/** A whole number from 0. */
export const count: TypedSchema<number> = { type: 'integer', minimum: 0 }
export const boolean: TypedSchema<boolean> = { type: 'boolean' }
/** A moment, ISO 8601 with its zone. */
export const moment: TypedSchema<string> = { type: 'string', format: 'date-time' }
/** A body that is no JSON: bytes as they are, `application/octet-stream`. */
export const bytes: TypedSchema<Uint8Array> = { type: 'string', format: 'binary' }
/** Any JSON value: for parts whose shape another schema says (a connector's config). */
export const json: TypedSchema<unknown> = {}

/** @param optional names of properties that may be absent */
export function object<const P extends Properties, const O extends keyof P & string = never>(
  properties: P,
  optional: readonly O[] = [],
): TypedSchema<ObjectOf<P, O>> {
  const required = Object.keys(properties).filter((name) => !(optional as readonly string[]).includes(name))
  return { type: 'object', properties, required, additionalProperties: false }
}

/** An object with any names and values of one kind. */
export function dictionary<S extends TypedSchema<unknown>>(
  values: S,
): TypedSchema<Readonly<Record<string, ValueOf<S>>>> {
  return { type: 'object', additionalProperties: values }
}

export function list<S extends TypedSchema<unknown>>(items: S): TypedSchema<readonly ValueOf<S>[]> {
  return { type: 'array', items }
}

/** One of these texts. */
export function oneOf<const T extends string>(...values: readonly T[]): TypedSchema<T> {
  return { type: 'string', enum: values }
}

export function nullable<S extends TypedSchema<unknown>>(schema: S): TypedSchema<ValueOf<S> | null> {
  return { anyOf: [schema, { type: 'null' }] }
}

/** A value that fits one of the schemas. */
export function either<const S extends readonly TypedSchema<unknown>[]>(
  ...schemas: S
): TypedSchema<ValueOf<S[number]>> {
  return { anyOf: schemas }
}

/** The same with a description or other keywords: `{ description, examples, minimum, … }`. A schema with a name stays that one. */
export function described<S extends TypedSchema<unknown>>(schema: S, keywords: Schema): S {
  if (nameOf(schema) === undefined) return { ...schema, ...keywords }
  // It describes the same values, under another form.
  return { allOf: [schema], ...keywords } as unknown as S
}

/** Personal data: readers without the right get {@link MASK} for it. */
export function personal<S extends TypedSchema<unknown>>(schema: S): TypedSchema<ValueOf<S>> {
  return { anyOf: [schema, { const: MASK }], 'x-personal': true }
}

/** A schema with a name in the API's description, and so in the typed client. Names are unique and in PascalCase. */
export function named<S extends TypedSchema<unknown>>(name: string, schema: S): S {
  return { ...schema, [NAME]: name }
}

/** A schema of `@tributary/schemas`, by the type that was generated from it. */
export function fileSchema<Value>(name: string, schema: Schema): TypedSchema<Value> {
  const { $id: _id, $schema: _dialect, ...rest } = schema
  return { ...rest, [NAME]: name } as TypedSchema<Value>
}

/** The name of a schema, where it has one. */
export function nameOf(schema: object): string | undefined {
  return (schema as { readonly [NAME]?: string })[NAME]
}

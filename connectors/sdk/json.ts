/** JSON values and schemas. */

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined
}

/** A JSON Schema (draft 2020-12 keywords that Ajv knows). */
export type JsonSchema = { readonly [keyword: string]: unknown }

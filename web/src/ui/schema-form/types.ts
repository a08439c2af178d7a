/** The shapes that a form works with. */
import type { RJSFSchema } from '@rjsf/utils'

/** A value of JSON. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject

/** An object of JSON. */
export interface JsonObject {
  readonly [key: string]: Json | undefined
}

/**
 * A JSON Schema, with the additions of connectors' specs: `x-order`, `x-group`, `writeOnly` for secrets, `x-generate` for those
 * that this side chooses, `x-upload` for folders that people fill from their computers.
 */
export type JsonSchema = RJSFSchema

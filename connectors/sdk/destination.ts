/**
 * The contract between a destination and the runtime: the objects that it can write, what of a record they take, and what
 * became of each record. Optional members are capabilities: what a destination lacks it leaves out.
 */
import type { FieldSchema } from '@tributary/schemas'
import type { ConnectorContext } from './contract.js'
import type { JsonObject, JsonSchema } from './json.js'

/**
 * What can be done with a record.
 * - `upsert`: create it, or change the fields that are given; the others stay.
 * - `remove`: take it away, or out of the audience. Of something that is not there: ok.
 * - `append`: an event about it; every one is kept.
 * - `replace`: it is a record of the new whole; when all were written, `finish` puts the new whole in place of the old.
 */
export const Operation = {
  upsert: 'upsert',
  remove: 'remove',
  append: 'append',
  replace: 'replace',
} as const
export type Operation = (typeof Operation)[keyof typeof Operation]

export interface DestinationDefinition<Config> {
  /** JSON Schema of the config: form, CLI prompts, validation and reference come from it. */
  readonly spec: JsonSchema
  /** Proves that the config works, cheaply, and changes nothing. Resolves, or throws a ConnectorError that says what to do. */
  check(context: ConnectorContext<Config>): Promise<void>
  /**
   * Names the account that answers, as people know it: `Acme (12345)`. Asked after a check that went well; undefined where the
   * system does not tell, and what it throws (a scope that the key lacks) is no fault of the config.
   */
  readonly account?: (context: ConnectorContext<Config>) => Promise<string | undefined>
  /** The objects, or how to discover them (a database's tables, a vendor's custom properties). */
  readonly objects:
    | readonly ObjectDefinition<Config>[]
    | ((context: ConnectorContext<Config>) => Promise<readonly ObjectDefinition<Config>[]>)
  /**
   * The same where they follow from the config alone: activations are then checked as they are written, before anything is
   * asked. Secrets are still references in it, and nobody has validated it.
   */
  readonly knownObjects?: (config: Config) => readonly ObjectDefinition<Config>[]
}

export interface ObjectDefinition<Config> {
  /** Unique in the destination, e.g. `contact` or `public.customers`: what `object:` of an activation names. */
  readonly name: string
  /** What people call it. @default its name */
  readonly title?: string
  readonly description?: string
  readonly operations: readonly Operation[]
  /** What it takes. Fields that are not named are refused, unless {@link ObjectDefinition.openFields}. */
  readonly fields: Readonly<Record<string, DestinationField>>
  /** Takes fields of any name (a webhook, a file). @default false */
  readonly openFields?: boolean
  /**
   * Fields, or combinations of fields, by which it finds a record. An activation matches by exactly one of them. Absent,
   * with openFields: by whatever the activation names.
   */
  readonly matchKeys?: readonly (readonly string[])[]
  readonly batch: BatchLimits
  /**
   * What a batch does that arrives twice (a crash came between sending it and noting its answer).
   * - `natural`: the same as once: records are found by their key.
   * - `keyed`: the same as once: the destination knows {@link Batch.idempotencyKey} again.
   * - `none`: it may count twice; the run says so.
   */
  readonly idempotency: 'natural' | 'keyed' | 'none'
  /**
   * What taking back a run means. `inverse`: removes what was added, restores what was changed or removed, where
   * the operations for that exist. `compensate`: a further event says the opposite. `none`: it cannot be taken back.
   */
  readonly undo: 'inverse' | 'compensate' | 'none'
  /**
   * Writes a batch. Answers for every record, in their order; or says which job of the vendor works on it.
   * @throws ConnectorError when nothing can be said of single records: RateLimited{until}, AuthExpired, PermissionDenied,
   * ConfigInvalid, SchemaIncompatible, SourceUnavailable, NetworkError. The batch is then written again, or the run fails.
   */
  write(context: WriteContext<Config>, batch: Batch): Promise<WriteResult>
  /** Asks after a job that {@link ObjectDefinition.write} began. Present where write may answer with one. */
  poll?(context: WriteContext<Config>, batch: Batch, job: JsonObject): Promise<WriteResult>
  /** How long a batch's jobs may take together, milliseconds; then the run fails and says so. @default 24 hours */
  readonly longestJobMs?: number
  /**
   * All batches of a run were written: put a new whole in place, close a file. Idempotent; called again after a crash.
   * Also called for a run of no batches where the operation is `replace`: the whole is then empty.
   */
  finish?(context: WriteContext<Config>, run: RunSummary): Promise<void>
}

/** A field of an object. `required` and types are checked when a plan is made; what does not fit is a reject with its reason. */
export interface DestinationField extends FieldSchema {
  readonly title?: string
  readonly description?: string
  /** A record without it is rejected, for every operation but `remove`. @default false */
  readonly required?: boolean
  /** Holds data about a person that must be masked for those without the right. @default false */
  readonly personal?: boolean
  /** Accepted values, where there are few. */
  readonly oneOf?: readonly string[]
  /** Longest text, characters. */
  readonly maxLength?: number
  /**
   * Makes a value what the vendor documents, before it is hashed, compared and sent; undefined: it cannot be, the record is
   * rejected as `<field> is no valid <title>`. Pure: the same value gives the same text for ever.
   */
  readonly normalize?: (value: string) => string | undefined
  /** Only the hash of the normalised value leaves, and only the hash is kept in plans and logs. */
  readonly hash?: 'sha256_hex'
}

/** The most that one call of `write` takes. */
export interface BatchLimits {
  readonly records: number
  /** Of the records as JSON. @default 4 MiB */
  readonly bytes?: number
  /** How long to expect a call to take, milliseconds: for the plan's estimate. @default 200 */
  readonly expectedMs?: number
}

export interface WriteContext<Config> extends ConnectorContext<Config> {
  readonly activation: string
  /** Id of the run; all its batches bear it. */
  readonly run: string
}

export interface Batch {
  readonly operation: Operation
  /** Not empty, within the limits, each key once. */
  readonly records: readonly DestinationRecord[]
  /** Position in its run, from 0. */
  readonly index: number
  /** The same for every attempt at this batch, different for every other batch. Letters, digits and `-`; under 64 characters. */
  readonly idempotencyKey: string
}

export interface DestinationRecord {
  /** By what the destination finds it: the activation's `match`, normalised and hashed. */
  readonly match: JsonObject
  /** The other mapped fields, normalised and hashed. Null: unset it. Empty for `remove`. */
  readonly fields: JsonObject
  /** `append`: what happened to the person's membership. */
  readonly event?: 'entered' | 'left'
  /** Append of an undo: the run whose event this takes back. */
  readonly compensates?: string
}

export type WriteResult =
  | { readonly results: readonly RecordResult[] }
  /** The vendor works on it; ask again with {@link ObjectDefinition.poll} after this time. The job is JSON under 2 KB without secrets. */
  | { readonly job: JsonObject; readonly pollAfterMs: number }

/** What became of one record. */
export type RecordResult =
  | { readonly status: 'ok' }
  /** The vendor's reason, without the record's values; it is tried again with the next run. */
  | { readonly status: 'rejected'; readonly reason: string; readonly code?: string }
  /** Not now: write this one again, after this time. */
  | { readonly status: 'retry'; readonly reason: string; readonly afterMs?: number }

export interface RunSummary {
  readonly operation: Operation
  readonly batches: number
  readonly records: number
  /** Letters, digits and `-`; the same for every attempt to finish this run. */
  readonly idempotencyKey: string
}

export const OK: RecordResult = { status: 'ok' }

export function rejected(reason: string, code?: string): RecordResult {
  return { status: 'rejected', reason, ...(code !== undefined && { code }) }
}

/** Declares a destination. Identity at run time; it fixes the config type for its objects. */
export function defineDestination<Config>(
  destination: DestinationDefinition<Config>,
): DestinationDefinition<Config> {
  return destination
}

/** Declares an object of a destination. Identity at run time. */
export function defineObject<Config>(object: ObjectDefinition<Config>): ObjectDefinition<Config> {
  return object
}

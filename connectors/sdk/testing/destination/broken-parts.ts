/** How a destination without faults gets one: the parts that its broken variants are made of. */
import { type Batch, type DestinationDefinition, type ObjectDefinition, OK } from '../../destination.js'
import { ConnectorError } from '../../errors.js'
import type { JsonObject, JsonValue } from '../../json.js'
import { type Config, contact, good } from './suite-destination.js'

/** Variant → the destination, and a part of the name of a test that must fail; null: all must pass. */
export type Variants<C = Config> = Readonly<
  Record<string, readonly [DestinationDefinition<C>, string | null]>
>

type Object = ObjectDefinition<Config>
type Write = Object['write']

export const withObject = (object: Object, change: Partial<Object>): DestinationDefinition<Config> => ({
  ...good,
  objects: [{ ...object, ...change }],
})

/** Contacts that are written by `write`. */
export const contacts = (write: Write): DestinationDefinition<Config> => withObject(contact, { write })

/** Contacts whose batch is changed before it is written. */
export const sent = (change: (batch: Batch) => Batch): DestinationDefinition<Config> =>
  contacts((context, batch) => contact.write(context, change(batch)))

/** Contacts whose fields are changed before they are written. */
export const sentFields = (change: (fields: JsonObject) => JsonObject): DestinationDefinition<Config> =>
  sent((batch) => ({
    ...batch,
    records: batch.records.map((record) => ({ ...record, fields: change(record.fields) })),
  }))

/** Contacts whose failure becomes something else. */
export const failed = (
  otherwise: (error: unknown, ...given: Parameters<Write>) => ReturnType<Write>,
): DestinationDefinition<Config> =>
  contacts((context, batch) =>
    contact.write(context, batch).catch((error: unknown) => otherwise(error, context, batch)),
  )

export const withoutUnknown = (batch: Batch): Batch => ({
  ...batch,
  records: batch.records.map((record) => ({
    ...record,
    fields: Object.fromEntries(Object.entries(record.fields).filter(([name]) => name in contact.fields)),
  })),
})

export const allOk = ({ records }: Batch) => ({ results: records.map(() => OK) })

export const isOnly = (error: unknown, kind: string): boolean =>
  error instanceof ConnectorError && error.kind === kind

export const changeTexts =
  (change: (text: string) => JsonValue) =>
  (fields: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        typeof value === 'string' ? change(value) : value,
      ]),
    )

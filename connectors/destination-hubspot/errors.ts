/**
 * What HubSpot's error bodies mean. All of their fields are optional
 * (https://developers.hubspot.com/docs/api-reference/error-handling), and their messages repeat values of records: reasons
 * are made from codes and property names alone.
 */
import { ConnectorError } from '@tributary/connector-sdk'

/** An error of a whole answer, or of one input in a batch. */
export interface HubspotError {
  readonly category?: string
  readonly message?: string
  readonly context?: Readonly<Record<string, readonly string[] | undefined>>
  readonly errors?: readonly HubspotErrorDetail[]
  readonly policyName?: string
  readonly correlationId?: string
}

interface HubspotErrorDetail {
  readonly message?: string
  readonly code?: string
  readonly in?: string
  readonly context?: Readonly<Record<string, readonly string[] | undefined>>
}

/** A thing that is wrong with a property of a record. */
export interface PropertyProblem {
  readonly code: string
  readonly property: string | undefined
}

/** Codes that concern the property and not the value: every record with it fails alike. */
const SCHEMA_CODES = new Set(['PROPERTY_DOESNT_EXIST', 'READ_ONLY_VALUE'])

const WORDS: Readonly<Record<string, string>> = {
  PROPERTY_DOESNT_EXIST: 'does not exist in HubSpot',
  READ_ONLY_VALUE: 'is read-only in HubSpot',
  INVALID_EMAIL: 'is no valid e-mail address',
  INVALID_OPTION: 'is none of the options of the property',
  INVALID_INTEGER: 'is no valid number',
  INVALID_DATE: 'is no valid date',
  CONFLICTING_UNIQUE_VALUE: 'belongs to another record already',
}

export function asError(body: unknown): HubspotError {
  return typeof body === 'object' && body !== null ? (body as HubspotError) : {}
}

/** The problems with properties that an error names, in its details or as the JSON inside its message. */
export function propertyProblems(error: HubspotError): readonly PropertyProblem[] {
  const details = (error.errors ?? []).flatMap(({ code, context, in: where }) => {
    const property = context?.propertyName?.[0] ?? where
    return isCode(code) ? [{ code, property: nameOf(property) }] : []
  })
  return details.length > 0 ? details : problemsOfMessage(error.message ?? '')
}

/** Why HubSpot refuses a record, in words without its values, and the code. */
export function refusal(error: HubspotError): { readonly reason: string; readonly code?: string } {
  const [first] = propertyProblems(error)
  if (first) return { reason: problemText(first), code: first.code }
  const code = isCode(error.category) ? error.category : undefined
  if (code === 'OBJECT_NOT_FOUND') return { reason: 'HubSpot has no such record', code }
  if (code === undefined) return { reason: 'HubSpot refuses the record and does not say why' }
  return { reason: `HubSpot refuses the record: ${code.toLowerCase().replaceAll('_', ' ')}`, code }
}

/** True where an input failed for a reason that passes. */
export function isTransient({ category }: HubspotError): boolean {
  return category !== undefined && /RATE_LIMIT|INTERNAL|TIMEOUT|UNAVAILABLE|LOCKED/.test(category)
}

/** Throws SchemaIncompatible where an error says that the object, or a property of it, is no longer what it was. */
export function assertSchemaFits(error: HubspotError, object: string): void {
  const problem = propertyProblems(error).find(({ code }) => SCHEMA_CODES.has(code))
  const what = problem
    ? problemText(problem)
    : /^Unable to infer object type/.test(error.message ?? '')
      ? 'the object does not exist in HubSpot'
      : undefined
  if (what === undefined) return
  throw new ConnectorError(
    'SchemaIncompatible',
    `writing ${object}: ${what}; discover the destination again and correct the activation`,
    problem ? { code: problem.code } : {},
  )
}

function problemText({ code, property = 'a property' }: PropertyProblem): string {
  return `${property} ${WORDS[code] ?? `is refused by HubSpot (${code.toLowerCase().replaceAll('_', ' ')})`}`
}

/** `Property values were not valid: [{"isValid":false,"error":"INVALID_EMAIL","name":"email",…}]` */
function problemsOfMessage(message: string): readonly PropertyProblem[] {
  const [, json] = /: (\[\{.*\}\])$/s.exec(message) ?? []
  if (json === undefined) return []
  try {
    const listed = JSON.parse(json) as readonly { error?: unknown; name?: unknown }[]
    return listed.flatMap(({ error, name }) =>
      isCode(error) ? [{ code: error, property: nameOf(name) }] : [],
    )
  } catch {
    return []
  }
}

function isCode(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Z][A-Z0-9_]{1,80}$/.test(value)
}

/** Only what can be a property's name: other text might be a value. */
function nameOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[a-z][a-z0-9_]{0,120}$/.test(value) ? value : undefined
}

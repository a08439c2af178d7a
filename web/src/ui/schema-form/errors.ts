/** What is wrong in a form, in words for whoever fills it in. */
import { type OutputUnit, Validator } from '@cfworker/json-schema'
import type { RJSFValidationError } from '@rjsf/utils'
import { groupBy } from '../group-by.js'
import type { JsonSchema } from './types.js'

/** Keywords whose own error only says that something below them is wrong. */
const AROUND = new Set([
  'properties',
  'patternProperties',
  'items',
  'prefixItems',
  // Its place is that of the value: the error around it, of the keyword, tells the same.
  'false',
  'allOf',
  'if',
  'then',
  'else',
  '$ref',
  'dependentSchemas',
])

/** Data as it would be kept: what was left empty is not there. The check knows only what JSON knows. */
export function asJson(data: unknown): unknown {
  return data === undefined ? null : JSON.parse(JSON.stringify(data))
}

/** Every mistake with the field that it is of; none where all is well. */
export function findErrors(schema: JsonSchema, data: unknown): RJSFValidationError[] {
  const { errors } = new Validator(schema as object, '2020-12', false).validate(asJson(data ?? {}))
  const own = errors.filter((error) => !AROUND.has(error.keyword) && !isAroundUnknown(schema, error))
  return ofLikelyChoices(own).map((error) => toFormError(schema, error))
}

/** True for what is wrong below a key that is not named: only where none may be there is it a mistake of its own. */
function isAroundUnknown(schema: JsonSchema, { keyword, keywordLocation }: OutputUnit): boolean {
  return keyword === 'additionalProperties' && at(schema, pointer(keywordLocation)) !== false
}

/**
 * Of each choice, only the mistakes of the option that was meant: the one whose constant fits and that knows the keys.
 * Where that cannot be told, only that something is missing.
 */
function ofLikelyChoices(errors: readonly OutputUnit[]): readonly OutputUnit[] {
  const choices = errors.filter(({ keyword }) => keyword === 'oneOf' || keyword === 'anyOf')
  // The innermost first: what is left of it counts in the choice around it.
  const inward = choices.toSorted((a, b) => b.keywordLocation.length - a.keywordLocation.length)
  let left = errors
  for (const choice of inward) {
    const isInside = ({ keywordLocation }: OutputUnit) =>
      keywordLocation.startsWith(`${choice.keywordLocation}/`)
    const options = groupBy(left.filter(isInside), ({ keywordLocation }) =>
      keywordLocation
        .slice(choice.keywordLocation.length + 1)
        .split('/', 1)
        .join(),
    )
    const ranked = [...options.values()].toSorted((a, b) => strangeness(a) - strangeness(b))
    const [best, second] = ranked
    const clear = best !== undefined && (second === undefined || strangeness(best) < strangeness(second))
    left = left.filter((error) => !isInside(error) && error !== choice).concat(clear ? best : [choice])
  }
  return left
}

/** How little the data is like an option: a wrong constant or kind more than a missing or unknown key. */
function strangeness(errors: readonly OutputUnit[]): number {
  return errors.reduce(
    (sum, { keyword }) =>
      sum + (keyword === 'const' || keyword === 'type' ? 100 : keyword === 'additionalProperties' ? 10 : 1),
    0,
  )
}

function toFormError(schema: JsonSchema, unit: OutputUnit): RJSFValidationError {
  const named =
    unit.keyword === 'required' || unit.keyword === 'additionalProperties'
      ? /[Pp]roperty "([^"]+)"/.exec(unit.error)?.[1]
      : undefined
  const path = pointer(unit.instanceLocation)
  const message = wordsOf(schema, unit)
  const property = [...path, ...(named === undefined ? [] : [named])].map((key) => `.${key}`).join('')
  return { name: unit.keyword, property, message, stack: message }
}

function wordsOf(schema: JsonSchema, { keyword, keywordLocation, error }: OutputUnit): string {
  const steps = pointer(keywordLocation)
  const limit = at(schema, steps)
  const around = at(schema, steps.slice(0, -1))
  const example: unknown = isRecord(around) && Array.isArray(around.examples) ? around.examples[0] : undefined
  switch (keyword) {
    case 'required':
      return 'Fill this in.'
    case 'minLength':
      return limit === 1 ? 'Fill this in.' : `At least ${limit} characters.`
    case 'maxLength':
      return `At most ${limit} characters.`
    case 'minimum':
      return `${limit} or more.`
    case 'exclusiveMinimum':
      return `More than ${limit}.`
    case 'maximum':
      return `${limit} or less.`
    case 'exclusiveMaximum':
      return `Less than ${limit}.`
    case 'minItems':
      return limit === 1 ? 'Add at least one.' : `Add at least ${limit}.`
    case 'maxItems':
      return `At most ${limit}.`
    case 'uniqueItems':
      return 'Each only once.'
    case 'pattern':
    case 'format':
      return typeof example === 'string'
        ? `It should look like ${example}`
        : 'It does not have the right form.'
    case 'enum':
      return Array.isArray(limit) ? `One of ${limit.join(', ')}.` : 'Choose one of the list.'
    case 'type':
      return `It should be ${kindInWords(limit)}.`
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return 'This is not known here; take it out.'
    case 'oneOf':
    case 'anyOf':
      return 'Choose one, and fill in what it needs.'
    default:
      return error
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'yes or no',
  array: 'a list',
  object: 'a group of values',
  null: 'empty',
}

function kindInWords(type: unknown): string {
  const types = Array.isArray(type) ? type : [type]
  return types.map((each) => KINDS[String(each)] ?? String(each)).join(' or ')
}

/** The steps of a JSON pointer in a fragment (RFC 6901, 6: https://www.rfc-editor.org/rfc/rfc6901#section-6). */
function pointer(text: string): readonly string[] {
  return text
    .split('/')
    .slice(1)
    .map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'))
}

function at(value: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>(
    (held, step) => (Array.isArray(held) ? held[Number(step)] : isRecord(held) ? held[step] : undefined),
    value,
  )
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

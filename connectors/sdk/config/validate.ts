/** Checks a config against a connector's spec and says in words what is wrong with it. No value is ever printed. */
import { nearestName } from '@tributary/schemas'
import type { ErrorObject, ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { ConnectorError, ConnectorErrorKind } from '../errors.js'
import type { JsonSchema } from '../json.js'
import { alternativesOf, asSchema, chosenAlternative, conjunctsOf, propertiesOf } from './schema-walk.js'

const compiled = new WeakMap<JsonSchema, ValidateFunction>()

/**
 * A copy of the config with the spec's defaults applied, also in the chosen alternative of a `oneOf`.
 * @throws ConnectorError ConfigInvalid with one line for each problem: its path and what to do.
 */
export function validateConfig<Config = Record<string, unknown>>(spec: JsonSchema, config: unknown): Config {
  const filled = withDefaults(spec, structuredClone(config))
  const unknown = unknownKeys(spec, filled, 'config')
  const validate = compile(spec)
  const problems = [
    ...unknown,
    ...(validate(filled) ? [] : describeErrors(validate.errors ?? [], unknown.length > 0)),
  ]
  if (problems.length === 0) return filled as Config
  throw new ConnectorError(
    ConnectorErrorKind.ConfigInvalid,
    `checking the config: ${[...new Set(problems)].join('; ')}; correct the config`,
  )
}

function compile(spec: JsonSchema): ValidateFunction {
  let validate = compiled.get(spec)
  if (!validate) {
    const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: true, addUsedSchema: false })
    addFormats.default(ajv)
    // Specs of earlier drafts are read as the newest one, whose keywords include theirs.
    const { $schema: _dialect, ...dialectless } = spec
    validate = ajv.compile(dialectless)
    compiled.set(spec, validate)
  }
  return validate
}

/** Ajv applies no defaults inside alternatives; a discriminated union has one that its constants choose. */
function withDefaults(schema: JsonSchema, value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = asSchema(schema.items)
    return items ? value.map((item) => withDefaults(items, item)) : value
  }
  if (typeof value !== 'object' || value === null) return value
  const filled = value as Record<string, unknown>
  const chosen = chosenAlternative(schema, filled)
  for (const part of [...conjunctsOf(schema), ...(chosen ? conjunctsOf(chosen) : [])]) {
    for (const [key, property] of propertiesOf(part)) {
      if (!Object.hasOwn(filled, key) && property.default !== undefined) {
        filled[key] = structuredClone(property.default)
      }
      if (Object.hasOwn(filled, key)) filled[key] = withDefaults(property, filled[key])
    }
  }
  return filled
}

function unknownKeys(schema: JsonSchema, value: unknown, path: string): string[] {
  if (Array.isArray(value)) {
    const items = asSchema(schema.items)
    return items ? value.flatMap((item, index) => unknownKeys(items, item, `${path}[${index}]`)) : []
  }
  if (typeof value !== 'object' || value === null) return []
  const chosen = chosenAlternative(schema, value)
  const alternatives = chosen ? [chosen] : alternativesOf(schema)
  const parts = [schema, ...alternatives].flatMap(conjunctsOf)
  const known = new Map(parts.flatMap(propertiesOf))
  const open =
    known.size === 0 || parts.some((part) => part.patternProperties || isOpen(part.additionalProperties))
  return Object.entries(value).flatMap(([key, item]) => {
    const property = known.get(key)
    if (property) return unknownKeys(property, item, `${path}.${key}`)
    if (open) return []
    const nearest = nearestName(key, known.keys())
    const remedy = nearest ? `did you mean ${nearest}?` : `known keys are ${[...known.keys()].join(', ')}`
    return [`${path}.${key}: unknown key, ${remedy}`]
  })
}

function isOpen(additionalProperties: unknown): boolean {
  return additionalProperties === true || asSchema(additionalProperties) !== undefined
}

/** Of a failed union only the chosen alternative's errors are of use, or the list of choices. */
function describeErrors(errors: readonly ErrorObject[], unknownReported: boolean): string[] {
  const unions = errors.filter(({ keyword }) => keyword === 'oneOf' || keyword === 'anyOf')
  const dropped = new Set<ErrorObject>()
  const extra: string[] = []
  for (const union of unions) {
    const below = errors.filter(({ schemaPath }) => schemaPath.startsWith(`${union.schemaPath}/`))
    const branches = groupBy(
      below,
      ({ schemaPath }) => schemaPath.slice(union.schemaPath.length + 1).split('/')[0]!,
    )
    const chosen = [...branches.values()].find((branch) => !branch.some(({ keyword }) => keyword === 'const'))
    for (const error of below) if (!chosen?.includes(error)) dropped.add(error)
    if (chosen) dropped.add(union)
    const constants = below.filter(({ keyword }) => keyword === 'const')
    if (!chosen && constants.length > 0) {
      dropped.add(union)
      const choices = constants.map(({ params }) => JSON.stringify(params.allowedValue))
      extra.push(`${pathOf(constants[0]!)}: must be one of ${[...new Set(choices)].join(', ')}`)
    }
  }
  return [
    ...extra,
    ...errors
      .filter((error) => !dropped.has(error))
      .filter(({ keyword }) => !(unknownReported && /^(additional|unevaluated)Properties$/.test(keyword)))
      .map(describeError),
  ]
}

function describeError(error: ErrorObject): string {
  const path = pathOf(error)
  switch (error.keyword) {
    case 'required':
      return `${path}.${String(error.params.missingProperty)}: is missing`
    case 'enum':
      return `${path}: must be one of ${(error.params.allowedValues as unknown[]).map((value) => JSON.stringify(value)).join(', ')}`
    case 'const':
      return `${path}: must be ${JSON.stringify(error.params.allowedValue)}`
    case 'additionalProperties':
      return `${path}.${String(error.params.additionalProperty)}: unknown key`
    default:
      return `${path}: ${error.message ?? 'is not valid'}`
  }
}

function pathOf(error: ErrorObject): string {
  const parts = error.instancePath.split('/').slice(1)
  return parts.reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : `${path}.${part}`), 'config')
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}

/**
 * Validation against JSON Schemas, with messages for people: what is wrong, where, and what to do. A schema is compiled
 * once. No message contains a value of the document, which may hold secrets; cron expressions are the one exception.
 */
import { DURATION_PATTERN, nearestName, parseCron } from '@tributary/schemas'
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import formatsPlugin from 'ajv-formats'
import { RE2JS } from 're2js'

/** A JSON Schema (draft 2020-12). */
export type Schema = Readonly<Record<string, unknown>>

export interface SchemaProblem {
  /** Keys and indexes from the document's root. */
  readonly path: readonly (string | number)[]
  /** True: the key at the end of the path is at fault, not its value. */
  readonly onKey: boolean
  readonly message: string
  readonly remedy: string
}

/** More problems of one document help nobody. */
const MAX_PROBLEMS = 100

const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: false })
formatsPlugin.default(ajv)
ajv.addFormat('duration-text', DURATION_PATTERN)
ajv.addFormat('time-zone', { type: 'string', validate: isTimeZone })
ajv.addFormat('moment', { type: 'string', validate: isMoment })
ajv.addFormat('re2', { type: 'string', validate: isPattern })
ajv.addFormat('cron', { type: 'string', validate: (text: string) => cronProblem(text) === undefined })

const compiled = new WeakMap<Schema, ValidateFunction>()

/** Every problem of a value, in the document's order of keywords; empty when it is valid. */
export function schemaProblems(schema: Schema, value: unknown): readonly SchemaProblem[] {
  return problemsUnder(schema, schema, value, [])
}

/** True when the text names a time zone of the IANA database. */
export function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return !/^[+-]/.test(text)
  } catch {
    return false
  }
}

const MOMENT =
  /^\d{4}-\d{2}-\d{2}([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)?)?$/

/** True for an ISO 8601 date, alone or with a time of day. */
function isMoment(text: string): boolean {
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`)
  return MOMENT.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text.slice(0, 10))
}

/** True for a regular expression that ClickHouse takes. */
function isPattern(text: string): boolean {
  try {
    RE2JS.compile(text)
    return true
  } catch {
    return false
  }
}

function compile(schema: Schema): ValidateFunction {
  let validate = compiled.get(schema)
  if (!validate) {
    // Ids would collide when a branch of a union is compiled beside its root.
    const { $id: _id, $schema: _dialect, ...anonymous } = schema
    validate = ajv.compile(anonymous)
    compiled.set(schema, validate)
  }
  return validate
}

function problemsUnder(
  root: Schema,
  schema: Schema,
  value: unknown,
  prefix: SchemaProblem['path'],
): readonly SchemaProblem[] {
  const validate = compile(schema)
  if (validate(value)) return []
  const errors = validate.errors ?? []
  // A union's error follows those of its branches: what stands under its path, or before it at the same path, is theirs.
  const unions = new Map<string, number>()
  for (const [index, error] of errors.entries()) if (isUnion(error)) unions.set(error.instancePath, index)
  const isOfBranch = ({ instancePath }: ErrorObject, index: number) =>
    index < (unions.get(instancePath) ?? 0) || ancestors(instancePath).some((path) => unions.has(path))
  const outer = errors.filter((error, index) => !isOfBranch(error, index)).slice(0, MAX_PROBLEMS)
  const problems = outer.flatMap((error) =>
    isUnion(error) ? unionProblems(root, error, prefix) : [describe(error, prefix)],
  )
  return unique(problems)
}

/** The paths above a JSON pointer. */
function ancestors(path: string): readonly string[] {
  const parts = path.split('/')
  return parts.slice(1).map((_part, index) => parts.slice(0, index + 1).join('/'))
}

function isUnion(error: ErrorObject): boolean {
  return error.keyword === 'oneOf' || error.keyword === 'anyOf'
}

/** The problems of the branch that was most likely meant, instead of those of every branch. */
function unionProblems(
  root: Schema,
  error: ErrorObject,
  prefix: SchemaProblem['path'],
): readonly SchemaProblem[] {
  const path = [...prefix, ...pointer(error.instancePath)]
  const branches = (error.schema as readonly Schema[]).map((branch) => branchOf(root, branch))
  const scores = branches.map((branch) => likeness(branch, error.data))
  const best = Math.max(...scores)
  const chosen = best > 0 ? branches[scores.indexOf(best)] : undefined
  const problems = chosen ? problemsUnder(root, chosen, error.data, path) : []
  if (problems.length > 0) return problems
  const names = branches.map(branchName)
  const title = String((error.parentSchema as Schema)?.title ?? 'value').toLowerCase()
  return [
    { path, onKey: false, message: `is not a valid ${title}`, remedy: `write one of: ${names.join(', ')}` },
  ]
}

/** Branches are compiled on their own, so they are built once per root and carry its definitions. */
const branchCache = new WeakMap<Schema, Map<Schema, Schema>>()

function branchOf(root: Schema, branch: Schema): Schema {
  const perRoot = branchCache.get(root) ?? new Map<Schema, Schema>()
  branchCache.set(root, perRoot)
  const known = perRoot.get(branch)
  if (known) return known
  const definitions = root.$defs as Readonly<Record<string, Schema>> | undefined
  const reference = typeof branch.$ref === 'string' ? branch.$ref.replace('#/$defs/', '') : undefined
  const resolved =
    reference === undefined ? branch : { ...definitions?.[reference], ...branch, $ref: undefined }
  const { $ref: _reference, ...plain } = resolved
  const complete: Schema = { ...plain, $defs: definitions ?? {} }
  perRoot.set(branch, complete)
  return complete
}

function likeness(branch: Schema, value: unknown): number {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isObject) return 'const' in branch || 'properties' in branch ? 0 : 1
  const properties = Object.keys((branch.properties as Schema | undefined) ?? {})
  const required = (branch.required as readonly string[] | undefined) ?? []
  const keys = Object.keys(value)
  return (
    keys.filter((key) => required.includes(key)).length * 100 +
    keys.filter((key) => properties.includes(key)).length
  )
}

function branchName(branch: Schema): string {
  if ('const' in branch) return String(branch.const)
  const required = (branch.required as readonly string[] | undefined) ?? []
  return required.length > 0
    ? `{ ${required.join(', ')}: … }`
    : String(branch.title ?? branch.type ?? 'value')
}

function pointer(text: string): (string | number)[] {
  return text
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^(0|[1-9][0-9]*)$/.test(part) ? Number(part) : part))
}

function describe(error: ErrorObject, prefix: SchemaProblem['path']): SchemaProblem {
  const path = [...prefix, ...pointer(error.instancePath)]
  const schema = (error.parentSchema ?? {}) as Schema
  const example = (schema.examples as readonly unknown[] | undefined)?.[0]
  const hint = example === undefined ? 'see the description of this key' : `e.g. ${JSON.stringify(example)}`
  const problem = (message: string, remedy = hint): SchemaProblem => ({ path, onKey: false, message, remedy })
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params.additionalProperty)
      const known = Object.keys((schema.properties as Schema | undefined) ?? {})
      const meant = nearestName(key, known)
      return {
        path: [...path, key],
        onKey: true,
        message: 'unknown key',
        remedy: meant ? `did you mean ${meant}?` : `known keys: ${known.join(', ')}`,
      }
    }
    case 'required': {
      const key = String(error.params.missingProperty)
      const property = (schema.properties as Readonly<Record<string, Schema>> | undefined)?.[key]
      const about = property?.description ?? property?.title
      return {
        path,
        onKey: false,
        message: `missing key ${key}`,
        remedy: `add ${key}${about ? ` (${about})` : ''}`,
      }
    }
    case 'enum':
      return problem('unknown value', `write one of: ${(error.params.allowedValues as unknown[]).join(', ')}`)
    case 'const':
      return problem('unknown value', `write ${JSON.stringify(error.params.allowedValue)}`)
    case 'type':
      return problem(`must be ${[error.params.type].flat().map(typeName).join(' or ')}`)
    case 'format':
      return problem(...formatProblem(String(error.params.format), error.data, hint))
    case 'pattern':
      return problem(`is not a valid ${String(schema.title ?? 'text').toLowerCase()}`)
    case 'minLength':
      return problem(lengthProblem(error.params.limit, 'characters'))
    case 'minItems':
      return problem(lengthProblem(error.params.limit, 'entries'))
    case 'minProperties':
    case 'maxProperties':
      return problem(...keyCountProblem(error, schema, hint))
    default:
      return problem(error.message ?? 'is not valid')
  }
}

function typeName(type: unknown): string {
  const names: Readonly<Record<string, string>> = {
    object: 'a mapping of keys',
    array: 'a list',
    string: 'text',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
  }
  return names[String(type)] ?? String(type)
}

function lengthProblem(limit: number, what: string): string {
  return limit === 1 ? 'must not be empty' : `must have at least ${limit} ${what}`
}

function keyCountProblem(
  error: ErrorObject,
  schema: Schema,
  hint: string,
): [message: string, remedy: string] {
  const { limit } = error.params
  if (schema.minProperties === schema.maxProperties) {
    const about = limit === 2 ? ': a field and one operator' : ''
    return [`must have exactly ${limit} ${limit === 1 ? 'key' : 'keys'}${about}`, hint]
  }
  const words = error.keyword === 'minProperties' ? 'at least' : 'at most'
  if (limit === 1) return [`must have ${words} one key`, hint]
  return [`must have ${words} ${limit} keys, one of them an operator`, hint]
}

function formatProblem(format: string, value: unknown, hint: string): [message: string, remedy: string] {
  if (format === 'cron') return [`is not a cron expression: ${cronProblem(String(value))}`, hint]
  if (format === 'duration-text')
    return ['is not a duration', 'write a whole number and s, m, h, d or y, e.g. 15m']
  if (format === 'time-zone') return ['is not a known time zone', 'write an IANA name, e.g. Europe/Paris']
  if (format === 'moment')
    return ['is not a time', 'write an ISO date, or date and time, e.g. 2026-01-31 or 2026-01-31T18:00:00Z']
  if (format === 're2') return ['is not a regular expression (RE2)', hint]
  return [`is not a valid ${format}`, hint]
}

function cronProblem(text: string): string | undefined {
  try {
    parseCron(text)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

function unique(problems: readonly SchemaProblem[]): readonly SchemaProblem[] {
  const seen = new Map(problems.map((problem) => [JSON.stringify(problem), problem]))
  return [...seen.values()]
}

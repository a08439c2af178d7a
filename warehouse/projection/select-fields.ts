/** Which fields of a stream are kept and what their columns are called, by the settings that a person wrote. */
import { isReservedName } from '../types/reserved-names.js'
import type { Problem } from './problem.js'

/** `fields` of a stream in a source file. Names may hold `*` for any text, in `include` and `exclude`. */
export interface FieldSelection {
  /** @default ['*'] */
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
  /** Field to column name. */
  readonly rename?: Readonly<Record<string, string>>
  /** Fields of which only the SHA-256 is kept. */
  readonly hash?: readonly string[]
}

export interface KeptField {
  readonly field: string
  readonly name: string
  readonly hashed: boolean
}

interface SelectionInput {
  readonly names: readonly string[]
  readonly fields: FieldSelection
  readonly keys: readonly string[]
  readonly cursorField?: string
  /** Names that match nothing are passed over. */
  readonly shared?: boolean
}

/**
 * Selects fields in the schema's order. A name that matches nothing is a problem, because a typo must not leak a field,
 * unless the settings are shared by several streams.
 */
export function selectFields(input: SelectionInput): { kept: KeptField[]; problems: Problem[] } {
  const { fields, names } = input
  const included = matcher(fields.include ?? ['*'])
  const excluded = matcher(fields.exclude ?? [])
  const hashed = new Set(fields.hash)
  const rename = new Map(Object.entries(fields.rename ?? {}))
  const kept = names
    .filter((name) => included(name) && !excluded(name))
    .map((field) => ({ field, name: rename.get(field) ?? field, hashed: hashed.has(field) }))
  return { kept, problems: findProblems(input, kept) }
}

function findProblems(input: SelectionInput, kept: readonly KeptField[]): Problem[] {
  return [...unknownNames(input), ...missingKeys(input, kept), ...badNames(kept)]
}

function unknownNames({ names, fields, shared }: SelectionInput): Problem[] {
  if (shared) return []
  const named: [string, string][] = [
    ...(fields.include ?? []).map((name, at): [string, string] => [`fields.include.${at}`, name]),
    ...(fields.exclude ?? []).map((name, at): [string, string] => [`fields.exclude.${at}`, name]),
    ...Object.keys(fields.rename ?? {}).map((name): [string, string] => [`fields.rename.${name}`, name]),
    ...(fields.hash ?? []).map((name, at): [string, string] => [`fields.hash.${at}`, name]),
  ]
  return named
    .filter(
      ([path, name]) => !names.includes(name) && !(name.includes('*') && /^fields\.(in|ex)clude/.test(path)),
    )
    .map(([path, name]) => ({
      path,
      message: `the stream has no field ${name}`,
      remedy: 'correct or remove it',
    }))
}

function missingKeys(
  { names, keys, cursorField, fields }: SelectionInput,
  kept: readonly KeptField[],
): Problem[] {
  const problems: Problem[] = []
  const roles: [string, string, string][] = keys.map((key) => ['primary_key', 'the primary key', key])
  if (cursorField !== undefined) roles.push(['cursor_field', 'the cursor', cursorField])
  for (const [path, role, name] of roles) {
    if (!names.includes(name)) {
      problems.push({ path, message: `the stream has no field ${name}`, remedy: 'name one of its fields' })
    } else if (!kept.some(({ field }) => field === name)) {
      const message = `${name} is ${role} and cannot be left out`
      problems.push({ path: 'fields', message, remedy: 'keep it; a key that must not be seen can be hashed' })
    }
  }
  if (cursorField !== undefined && fields.hash?.includes(cursorField)) {
    const path = `fields.hash.${fields.hash.indexOf(cursorField)}`
    const message = `${cursorField} is the cursor, and a hash has no order`
    problems.push({ path, message, remedy: 'keep it as it is or choose another cursor' })
  }
  return problems
}

function badNames(kept: readonly KeptField[]): Problem[] {
  if (kept.length === 0) {
    return [{ path: 'fields', message: 'no field is left', remedy: 'include at least one' }]
  }
  const problems: Problem[] = []
  const owners = new Map<string, string>()
  for (const { field, name } of kept) {
    const owner = owners.get(name)
    owners.set(name, field)
    const message = faultOfName(name) ?? (owner && `${owner} and ${field} would both be ${name}`)
    if (message) problems.push({ path: `fields.rename.${field}`, message, remedy: 'give it another name' })
  }
  return problems
}

function faultOfName(name: string): string | undefined {
  if (name === '' || name.includes('\0')) return 'a column needs a name without NUL'
  return isReservedName(name) ? `${name} is a column that the warehouse adds itself` : undefined
}

function matcher(patterns: readonly string[]): (name: string) => boolean {
  const expressions = patterns.map((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    return new RegExp(`^${parts.join('.*')}$`, 's')
  })
  return (name) => expressions.some((expression) => expression.test(name))
}

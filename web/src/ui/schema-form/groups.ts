/** The groups of a form's fields, by `x-group`. */
import { groupBy } from '../group-by.js'
import { isSchema } from './prepare.js'
import type { JsonSchema } from './types.js'

/** Fields that belong together. */
export interface FieldGroup<F> {
  /** Undefined for fields without a group; they come first. */
  readonly name: string | undefined
  readonly title: string
  /** True where it starts out closed. */
  readonly folded: boolean
  readonly members: readonly F[]
}

/** Groups that most people leave as they are. */
const SELDOM = new Set(['advanced', 'security', 'tuning'])

/**
 * Fields in their groups, in the order in which each group comes first. A seldom used group is folded, unless it must be
 * filled in or holds a mistake.
 */
export function groupsOf<F extends { readonly name: string }>(
  schema: JsonSchema,
  fields: readonly F[],
  mistaken: readonly string[],
): readonly FieldGroup<F>[] {
  const groups = groupBy(fields, ({ name }) => groupOf(schema, name))
  const rank = (name: string | undefined) => (name === undefined ? 0 : 1 + seldom(name))
  // As pairs: sorting by itself puts what is undefined last.
  const names = [...groups.keys()]
    .map((name) => ({ name }))
    .toSorted((a, b) => rank(a.name) - rank(b.name))
    .map(({ name }) => name)
  // One group alone needs no heading.
  const single = names.length === 1 && names[0] !== undefined && !SELDOM.has(names[0])
  return names.map((name) => {
    const members = groups.get(name) ?? []
    const open = members.some(
      (field) => schema.required?.includes(field.name) || mistaken.includes(field.name),
    )
    return {
      name: single ? undefined : name,
      title: titleOf(name ?? ''),
      folded: seldom(name) === 1 && !open,
      members,
    }
  })
}

function groupOf(schema: JsonSchema, name: string): string | undefined {
  const property = schema.properties?.[name]
  const group: unknown = isSchema(property) ? property['x-group'] : undefined
  return typeof group === 'string' ? group : undefined
}

function seldom(name: string | undefined): number {
  return name !== undefined && SELDOM.has(name) ? 1 : 0
}

function titleOf(name: string): string {
  const words = name.replaceAll(/[_-]/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

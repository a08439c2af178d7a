/**
 * What a changed stream schema means for its table, under the stream's contract. Columns are only ever added or widened;
 * what does not fit is a conflict with a remedy, or is named for the loader to keep aside. Nothing is dropped.
 */
import { formatType, parseType } from './type.js'
import { canWiden, commonType } from './widening.js'

/**
 * - `evolve`: new columns are added, types widen where nothing is lost; another change is a conflict.
 * - `freeze`: any change of the table, and a field that vanished, is a conflict.
 * - `discard_value`: the table stays; values without a place in it are discarded and noted.
 * - `discard_row`: the table stays; rows with such values are rejected.
 *
 * Under none of them a value is made up: a vanished field whose column can neither be null nor change is a conflict.
 */
export type SchemaContract = 'evolve' | 'freeze' | 'discard_value' | 'discard_row'

export interface NamedType {
  readonly name: string
  readonly type: string
}

export interface SchemaChangeInput {
  /** The table's columns that come from the stream, as `system.columns` writes them. */
  readonly existing: readonly NamedType[]
  readonly wanted: readonly NamedType[]
  readonly contract: SchemaContract
  /** Columns of the sorting key: they can neither be null nor change their type in place. */
  readonly keys?: readonly string[]
}

export interface SchemaChangePlan {
  /** Columns to add. Nullable, because the rows before them have no value. */
  readonly add: readonly NamedType[]
  /** Columns to change in place, with their new, wider type. */
  readonly modify: readonly NamedType[]
  /** Columns that are wider than wanted already: values are cast into the existing type, and lose nothing. */
  readonly keepAs: readonly { readonly name: string; readonly existingType: string }[]
  /**
   * Only under a discard contract: columns whose values may not fit the existing type. Encode rows against that type
   * (the rows path, never blocks): what does not fit follows the contract and belongs in the rejects.
   */
  readonly restrict: readonly { readonly name: string; readonly existingType: string }[]
  /**
   * Only under a discard contract: fields without a column. Under `discard_value` put their values in `_meta` (the row
   * encoder's `unknownFields: 'keep'`), under `discard_row` reject rows that have one (`unknownFields: 'discard_row'`).
   */
  readonly discard: readonly NamedType[]
  /** Changes that the contract or the types forbid. Apply nothing when there is one. */
  readonly conflicts: readonly SchemaConflictDetail[]
  /** Columns that the schema no longer has. They stay; new rows are null there (arrays: empty). */
  readonly gone: readonly string[]
}

export interface SchemaConflictDetail {
  readonly name: string
  /** The existing type, or `absent`. */
  readonly from: string
  /** The wanted type, or `absent`. */
  readonly to: string
  readonly remedy: string
}

const ABSENT = 'absent'
const RESET = 'run `tributary reset` to read the stream again into new tables, or exclude or rename the field'
const NULLABLE =
  'new rows would hold a made-up value there; set schema_change to evolve, which lets the column be null, or run `tributary reset` to read the stream again into new tables'
const UNFREEZE = 'set schema_change to evolve to accept it, or exclude the field'

/** Plans the change. Pure; once the plan is applied, planning again adds, modifies and conflicts nothing. */
export function planSchemaChange(input: SchemaChangeInput): SchemaChangePlan {
  const existing = new Map(input.existing.map((column) => [column.name, column.type]))
  const wanted = new Set(input.wanted.map((column) => column.name))
  const plan: Draft = { add: [], modify: [], keepAs: [], restrict: [], discard: [], conflicts: [], gone: [] }
  const keys = new Set(input.keys)
  for (const { name, type } of input.wanted) {
    const from = existing.get(name)
    if (from === undefined) planNew(plan, name, type, input.contract, keys)
    else if (from !== type) planChange(plan, name, from, type, input.contract, keys)
  }
  for (const { name, type } of input.existing) {
    if (!wanted.has(name)) planGone(plan, name, type, input.contract, keys)
  }
  return plan
}

type Draft = { -readonly [Part in keyof SchemaChangePlan]: SchemaChangePlan[Part][number][] }

function planNew(
  plan: Draft,
  name: string,
  type: string,
  contract: SchemaContract,
  keys: ReadonlySet<string>,
): void {
  if (keys.has(name)) plan.conflicts.push({ name, from: ABSENT, to: type, remedy: RESET })
  else if (contract === 'evolve') plan.add.push({ name, type: nullableOf(type) })
  else if (contract === 'freeze') plan.conflicts.push({ name, from: ABSENT, to: type, remedy: UNFREEZE })
  else plan.discard.push({ name, type })
}

function planChange(
  plan: Draft,
  name: string,
  from: string,
  to: string,
  contract: SchemaContract,
  keys: ReadonlySet<string>,
): void {
  if (canWiden(to, from)) {
    plan.keepAs.push({ name, existingType: from })
    return
  }
  const widened = widenedType(from, to)
  if (keys.has(name)) plan.conflicts.push({ name, from, to, remedy: RESET })
  else if (contract === 'freeze') plan.conflicts.push({ name, from, to, remedy: UNFREEZE })
  else if (contract !== 'evolve') plan.restrict.push({ name, existingType: from })
  else if (widened !== undefined) plan.modify.push({ name, type: widened })
  else plan.conflicts.push({ name, from, to, remedy: RESET })
}

/** A vanished column must be able to say that there is no value: it becomes Nullable, where the table may change. */
function planGone(
  plan: Draft,
  name: string,
  type: string,
  contract: SchemaContract,
  keys: ReadonlySet<string>,
): void {
  if (keys.has(name)) plan.conflicts.push({ name, from: type, to: ABSENT, remedy: RESET })
  else if (contract === 'freeze') plan.conflicts.push({ name, from: type, to: ABSENT, remedy: UNFREEZE })
  else if (nullableOf(type) === type) plan.gone.push(name)
  else if (contract !== 'evolve') plan.conflicts.push({ name, from: type, to: ABSENT, remedy: NULLABLE })
  else {
    plan.gone.push(name)
    plan.modify.push({ name, type: nullableOf(type) })
  }
}

/** The type that holds old and new values. Text is reached only when it is wanted: numbers never become text unasked. */
function widenedType(from: string, to: string): string | undefined {
  const common = commonType(from, to)
  if (common === undefined) return undefined
  const becomesText = parseType(common).base.kind === 'String' && parseType(to).base.kind !== 'String'
  return becomesText ? undefined : common
}

function nullableOf(type: string): string {
  const parsed = parseType(type)
  if (parsed.base.kind === 'Array' || parsed.base.kind === 'Other') return type
  return formatType({ ...parsed, nullable: true })
}

/** What compiling one definition carries along: the moment, the zone, and the leaves found so far. */
import { createHash } from 'node:crypto'
import type { ValueKind } from '../../facts/values.js'
import type { Formula } from './formula.js'
import type { CompiledLeaf, Dependencies, SegmentSources } from './types.js'
import type { Watch } from './watches.js'

export interface CompileOptions {
  readonly now: Date
  /** Zone of definitions that name none. */
  readonly timeZone: string
  /** Kinds of values that a property has columns for. */
  propertyKinds(property: string): readonly ValueKind[]
}

export interface LeafParts {
  /** JSON that is equal where the question is. */
  readonly meaning: object
  readonly reads?: Partial<Dependencies>
  readonly columns?: readonly string[]
  readonly watches?: readonly Watch[]
  sql(sources: SegmentSources): string
}

export interface CompileContext {
  readonly id: string
  readonly now: Date
  readonly zone: string
  propertyKinds(property: string): readonly ValueKind[]
  /** Adds a leaf, once for each meaning. */
  leaf(parts: LeafParts): Formula
}

const NO_DEPENDENCIES: Dependencies = { segments: [], traits: [], events: [], lists: [], identifiers: [] }

export function createContext(
  id: string,
  zone: string,
  { now, propertyKinds }: CompileOptions,
  leaves: Map<string, CompiledLeaf>,
): CompileContext {
  return {
    id,
    now,
    zone,
    propertyKinds,
    leaf({ meaning, reads, columns = [], watches = [], sql }) {
      const hash = meaningHash(meaning)
      leaves.set(hash, { hash, sql, reads: { ...NO_DEPENDENCIES, ...reads }, columns, watches })
      return { is: 'leaf', hash }
    },
  }
}

/** Hash of JSON, whatever the order of its keys. */
export function meaningHash(meaning: unknown): string {
  return createHash('sha256').update(JSON.stringify(meaning, sortKeys)).digest('hex').slice(0, 32)
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

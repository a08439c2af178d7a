/**
 * A definition as SQL: leaves that each select the people for whom a condition holds, shared by all segments that ask the
 * same, and an expression over bitmaps that combines them. Expects a definition that `checkSegments` found no fault with.
 */
import type { SegmentFile, Who } from '@tributary/schemas'
import { compileConsent } from './consent.js'
import { type CompileContext, type CompileOptions, createContext, meaningHash } from './context.js'
import { bitmapSql, EVERYONE, type Formula, not, readsEveryone } from './formula.js'
import { compileIdentifier } from './identifier.js'
import { compileList } from './list.js'
import { compilePerformed } from './performed.js'
import { compileRandom } from './random.js'
import { compileSequence } from './sequence.js'
import { compileTrait } from './trait.js'
import type { CompiledLeaf, CompiledSegment, Dependencies } from './types.js'

/**
 * @param id of the segment: the default seed of random shares
 * @throws Error when the definition is one that `checkSegments` refuses
 */
export function compileSegment(
  id: string,
  definition: SegmentFile,
  options: CompileOptions,
): CompiledSegment {
  const zone = definition.time_zone ?? options.timeZone
  const found = new Map<string, CompiledLeaf>()
  const segments = new Set<string>()
  const formula = compileWho(definition.who, createContext(id, zone, options, found), segments)
  const leaves = [...found.values()]
  return {
    id,
    hash: meaningHash(formula),
    leaves,
    needsEveryone: readsEveryone(formula),
    members: (bitmaps) => bitmapSql(formula, bitmaps),
    watches: leaves.flatMap(({ watches }) => watches),
    dependsOn: {
      segments: [...segments],
      traits: union(leaves, 'traits'),
      events: union(leaves, 'events'),
      lists: union(leaves, 'lists'),
      identifiers: union(leaves, 'identifiers'),
    },
  }
}

function compileWho(who: Who, context: CompileContext, segments: Set<string>): Formula {
  const inner = (part: Who) => compileWho(part, context, segments)
  if ('all' in who) return { is: 'all', of: who.all.map(inner) }
  if ('any' in who) return { is: 'any', of: who.any.map(inner) }
  if ('not' in who) return not(inner(who.not))
  if ('trait' in who) return compileTrait(who, context)
  if ('performed' in who) return compilePerformed(who, context)
  if ('sequence' in who) return compileSequence(who, context)
  if ('list' in who) return compileList(who, context)
  if ('random' in who) return compileRandom(who, context)
  if ('consent' in who) return compileConsent(who, context)
  if ('identifier' in who) return compileIdentifier(who, context)
  if ('everyone' in who) return EVERYONE
  segments.add(who.segment)
  return { is: 'segment', id: who.segment }
}

const union = (leaves: readonly CompiledLeaf[], key: keyof Dependencies): readonly string[] => [
  ...new Set(leaves.flatMap(({ reads }) => reads[key])),
]

/**
 * Evaluates a definition for one person in memory and says why: each condition with its truth and the facts behind it. Agrees
 * with what the compiled SQL finds for everybody.
 */
import type { PerformedWho, SegmentFile, SequenceWho, TraitWho, Who } from '@tributary/schemas'
import { inSpan, windowAt } from '../../time/window.js'
import { phraseOf } from '../sentence.js'
import { readCondition } from '../value-test.js'
import { windowOf } from '../windows.js'
import { aggregateOf, comparisonHolds } from './aggregate.js'
import { eventsOf, matchingEvents } from './events.js'
import { type Evidence, ofEvents, ofTrait, plainValue } from './evidence.js'
import { murmurHash3 } from './murmur-hash.js'
import type { PersonFacts } from './person.js'
import { findChain } from './sequence.js'
import { passes } from './values.js'

/** JSON-safe. */
export interface TruthTree {
  /** The condition in plain words. */
  readonly condition: string
  readonly truth: boolean
  /** Facts that it was decided by; of many, the newest. */
  readonly evidence: readonly Evidence[]
  /** What has to hold of the children: every one, at least one, or that the one does not. */
  readonly combines?: 'all' | 'any' | 'not'
  readonly children?: readonly TruthTree[]
}

export interface EvaluationOptions {
  readonly now: Date
  /** Zone of definitions that name none. */
  readonly timeZone: string
  /** Definitions of the segments that the definition names, and so on. */
  segment(id: string): SegmentFile | undefined
}

interface Context {
  readonly id: string
  readonly now: Date
  readonly zone: string
  readonly person: PersonFacts
  readonly options: EvaluationOptions
}

/**
 * @param id of the segment: the default seed of random shares
 * @throws Error when the definition is one that `checkSegments` refuses
 */
export function evaluateSegment(
  id: string,
  definition: SegmentFile,
  person: PersonFacts,
  options: EvaluationOptions,
): TruthTree {
  const zone = definition.time_zone ?? options.timeZone
  return evaluateWho(definition.who, { id, now: options.now, zone, person, options })
}

function evaluateWho(who: Who, context: Context): TruthTree {
  const condition = phraseOf(who, (id) => context.options.segment(id)?.name)
  const say = (
    truth: boolean,
    evidence: readonly Evidence[] = [],
    children?: readonly TruthTree[],
  ): TruthTree => ({
    condition,
    truth,
    evidence,
    ...(children && { children }),
  })
  const group = (combines: 'all' | 'any' | 'not', parts: readonly Who[]): TruthTree => {
    const children = parts.map((part) => evaluateWho(part, context))
    const isTrue = ({ truth }: TruthTree) => truth
    const truth =
      combines === 'all'
        ? children.every(isTrue)
        : combines === 'any'
          ? children.some(isTrue)
          : !children.some(isTrue)
    return { condition, truth, evidence: [], combines, children }
  }
  const { person } = context
  if ('all' in who) return group('all', who.all)
  if ('any' in who) return group('any', who.any)
  if ('not' in who) return group('not', [who.not])
  if ('trait' in who) return say(traitHolds(who, context), ofTrait(person, who.trait))
  if ('performed' in who) return performed(who, context, say)
  if ('sequence' in who) return sequence(who, context, say)
  if ('segment' in who) {
    const definition = context.options.segment(who.segment)
    if (!definition) throw new Error(`evaluating segment ${context.id}: there is no segment ${who.segment}`)
    const child = evaluateSegment(who.segment, definition, person, context.options)
    return say(child.truth, [], [child])
  }
  if ('list' in who) {
    const listed = person.lists.has(who.list)
    return say(listed, listed ? [{ list: who.list }] : [])
  }
  if ('random' in who) {
    const bucket = murmurHash3(`${who.random.seed ?? context.id}:${person.profile}`) % 10_000
    return say(bucket < Math.round(who.random.share * 10_000), [{ bucket: bucket / 10_000 }])
  }
  if ('consent' in who) {
    const given = person.traits.get(`consent.${who.consent}`)?.value === true
    const suppressed = person.traits.get('suppressed')?.value === true
    return say(given && !suppressed, [
      ...ofTrait(person, `consent.${who.consent}`),
      ...ofTrait(person, 'suppressed'),
    ])
  }
  if ('identifier' in who) {
    const found = person.identifiers.filter(({ type }) => type === who.identifier)
    return say(
      found.length > 0 !== (who.absent === true),
      found.map(({ type, value }) => ({ identifier: type, value })),
    )
  }
  return say(true)
}

type Say = (truth: boolean, evidence?: readonly Evidence[]) => TruthTree

function traitHolds(who: TraitWho, { now, zone, person }: Context): boolean {
  const { negated, test } = readCondition(who, { now, zone: who.time_zone ?? zone })
  return passes(test, person.traits.get(who.trait)?.value) !== negated
}

function performed(who: PerformedWho, context: Context, say: Say): TruthTree {
  if (who.occurrence !== undefined) return occurrence(who, context, say)
  const matching = matchingEvents(who, context.person, context)
  if (who.aggregate !== undefined) {
    const value = aggregateOf(who.aggregate, matching)
    const compared = (['eq', 'not_eq', 'gt', 'gte', 'lt', 'lte'] as const).map((name) => who[name])
    const traits = compared.flatMap((operand) =>
      typeof operand === 'object' ? ofTrait(context.person, operand.trait) : [],
    )
    const computed: Evidence[] = value === undefined ? [] : [{ computed: plainValue(value) }]
    return say(comparisonHolds(who, value, context.person), [...computed, ...traits, ...ofEvents(matching)])
  }
  const count = matching.length
  const [operator, bound] = Object.entries(who.times ?? { gte: 1 })[0]!
  const [least, greatest] = typeof bound === 'number' ? [bound, bound] : (bound as [number, number])
  const holds: Readonly<Record<string, boolean>> = {
    eq: count === least,
    gt: count > least,
    gte: count >= least,
    lt: count < least,
    lte: count <= least,
    between: count >= least && count <= greatest,
  }
  return say(holds[operator]!, [{ count }, ...ofEvents(matching)])
}

function occurrence(who: PerformedWho, context: Context, say: Say): TruthTree {
  const zone = who.time_zone ?? context.zone
  const all = eventsOf({ performed: who.performed }, context.person, context)
  const only = who.occurrence === 'first' ? all[0] : all.at(-1)
  if (!only) return say(false)
  const fulfilled = eventsOf(who, { ...context.person, events: [only] }, { ...context, zone }).length > 0
  return say(fulfilled && inSpan(windowAt(windowOf(who), context.now, zone), only.ts), ofEvents([only]))
}

function sequence(who: SequenceWho, context: Context, say: Say): TruthTree {
  const chain = findChain(who, context.person, context)
  if (chain) return say(true, ofEvents(chain, chain.length))
  const steps = who.sequence.flatMap((step) =>
    eventsOf('not' in step ? step.not : step, context.person, context),
  )
  return say(false, ofEvents([...new Set(steps)]))
}

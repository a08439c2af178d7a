/**
 * What is wrong with definitions of segments beyond their schema: names that nothing bears, literals that an operator does not
 * take, conditions that could mean two things, segments that name themselves. Pure; a definition without problems compiles.
 */
import type { SegmentFile, Who } from '@tributary/schemas'
import { checkPerformed, checkSequence } from './check/check-events.js'
import { checkOperator, checkZone } from './check/check-operator.js'
import { type Checker, createChecker, type KnownNames, names, type SegmentProblem } from './check/checker.js'
import { cyclesOf, nestedSegments } from './check/cycles.js'

export type { KnownNames, SegmentProblem } from './check/checker.js'

export interface SegmentDefinition {
  readonly id: string
  readonly definition: SegmentFile
}

/** What the engine reads as one statement has to stay far below its limit. */
const MAX_DEFINITION_CHARACTERS = 50_000
const MAX_CONDITIONS = 300
const MAX_DEPTH = 30

/** Every problem of every definition. @param definitions all segments of the workspace: they may name each other */
export function checkSegments(
  definitions: readonly SegmentDefinition[],
  known: KnownNames,
): readonly SegmentProblem[] {
  const ids = new Set(definitions.map(({ id }) => id))
  const problems: SegmentProblem[] = []
  for (const { id, definition } of definitions) {
    const checker = createChecker(id, known, problems)
    checkZone(definition.time_zone, ['time_zone'], checker)
    if (checkSize(definition, checker)) checkWho(definition.who, ['who'], ids, checker)
  }
  const nested = new Map(definitions.map(({ id, definition }) => [id, nestedSegments(definition)]))
  for (const { id, path, cycle } of cyclesOf(nested)) {
    problems.push({
      segment: id,
      path,
      message: `the segment names itself: ${cycle.join(' → ')}`,
      remedy: 'take one of these conditions out',
    })
  }
  return problems
}

function checkSize(definition: SegmentFile, { add }: Checker): boolean {
  const text = JSON.stringify(definition)
  if (text.length > MAX_DEFINITION_CHARACTERS) {
    const remedy = 'put long lists of values on a list, or into several segments'
    add(['who'], `the definition is longer than ${MAX_DEFINITION_CHARACTERS} characters`, remedy)
    return false
  }
  const { conditions, depth } = sizeOf(definition.who)
  if (conditions <= MAX_CONDITIONS && depth <= MAX_DEPTH) return true
  add(
    ['who'],
    `has ${conditions} conditions, ${depth} deep`,
    `at most ${MAX_CONDITIONS}, ${MAX_DEPTH} deep: name parts of it as segments`,
  )
  return false
}

function sizeOf(who: Who): { conditions: number; depth: number } {
  const parts = 'all' in who ? who.all : 'any' in who ? who.any : 'not' in who ? [who.not] : []
  const sizes = parts.map(sizeOf)
  return {
    conditions: sizes.reduce((sum, { conditions }) => sum + conditions, parts.length === 0 ? 1 : 0),
    depth: 1 + Math.max(0, ...sizes.map(({ depth }) => depth)),
  }
}

type Path = readonly (string | number)[]

function checkWho(who: Who, path: Path, ids: ReadonlySet<string>, checker: Checker): void {
  const { add, known } = checker
  if ('all' in who || 'any' in who) {
    const [key, parts] = 'all' in who ? (['all', who.all] as const) : (['any', who.any] as const)
    if (parts.length === 0)
      add([...path, key], 'the group is empty', 'add a condition, or write everyone: true')
    parts.forEach((part, index) => {
      checkWho(part, [...path, key, index], ids, checker)
    })
  } else if ('not' in who) {
    checkWho(who.not, [...path, 'not'], ids, checker)
  } else if ('trait' in who) {
    checkTraitName(who.trait, [...path, 'trait'], checker)
    checkZone(who.time_zone, [...path, 'time_zone'], checker)
    checkOperator(who, path, checker)
  } else if ('performed' in who) {
    checkPerformed(who, path, checker, checkTraitName)
  } else if ('sequence' in who) {
    checkSequence(who, path, checker)
  } else if ('segment' in who) {
    if (!ids.has(who.segment)) {
      add([...path, 'segment'], `there is no segment ${who.segment}`, `segments are: ${names(ids)}`)
    }
  } else if ('list' in who) {
    if (known.lists && !known.lists.has(who.list)) {
      add([...path, 'list'], `there is no list ${who.list}`, `lists are: ${names(known.lists)}`)
    }
    checker.text(who.list, [...path, 'list'])
  } else if ('random' in who) {
    checkShare(who.random.share, [...path, 'random', 'share'], checker)
    checker.text(who.random.seed, [...path, 'random', 'seed'])
  } else if ('consent' in who) {
    checkTraitName(`consent.${who.consent}`, [...path, 'consent'], checker)
  } else if ('identifier' in who) {
    if (!known.identifiers.has(who.identifier)) {
      const remedy = `identifiers are: ${names(known.identifiers)}`
      add([...path, 'identifier'], `identity.yaml knows no identifier ${who.identifier}`, remedy)
    }
    if ((who.exists === undefined) === (who.absent === undefined)) {
      add(path, 'an identifier takes one of exists and absent', 'write exists: true')
    }
  }
}

function checkTraitName(trait: string, path: Path, { add, known }: Checker): void {
  if (known.traits.has(trait)) return
  const remedy = known.traits.size === 0 ? 'map it' : `map it, or use one of: ${names(known.traits)}`
  add(path, `nothing makes the trait ${trait}`, remedy)
}

function checkShare(share: number, path: Path, { add }: Checker): void {
  const buckets = share * 10_000
  if (!(share >= 0 && share <= 1)) add(path, 'a share lies between 0 and 1', 'e.g. 0.1')
  else if (Math.abs(buckets - Math.round(buckets)) > 1e-6) {
    add(path, 'shares are told apart in steps of 0.0001', `write ${Math.round(buckets) / 10_000}`)
  }
}

/** The search for a chain of steps in sorted codes, by array functions that pass over them once each. */

/** Indices of steps; times are those of the codes. */
export interface Plan {
  readonly positives: readonly number[]
  readonly negatives: readonly number[]
  readonly withinMs: number
  readonly now: number
}

const time = 'bitShiftRight(code, 3)'
const isStep = (index: number) => `bitAnd(code, 7) = ${7 - index}`

/** Later than any time. */
const NEVER = '9000000000000000000'

/** SQL: SELECT of profiles with a chain, from a SELECT of profiles and codes. */
export function chains(codes: string, plan: Plan): string {
  const last = plan.negatives.at(-1)
  const waits = last !== undefined && last > plan.positives.at(-1)!
  if (!waits && plan.positives.length === 2) return `SELECT profile FROM (${codes}) WHERE ${nextInTime(plan)}`
  if (!waits) return `SELECT profile FROM (${codes}) WHERE ${endsInTime(plan, 'codes', isStep(0), '1')}`
  return plan.positives.length === 1 ? notFollowed(codes, plan, last) : notConcluded(codes, plan, last)
}

/**
 * Two positive steps: a start and an end have no other code between them, or the nearest start and end do. A code with the
 * negative step is then not between them either. Neighbours differ by the time times eight less the distance of their steps.
 */
function nextInTime({ positives, withinMs }: Plan): string {
  const [, end] = positives as [number, number]
  return `arrayExists(apart -> bitAnd(apart, 7) = ${8 - end} AND apart < ${withinMs * 8}, arrayDifference(codes))`
}

/**
 * One array for each positive step but the last: at each code, the latest start of a chain that has come so far, 0 without. A
 * later start is never worse, and a negative step ends what waits for its successor.
 */
function endsInTime(
  { positives, negatives, withinMs }: Plan,
  codes: string,
  isStart: string,
  ends: string,
): string {
  const spoils = (index: number) => (negatives.includes(index + 1) ? ` OR ${isStep(index + 1)}` : '')
  const [first] = positives as [number]
  let starts = `arrayFill((start, code) -> (${isStart})${spoils(first)}, arrayMap(code -> if(${isStart}, ${time}, 0), ${codes}), ${codes})`
  for (const index of positives.slice(1, -1)) {
    const reached = `${isStep(index)} AND ${inTime(withinMs)}`
    starts = `arrayFill((next, start, code) -> (${reached})${spoils(index)},
      arrayMap((start, code) -> if(${isStep(index)}, start, 0), (${starts}) AS starts_${index}, ${codes}), starts_${index}, ${codes})`
  }
  return `arrayExists((start, code) -> ${isStep(positives.at(-1)!)} AND ${inTime(withinMs)} AND ${ends}, ${starts}, ${codes})`
}

const inTime = (withinMs: number) => `start > 0 AND ${time} <= start + ${withinMs}`

/** One step, and no other one in the time after it, which is over. */
function notFollowed(codes: string, { withinMs, now }: Plan, negative: number): string {
  const next = `arrayReverseFill((next, code) -> ${isStep(negative)},
    arrayMap(code -> if(${isStep(negative)}, ${time}, ${NEVER}), codes), codes)`
  return `SELECT profile FROM (${codes}) WHERE arrayExists((next, code) ->
    ${isStep(0)} AND ${time} + ${withinMs} < least(next, ${now}), ${next}, codes)`
}

/**
 * Several steps, and then none of the negative one until the time is over. Starts are looked at in groups: those whose time
 * ends between the same two negative events, so that the chain must end after the first of them.
 */
function notConcluded(codes: string, plan: Plan, negative: number): string {
  const { withinMs, now } = plan
  const negatives = `arrayMap(code -> ${time}, arrayFilter(code -> ${isStep(negative)}, codes))`
  const gaps = `SELECT profile, codes, arrayJoin(arrayZip(arrayConcat([toUInt64(0)], ${negatives} AS times), arrayConcat(times, [toUInt64(${NEVER})]))) AS gap
    FROM (${codes})`
  const near = `SELECT profile, gap, arrayFilter(code -> ${time} + ${withinMs} >= gap.1 AND ${time} < gap.2, codes) AS codes FROM (${gaps})`
  const isStart = `${isStep(0)} AND ${time} + ${withinMs} >= gap.1 AND ${time} + ${withinMs} < least(gap.2, ${now})`
  const inner = { ...plan, negatives: plan.negatives.slice(0, -1) }
  return `SELECT profile FROM (${near}) WHERE ${endsInTime(inner, 'codes', isStart, `${time} >= gap.1`)}`
}

/** How often something was done. What holds for people without any such event is said by its opposite, as a complement. */
import type { PerformedWho } from '@tributary/schemas'
import { compileAggregate } from './aggregate.js'
import type { CompileContext } from './context.js'
import { EVERYONE, type Formula, NOBODY, not } from './formula.js'
import { matching, matchingEvents } from './matching.js'
import { compileOccurrence } from './occurrence.js'

type Times = NonNullable<PerformedWho['times']>

export function compilePerformed(who: PerformedWho, context: CompileContext): Formula {
  if (who.occurrence !== undefined) return compileOccurrence(who, context)
  if (who.aggregate !== undefined && who.aggregate !== 'count') {
    return compileAggregate(who, who.aggregate, context)
  }
  if (who.aggregate === undefined) return compileTimes(who.times ?? { gte: 1 }, who, context)
  return compileAggregate(who, 'count', context)
}

function compileTimes(times: Times, who: PerformedWho, context: CompileContext): Formula {
  const [operator, value] = Object.entries(times)[0] as [keyof Times, number | readonly [number, number]]
  if (typeof value !== 'number') {
    const [least, greatest] = value
    if (least > greatest) return NOBODY
    if (least <= 0) return not(atLeast(greatest + 1, who, context))
    return counted(`BETWEEN ${least} AND ${greatest}`, who, context)
  }
  switch (operator) {
    case 'gte':
      return atLeast(value, who, context)
    case 'gt':
      return atLeast(value + 1, who, context)
    case 'lt':
      return not(atLeast(value, who, context))
    case 'lte':
      return not(atLeast(value + 1, who, context))
    default:
      return value === 0 ? not(atLeast(1, who, context)) : counted(`= ${value}`, who, context)
  }
}

function atLeast(count: number, who: PerformedWho, context: CompileContext): Formula {
  return count <= 0 ? EVERYONE : counted(count === 1 ? undefined : `>= ${count}`, who, context)
}

function counted(comparison: string | undefined, who: PerformedWho, context: CompileContext): Formula {
  const having = comparison === undefined ? '' : ` GROUP BY profile HAVING count() ${comparison}`
  return context.leaf({
    ...matchingEvents(who, context, { count: comparison ?? '>= 1' }),
    sql: ({ events }) => `SELECT profile FROM ${events} WHERE ${matching(who, context)}${having}`,
  })
}

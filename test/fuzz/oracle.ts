/**
 * Says who belongs to a segment by the published semantics, word for word, one person at a time. Slow, without tricks, and
 * without a line of what it judges.
 */
import type {
  Aggregate,
  PerformedWho,
  PropertyWhere,
  SegmentFile,
  SequenceWho,
  Who,
} from '@tributary/schemas'
import { dayStart, wallClock } from './oracle-time.js'
import { type Clock, duration, fulfils, isEqual, moment } from './oracle-values.js'
import type { Person, WorldEvent, WorldValue } from './world.js'

export interface OracleQuestion {
  readonly now: number
  /** The workspace's. */
  readonly timeZone: string
  segment(id: string): SegmentFile
}

/** Whether the person belongs to the segment. */
export function isMember(
  id: string,
  definition: SegmentFile,
  person: Person,
  question: OracleQuestion,
): boolean {
  const zone = definition.time_zone ?? question.timeZone
  return holds(definition.who, id, person, { ...question, zone })
}

function holds(who: Who, id: string, person: Person, question: OracleQuestion & Clock): boolean {
  if ('all' in who) return who.all.every((part) => holds(part, id, person, question))
  if ('any' in who) return who.any.some((part) => holds(part, id, person, question))
  if ('not' in who) return !holds(who.not, id, person, question)
  if ('everyone' in who) return true
  if ('trait' in who) {
    const clock = { now: question.now, zone: who.time_zone ?? question.zone }
    const [[operator, literal]] = Object.entries(who).filter(
      ([key]) => key !== 'trait' && key !== 'time_zone',
    ) as [[string, unknown]]
    return fulfils(person.traits[who.trait], operator, literal, clock)
  }
  if ('performed' in who)
    return performed(who, person, { now: question.now, zone: who.time_zone ?? question.zone })
  if ('sequence' in who) return sequence(who, person, question)
  // It is the same group wherever it is named: by its own zone and its own seed.
  if ('segment' in who) return isMember(who.segment, question.segment(who.segment), person, question)
  if ('list' in who) return person.lists.includes(who.list)
  if ('identifier' in who)
    return person.identifiers.some(({ type }) => type === who.identifier) === (who.exists === true)
  if ('consent' in who)
    return person.traits[`consent.${who.consent}`] === true && person.traits.suppressed !== true
  const bucket = murmur(`${who.random.seed ?? id}:${person.profile}`) % 10_000
  return bucket < Math.round(who.random.share * 10_000)
}

/** Events of a name before now, in their order. */
function history(event: string, person: Person, { now }: Clock): WorldEvent[] {
  return person.events
    .filter((each) => each.event === event && each.ts < now)
    .sort((a, b) => a.ts - b.ts || (a.row < b.row ? -1 : 1))
}

/** An event's property, an empty list being none. */
function propertyOf(event: WorldEvent, property: string): WorldValue | undefined {
  const value = event.properties[property]
  const isEmptyList =
    typeof value === 'object' && value !== null && 'list' in value && value.list.length === 0
  return isEmptyList ? undefined : value
}

function allHold(where: readonly PropertyWhere[] | undefined, event: WorldEvent, clock: Clock): boolean {
  return (where ?? []).every((condition) => {
    if ('all' in condition) return allHold(condition.all, event, clock)
    if ('any' in condition) return condition.any.some((part) => allHold([part], event, clock))
    if ('not' in condition) return !allHold([condition.not], event, clock)
    const [[operator, literal]] = Object.entries(condition).filter(([key]) => key !== 'property') as [
      [string, unknown],
    ]
    return fulfils(propertyOf(event, condition.property), operator, literal, clock)
  })
}

function inWindow(ts: number, who: PerformedWho, { now, zone }: Clock): boolean {
  if (ts >= now) return false
  if (who.within !== undefined) return ts >= now - duration(who.within)
  if (who.between) return ts >= now - duration(who.between.from) && ts < now - duration(who.between.to)
  if (who.since !== undefined && ts < moment(who.since, zone).start) return false
  if (who.until !== undefined) {
    const { start, end } = moment(who.until, zone)
    return ts < (/^\d{4}-\d\d-\d\d$/.test(who.until) ? end : start)
  }
  if (who.calendar === undefined) return true
  const [year, month, day] = wallClock(now, zone)
  const monday = day - ((new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7)
  const quarter = month - ((month - 1) % 3)
  const [from, to] = {
    today: [dayStart(year, month, day, zone), now],
    yesterday: [dayStart(year, month, day - 1, zone), dayStart(year, month, day, zone)],
    this_week: [dayStart(year, month, monday, zone), now],
    last_week: [dayStart(year, month, monday - 7, zone), dayStart(year, month, monday, zone)],
    this_month: [dayStart(year, month, 1, zone), now],
    last_month: [dayStart(year, month - 1, 1, zone), dayStart(year, month, 1, zone)],
    this_quarter: [dayStart(year, quarter, 1, zone), now],
    last_quarter: [dayStart(year, quarter - 3, 1, zone), dayStart(year, quarter, 1, zone)],
    this_year: [dayStart(year, 1, 1, zone), now],
    last_year: [dayStart(year - 1, 1, 1, zone), dayStart(year, 1, 1, zone)],
  }[who.calendar] as [number, number]
  return ts >= from && ts < to
}

function performed(who: PerformedWho, person: Person, clock: Clock): boolean {
  const all = history(who.performed, person, clock)
  if (who.occurrence !== undefined) {
    const event = who.occurrence === 'first' ? all[0] : all.at(-1)
    return event !== undefined && inWindow(event.ts, who, clock) && allHold(who.where, event, clock)
  }
  const matching = all.filter((event) => inWindow(event.ts, who, clock) && allHold(who.where, event, clock))
  if (who.aggregate !== undefined) return compare(who, aggregate(who.aggregate, matching), person)
  const count = matching.length
  const { eq, gt, gte, lt, lte, between } = who.times ?? { gte: 1 }
  if (eq !== undefined) return count === eq
  if (gt !== undefined) return count > gt
  if (gte !== undefined) return count >= gte
  if (lt !== undefined) return count < lt
  if (lte !== undefined) return count <= lte
  return count >= between![0]! && count <= between![1]!
}

function aggregate(aggregate: Aggregate, events: readonly WorldEvent[]): WorldValue | undefined {
  if (aggregate === 'count') return events.length
  const [[name, property]] = Object.entries(aggregate) as [[string, string]]
  const values = events
    .map((event) => propertyOf(event, property))
    .filter((value) => value !== undefined && value !== null)
  const numbers = values.filter((value) => typeof value === 'number')
  const sum = numbers.reduce((total, number) => total + number, 0)
  if (name === 'sum') return Number(sum.toFixed(6))
  if (name === 'first') return values[0]
  if (name === 'last') return values.at(-1)
  if (['avg', 'min', 'max'].includes(name)) {
    if (numbers.length === 0) return undefined
    if (name === 'avg') return Number((sum / numbers.length).toFixed(6))
    return name === 'min' ? Math.min(...numbers) : Math.max(...numbers)
  }
  const countable = values.filter((value) => typeof value !== 'object' || 'time' in value)
  const distinct = new Map<string, { value: WorldValue; times: number }>()
  for (const value of countable) {
    const key = `${typeof value} ${typeof value === 'object' ? JSON.stringify(value) : value}`
    distinct.set(key, { value, times: (distinct.get(key)?.times ?? 0) + 1 })
  }
  if (name === 'unique') return distinct.size
  const most = Math.max(0, ...[...distinct.values()].map(({ times }) => times))
  const equals = [...distinct.values()].filter(({ times }) => times === most).map(({ value }) => value)
  const texts = equals.filter((value) => typeof value === 'string').map((text) => Buffer.from(text))
  if (texts.length > 0) return texts.sort(Buffer.compare)[0]!.toString()
  const least = equals.filter((value) => typeof value === 'number').sort((a, b) => a - b)
  if (least.length > 0) return least[0]
  if (equals.includes(false) || equals.includes(true)) return !equals.includes(false)
  const times = equals.map((value) => (value as { time: number }).time)
  return times.length === 0 ? undefined : { time: Math.min(...times) }
}

function compare(who: PerformedWho, value: WorldValue | undefined, person: Person): boolean {
  const theirs = (operand: unknown) =>
    typeof operand === 'object'
      ? person.traits[(operand as { trait: string }).trait]
      : (operand as WorldValue)
  if (who.eq !== undefined) return isEqual(value, theirs(who.eq))
  if (who.not_eq !== undefined) return !isEqual(value, theirs(who.not_eq))
  const operator = (['gt', 'gte', 'lt', 'lte'] as const).find((name) => who[name] !== undefined)!
  const [a, b] = [value, theirs(who[operator])].map((side) => {
    if (typeof side === 'number') return { kind: 'number', at: side }
    if (typeof side === 'object' && side !== null && 'time' in side) return { kind: 'time', at: side.time }
    return undefined
  })
  if (!a || !b || a.kind !== b.kind) return false
  return { gt: a.at > b.at, gte: a.at >= b.at, lt: a.at < b.at, lte: a.at <= b.at }[operator]
}

/** Tries every choice of events. */
function sequence(who: SequenceWho, person: Person, clock: Clock): boolean {
  const within = duration(who.within)
  const matches = who.sequence.map((step) => {
    const { performed, where } = 'not' in step ? step.not : step
    return history(performed, person, clock)
      .filter((event) => allHold(where, event, clock))
      .map(({ ts }) => ts)
  })
  const isNegative = who.sequence.map((step) => 'not' in step)
  const from = (step: number, first: number, last: number): boolean => {
    if (step === who.sequence.length) return true
    if (!isNegative[step]) {
      return matches[step]!.some((ts) => ts > last && ts - first <= within && from(step + 1, first, ts))
    }
    if (step === who.sequence.length - 1) {
      return first + within < clock.now && !matches[step]!.some((ts) => ts > last && ts <= first + within)
    }
    return matches[step + 1]!.some(
      (ts) =>
        ts > last &&
        ts - first <= within &&
        !matches[step]!.some((between) => between > last && between < ts) &&
        from(step + 2, first, ts),
    )
  }
  return matches[0]!.some((ts) => from(1, ts, ts))
}

/** MurmurHash3, 32 bit, seed 0, from its description. */
function murmur(text: string): number {
  const M = 0xffffffffn
  const rotate = (word: bigint, by: bigint) => ((word << by) | (word >> (32n - by))) & M
  const mix = (word: bigint) => (rotate((word * 0xcc9e2d51n) & M, 15n) * 0x1b873593n) & M
  const bytes = [...Buffer.from(text)].map(BigInt)
  let hash = 0n
  let at = 0
  for (; at + 4 <= bytes.length; at += 4) {
    const word = bytes[at]! | (bytes[at + 1]! << 8n) | (bytes[at + 2]! << 16n) | (bytes[at + 3]! << 24n)
    hash = (rotate(hash ^ mix(word), 13n) * 5n + 0xe6546b64n) & M
  }
  let rest = 0n
  for (let last = bytes.length - 1; last >= at; last -= 1) rest = (rest << 8n) | bytes[last]!
  if (at < bytes.length) hash ^= mix(rest)
  hash ^= BigInt(bytes.length)
  hash = ((hash ^ (hash >> 16n)) * 0x85ebca6bn) & M
  hash = ((hash ^ (hash >> 13n)) * 0xc2b2ae35n) & M
  return Number(hash ^ (hash >> 16n))
}

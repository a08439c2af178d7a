/** Definitions in plain English. Names of events, traits and lists stand as they are, values in quotation marks. */
import {
  type EventStep,
  type PerformedWho,
  type PropertyCondition,
  type PropertyWhere,
  parseDuration,
  type SegmentFile,
  type SequenceWho,
  type TraitWho,
  type Who,
} from '@tributary/schemas'
import { operatorOf } from './value-test.js'

/** What people call a segment, by its id; undefined where nobody knows, and the id stands for it. */
export type SegmentTitles = (id: string) => string | undefined

const NO_TITLES: SegmentTitles = () => undefined

/** `People whose lifetime value is at least 500 and who …` */
export function sentenceOf({ who, time_zone }: SegmentFile, titles: SegmentTitles = NO_TITLES): string {
  const said = 'everyone' in who ? 'Everyone.' : `People ${phraseOf(who, titles)}.`
  return time_zone === undefined ? said : `${said} Dates are by the clock of ${time_zone}.`
}

/** What holds of people, as it follows the word people: `who …`, `whose …`. */
export function phraseOf(who: Who, titles: SegmentTitles): string {
  if ('all' in who) return who.all.map((part) => grouped(part, 'any', titles)).join(' and ')
  if ('any' in who) return who.any.map((part) => grouped(part, 'all', titles)).join(' or ')
  if ('not' in who) return negationOf(who.not, titles)
  if ('trait' in who) return `whose ${words(who.trait)} ${operatorPhrase(who)}${zonePhrase(who.time_zone)}`
  if ('performed' in who) return performedPhrase(who)
  if ('sequence' in who) return sequencePhrase(who)
  if ('segment' in who) return `who are in the segment ${titleOf(who.segment, titles)}`
  if ('list' in who) return `who are on the list ${who.list}`
  if ('random' in who) return `who are among a random ${percent(who.random.share)}`
  if ('consent' in who) return `who consent to ${words(who.consent)}`
  if ('identifier' in who) return `who have ${who.absent ? 'no' : 'a known'} ${words(who.identifier)}`
  return 'of any kind'
}

/** Groups inside groups stand in brackets, so that and and or cannot be mistaken. */
function grouped(who: Who, other: 'all' | 'any', titles: SegmentTitles): string {
  const parts = other === 'all' ? 'all' in who && who.all : 'any' in who && who.any
  return parts && parts.length > 1 ? `(${phraseOf(who, titles)})` : phraseOf(who, titles)
}

function titleOf(segment: string, titles: SegmentTitles): string {
  const title = titles(segment)
  return title === undefined ? segment : `“${title}”`
}

function negationOf(who: Who, titles: SegmentTitles): string {
  if ('performed' in who && !who.times && who.aggregate === undefined && who.occurrence === undefined) {
    return `who never did ${eventPhrase(who)}${windowPhrase(who)}`
  }
  if ('segment' in who) return `who are not in the segment ${titleOf(who.segment, titles)}`
  if ('list' in who) return `who are not on the list ${who.list}`
  return `who are not among those ${grouped(who, 'all' in who ? 'all' : 'any', titles)}`
}

function performedPhrase(who: PerformedWho): string {
  const did = `${eventPhrase(who)}${windowPhrase(who)}`
  if (who.occurrence !== undefined) {
    return `whose ${who.occurrence} ${who.performed} of all was${windowPhrase(who) || ' at any time'}${wherePhrase(who.where)}`
  }
  if (who.aggregate !== undefined) return `whose ${aggregatePhrase(who)} of ${did} ${comparisonPhrase(who)}`
  if (who.times?.eq === 0) return `who never did ${did}`
  return `who did ${eventPhrase(who)}${timesPhrase(who.times)}${windowPhrase(who)}`
}

const eventPhrase = ({ performed, where }: EventStep): string => `${performed}${wherePhrase(where)}`

function wherePhrase(where: readonly PropertyWhere[] | undefined): string {
  return where ? ` with ${where.map((part) => wherePart(part)).join(' and ')}` : ''
}

function wherePart(where: PropertyWhere): string {
  if ('all' in where) return `(${where.all.map(wherePart).join(' and ')})`
  if ('any' in where) return `(${where.any.map(wherePart).join(' or ')})`
  if ('not' in where) return `not (${wherePart(where.not)})`
  return `${words(where.property)} that ${operatorPhrase(where)}`
}

function timesPhrase(times: PerformedWho['times']): string {
  if (!times) return ''
  const [operator, value] = Object.entries(times)[0] as [string, number | readonly [number, number]]
  if (typeof value !== 'number') return ` ${value[0]} to ${value[1]} times`
  return ` ${COUNTS[operator]} ${value === 1 ? 'once' : `${value} times`}`
}

const COUNTS: Readonly<Record<string, string>> = {
  eq: 'exactly',
  gt: 'more than',
  gte: 'at least',
  lt: 'less than',
  lte: 'at most',
}

function aggregatePhrase({ aggregate }: PerformedWho): string {
  if (aggregate === 'count' || aggregate === undefined) return 'number'
  const [[name, property]] = Object.entries(aggregate) as [[string, string]]
  const [aggregated, computed] = [AGGREGATES[name]!, words(property)]
  const isEcho = computed === aggregated || computed.startsWith(`${aggregated} `)
  return `${isEcho ? ECHOED[name] : aggregated} ${computed}`
}

const AGGREGATES: Readonly<Record<string, string>> = {
  sum: 'total',
  avg: 'average',
  min: 'least',
  max: 'greatest',
  unique: 'number of different values of',
  first: 'first',
  last: 'last',
  most_frequent: 'most frequent',
}

/** In place of those words before a property that begins with them: `total total` says nothing. */
const ECHOED: Readonly<Record<string, string>> = {
  sum: 'added-up',
  avg: 'mean',
  min: 'smallest',
  max: 'highest',
  unique: 'count of different values of',
  first: 'earliest',
  last: 'latest',
  most_frequent: 'commonest',
}

function comparisonPhrase(who: PerformedWho): string {
  for (const name of ['eq', 'not_eq', 'gt', 'gte', 'lt', 'lte'] as const) {
    const operand = who[name]
    if (operand === undefined) continue
    const other = typeof operand === 'object' ? `their ${words(operand.trait)}` : literal(operand)
    return `${OPERATORS[name]} ${other}`
  }
  return 'is anything'
}

function windowPhrase({ within, between, since, until, calendar, time_zone }: PerformedWho): string {
  if (within !== undefined) return ` in the last ${durationWords(within)}`
  if (between) return ` between ${durationWords(between.from)} and ${durationWords(between.to)} ago`
  if (calendar !== undefined) return ` ${calendar.replace('_', ' ')}${zonePhrase(time_zone)}`
  if (since === undefined && until === undefined) return ''
  const ends = [since && `since ${bare(since)}`, until && `until ${bare(until)}`].filter(Boolean)
  return ` ${ends.join(' ')}${zonePhrase(time_zone)}`
}

const zonePhrase = (zone: string | undefined): string => (zone === undefined ? '' : ` (${zone} time)`)

function sequencePhrase({ sequence, within }: SequenceWho): string {
  const steps = sequence.map((step, index) => {
    if ('not' in step) return `did not do ${eventPhrase(step.not)}`
    return index === 0 ? `did ${eventPhrase(step)}` : `did ${eventPhrase(step)} later`
  })
  return `who ${steps.join(', then ')}, all within ${durationWords(within)}`
}

const OPERATORS: Readonly<Record<string, string>> = {
  eq: 'is',
  not_eq: 'is not',
  gt: 'is more than',
  gte: 'is at least',
  lt: 'is less than',
  lte: 'is at most',
  between: 'is between',
  in: 'is one of',
  not_in: 'is none of',
  contains: 'contains',
  not_contains: 'does not contain',
  starts_with: 'starts with',
  ends_with: 'ends with',
  matches: 'matches',
  before: 'is before',
  after: 'is after',
  within_last: 'is within the last',
  before_last: 'is longer ago than',
  within_next: 'is within the next',
  after_next: 'is further away than',
  any_of: 'has any of',
  all_of: 'has all of',
}

/** Operators whose literal is a time or a duration, and stands without quotation marks. */
const BARE = new Set(['gt', 'gte', 'lt', 'lte', 'between', 'before', 'after'])

function operatorPhrase(condition: TraitWho | PropertyCondition): string {
  const [operator, value] = operatorOf(condition)
  if (operator === 'exists') return 'is known'
  if (operator === 'absent') return 'is unknown'
  const word = OPERATORS[operator]
  if (/^(within|before|after)_/.test(operator)) return `${word} ${durationWords(String(value))}`
  const say = BARE.has(operator) ? bare : literal
  if (!Array.isArray(value)) return `${word} ${say(value)}`
  return `${word} ${value.map(say).join(operator === 'between' ? ' and ' : ', ')}`
}

const NUMBER = new Intl.NumberFormat('en', { useGrouping: 'min2', maximumFractionDigits: 20 })
const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' })

/** `33,000`, and `1985` as years are; `15 Dec 2017`. Other moments stand as they are written. */
function bare(value: unknown): string {
  if (typeof value === 'number') return NUMBER.format(value)
  const text = String(value)
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))
  return isDay ? DAY.format(new Date(text)) : text
}

const literal = (value: unknown): string => (typeof value === 'string' ? `“${value}”` : String(value))

/** `lifetime_value` as words. */
const words = (name: string): string => name.replaceAll('_', ' ')

const UNITS = { s: 'second', m: 'minute', h: 'hour', d: 'day', y: 'year' } as const

function durationWords(duration: string): string {
  parseDuration(duration)
  const count = duration.slice(0, -1)
  return `${count} ${UNITS[duration.at(-1) as keyof typeof UNITS]}${count === '1' ? '' : 's'}`
}

const percent = (share: number): string => `${Math.round(share * 10_000) / 100} %`

/** The values that made-up worlds and definitions draw from: few, so that they meet, and each a case that went wrong somewhere. */
import type { Random } from '../support/random.js'
import type { WorldValue } from './world.js'

export const HOUR = 3_600_000
export const DAY = 24 * HOUR

export const ZONES = [
  'UTC',
  'Europe/Paris',
  'America/Sao_Paulo',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/St_Johns',
  'Pacific/Apia',
]

/** Moments at which clocks change, months end and days are left out, and ordinary ones. */
export const MOMENTS = [
  '2026-05-13T10:00:00.123Z',
  '2026-03-29T01:30:00.000Z',
  '2026-10-25T00:30:00.000Z',
  '2026-10-25T01:00:00.000Z',
  '2018-11-04T03:00:00.000Z',
  '2011-12-30T10:00:00.000Z',
  '2028-02-29T12:00:00.000Z',
  '2026-01-01T00:00:00.000Z',
  '2026-04-30T23:59:59.999Z',
  '2026-04-05T15:00:00.001Z',
].map((text) => Date.parse(text))

export const EVENTS = ['Order', 'Cart', 'Visit', "It's \\ odd"]
export const PROPERTIES = ['total', 'channel', 'due', 'tags', 'vip', 'mixed', 'odd.`name']
export const TRAITS = ['ltv', 'city', 'born', 'interests', 'flag', 'any', 'consent.email', 'suppressed']
export const IDENTIFIERS = ['email', 'phone', 'cookie']
export const LISTS = ['vip', 'beta']
export const DURATIONS = ['1s', '1h', '1d', '2d', '7d', '30d', '90d', '1y', '300y']

export const TEXTS = [
  '',
  ' ',
  'a',
  'A',
  'ab',
  'abc',
  'Paris',
  'paris ',
  'é',
  'e\u0301',
  '日本',
  '😀',
  'a\nb',
  '10',
  '9',
  'true',
  '2026-01-01',
  '%',
  "o'k",
  'back\\slash',
  'null',
]

export const NUMBERS = [-1, 0, -0, 1, 2, 2.5, 0.1, 0.2, 0.3, 0.6, 3, 10, 99.99, -3.75, 1e9, 123456.789]
/** Not for sums, whose rounding no simple oracle can foretell. */
const HUGE = [1e300, 9_007_199_254_740_994, 1e-9]

export const PATTERNS = [
  'a',
  '^a$',
  'a.b',
  '^$',
  '[A-Z]',
  '(?:ab)+c?',
  '\\d+',
  "o'k",
  'slash$',
  '^.$',
  'p{2}|is',
  '[^a]',
]

/** Texts of the pool that can be looked for. */
export const NEEDLES = TEXTS.filter((text) => text !== '')

/** Times where windows and days end, a millisecond off now and then, and others. */
export function time(random: Random, now: number): number {
  const edge = random.pick([
    now,
    ...[HOUR, DAY, 2 * DAY, 7 * DAY, 30 * DAY, 90 * DAY, 365 * DAY].flatMap((length) => [
      now - length,
      now + length,
    ]),
    ...[0, 1, 2, 7, 30, 31, 92].map((days) => Math.floor(now / DAY) * DAY - days * DAY),
    now - random.between(0, 40) * DAY - random.pick([0, 30, 60, 90, 180, 210, 330, 570]) * 60_000,
    now - random.between(0, 3000) * HOUR,
    now - random.between(0, 50) * 60_000,
    Date.UTC(1950, 5, 1),
  ])
  return edge + random.pick([0, 0, 0, -1, 1])
}

/** A time as people write it. */
export function moment(random: Random, now: number): string {
  const text = new Date(time(random, now)).toISOString()
  return random.pick([
    text.slice(0, 10),
    text.slice(0, 10),
    text,
    text.slice(0, 16),
    `${text.slice(0, 10)} 02:30`,
    `${text.slice(0, 19)}+02:00`,
  ])
}

export const number = (random: Random, huge = false): number =>
  random.pick(huge && random.next() < 0.1 ? HUGE : NUMBERS)

const list = (random: Random) => ({
  list: Array.from({ length: random.between(0, 3) }, () => random.pick(TEXTS)),
})

/** A value of any kind, or an explicit nothing. */
export function anyValue(random: Random, now: number): WorldValue {
  return random.pick<() => WorldValue>([
    () => random.pick(TEXTS),
    () => number(random),
    () => random.next() < 0.5,
    () => ({ time: time(random, now) }),
    () => list(random),
    () => null,
  ])()
}

/** Mostly the kind that the name is known for. */
export function makeValue(name: string, random: Random, now: number, huge = false): WorldValue {
  if (random.next() < 0.1) return anyValue(random, now)
  switch (name) {
    case 'total':
    case 'ltv':
      return number(random, huge)
    case 'due':
    case 'born':
      return { time: time(random, now) }
    case 'tags':
    case 'interests':
      return list(random)
    case 'vip':
    case 'flag':
    case 'suppressed':
    case 'consent.email':
      return random.next() < 0.6
    case 'mixed':
    case 'any':
      return anyValue(random, now)
    default:
      return random.pick(TEXTS)
  }
}

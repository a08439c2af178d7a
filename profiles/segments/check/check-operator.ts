/** Whether an operator can take its literal. */
import { DURATION_PATTERN, type PropertyCondition, type TraitWho } from '@tributary/schemas'
import { RE2JS } from 're2js'
import { parseMoment } from '../../time/moment.js'
import type { Checker } from './checker.js'

type Path = readonly (string | number)[]

const MAX_PATTERN_CHARACTERS = 1000
/** Instructions of a compiled pattern: far below what the engine refuses. */
const MAX_PATTERN_SIZE = 10_000

/** Checks of a literal by operator. */
const CHECKS: Readonly<Record<string, (literal: unknown, path: Path, checker: Checker) => void>> = {
  eq: checkScalar,
  not_eq: checkScalar,
  in: eachOf(checkScalar),
  not_in: eachOf(checkScalar),
  gt: checkOrdered,
  gte: checkOrdered,
  lt: checkOrdered,
  lte: checkOrdered,
  between: checkBetween,
  contains: checkText,
  not_contains: checkText,
  starts_with: checkText,
  ends_with: checkText,
  matches: checkPattern,
  exists: checkTrue,
  absent: checkTrue,
  before: checkMoment,
  after: checkMoment,
  within_last: checkDuration,
  before_last: checkDuration,
  within_next: checkDuration,
  after_next: checkDuration,
  any_of: eachOf(checkText),
  all_of: eachOf(checkText),
}

/** Exactly one operator, with a literal that it takes. */
export function checkOperator(condition: TraitWho | PropertyCondition, path: Path, checker: Checker): void {
  const operators = Object.entries(condition).filter(([key]) => key in CHECKS)
  if (operators.length !== 1) {
    const found =
      operators.length === 0
        ? 'no operator'
        : `several operators: ${operators.map(([key]) => key).join(', ')}`
    checker.add(path, `has ${found}`, 'write one, e.g. exists: true; join several conditions with all')
  }
  for (const [operator, literal] of operators) CHECKS[operator]!(literal, [...path, operator], checker)
}

export function checkZone(zone: string | undefined, path: Path, { add }: Checker): void {
  if (zone === undefined) return
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
  } catch {
    add(path, `there is no time zone ${zone}`, 'write an IANA name, e.g. Europe/Paris')
  }
}

export function checkDuration(literal: unknown, path: Path, { add }: Checker): void {
  if (typeof literal === 'string' && DURATION_PATTERN.test(literal) && !literal.startsWith('0')) return
  add(path, 'is not a duration longer than 0', 'write a whole number and s, m, h, d or y, e.g. 30d')
}

export function checkMoment(literal: unknown, path: Path, { add }: Checker): void {
  if (isMoment(literal)) return
  add(path, 'is not a time', 'write a date, or a date and a time of day, e.g. 2026-01-31 or 2026-01-31T08:30')
}

function isMoment(literal: unknown): literal is string {
  try {
    if (typeof literal !== 'string') return false
    parseMoment(literal, 'UTC')
    return true
  } catch {
    return false
  }
}

/** A text, a finite number or a truth value. */
export function checkScalar(literal: unknown, path: Path, { add, text }: Checker): void {
  if (typeof literal === 'number' && !Number.isFinite(literal)) {
    add(path, 'is not a finite number', 'write a number')
  } else if (!['string', 'number', 'boolean'].includes(typeof literal)) {
    add(path, 'is not a value', 'write a text, a number, true or false')
  }
  text(literal, path)
}

function checkOrdered(literal: unknown, path: Path, { add }: Checker): void {
  if (typeof literal === 'number' ? Number.isFinite(literal) : isMoment(literal)) return
  add(path, 'only numbers and times have an order', 'write a number, or a time as ISO 8601, e.g. 2026-01-31')
}

function checkBetween(literal: unknown, path: Path, checker: Checker): void {
  if (!Array.isArray(literal) || literal.length !== 2) {
    checker.add(path, 'needs two values', 'e.g. [10, 20]')
    return
  }
  const [least, greatest] = literal as [unknown, unknown]
  checkOrdered(least, [...path, 0], checker)
  checkOrdered(greatest, [...path, 1], checker)
  if (typeof least !== typeof greatest) {
    checker.add(path, 'is between a number and a time', 'write two numbers or two times')
  } else if (isMoment(least) && isMoment(greatest)) {
    if (parseMoment(least, 'UTC').start < parseMoment(greatest, 'UTC').end) return
    checker.add(path, 'ends before it begins', 'write the earlier one first')
  } else if (typeof least === 'number' && typeof greatest === 'number' && least > greatest) {
    checker.add(path, 'ends below where it begins', 'write the lesser one first')
  }
}

function checkText(literal: unknown, path: Path, { add, text }: Checker): void {
  if (typeof literal !== 'string' || literal === '')
    add(path, 'is not a text', 'write a text that is not empty')
  text(literal, path)
}

function checkPattern(literal: unknown, path: Path, { add, text }: Checker): void {
  text(literal, path)
  if (typeof literal !== 'string' || literal.length > MAX_PATTERN_CHARACTERS) {
    add(path, `is not a pattern of at most ${MAX_PATTERN_CHARACTERS} characters`, 'shorten it')
    return
  }
  try {
    if (RE2JS.compile(literal).programSize() <= MAX_PATTERN_SIZE) return
    add(path, 'the pattern is too large', 'repeat less')
  } catch {
    add(
      path,
      'is not a regular expression (RE2)',
      'RE2 has no look-around and no back-references; e.g. ^A[0-9]+$',
    )
  }
}

function checkTrue(literal: unknown, path: Path, { add }: Checker): void {
  if (literal !== true) add(path, 'takes true alone', 'write true; for the opposite use exists or absent')
}

function eachOf(check: (literal: unknown, path: Path, checker: Checker) => void) {
  return (literal: unknown, path: Path, checker: Checker): void => {
    if (!Array.isArray(literal) || literal.length === 0)
      checker.add(path, 'names no value', 'write at least one')
    else
      literal.forEach((each, index) => {
        check(each, [...path, index], checker)
      })
  }
}

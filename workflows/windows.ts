/** Windows of a backfill: steps of time where the bounds are times, of whole numbers where they are numbers. */
import type { Window } from './contract.js'

export interface Span {
  /** Exclusive end, a cursor value as text. */
  readonly to: string
  /** Milliseconds, or cursor units. */
  readonly step: number
}

/** The window that starts at `from`, cut at the end of the span; undefined when the span is done. */
export function nextWindow(from: string, span: Span): Window | undefined {
  if (isNumber(from) && isNumber(span.to)) {
    const start = BigInt(from)
    const end = BigInt(span.to)
    if (start >= end) return undefined
    const next = start + BigInt(span.step)
    return { from, to: (next < end ? next : end).toString() }
  }
  const start = Date.parse(from)
  const end = Date.parse(span.to)
  if (start >= end) return undefined
  return { from, to: start + span.step < end ? new Date(start + span.step).toISOString() : span.to }
}

/** True where one bound lies before another; both are of one kind. */
export function isBefore(a: string, b: string): boolean {
  return isNumber(a) && isNumber(b) ? BigInt(a) < BigInt(b) : Date.parse(a) < Date.parse(b)
}

const isNumber = (text: string): boolean => /^-?\d+$/.test(text)

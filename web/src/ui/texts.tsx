/** Times, numbers and lengths of time as the page shows them: short to read, exact on hover. */
import { Text } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { useTimeZone } from '../app/session.js'
import {
  formatBytes,
  formatCompact,
  formatCursor,
  formatDate,
  formatDuration,
  formatNumber,
  formatRelative,
  formatTime,
  toDate,
} from './format.js'

/** What stands where there is no value. */
const NONE = '–'

interface TimeTextProps {
  readonly at: string | number | Date | null | undefined
  /** `relative`: 3 minutes ago · `exact`: 15 Nov 2026, 14:03:22 · `date`: 15 Nov 2026. @default relative */
  readonly as?: 'relative' | 'exact' | 'date'
}

/** A moment, in the workspace's zone. */
export function TimeText({ at, as = 'relative' }: TimeTextProps) {
  const zone = useTimeZone()
  const now = useMinute()
  if (at === null || at === undefined) return <span>{NONE}</span>
  const date = toDate(at)
  const exact = `${formatTime(date, zone)} (${zone})`
  const text =
    as === 'exact'
      ? formatTime(date, zone)
      : as === 'date'
        ? formatDate(date, zone)
        : formatRelative(date, presentOf(date, now))
  return (
    <time dateTime={date.toISOString()} title={exact}>
      {text}
    </time>
  )
}

/** How far a stream was read; on hover as the source has it. */
export function CursorText({ cursor }: { readonly cursor: string | null | undefined }) {
  const zone = useTimeZone()
  if (cursor === null || cursor === undefined || cursor === '') return <span>{NONE}</span>
  return (
    <span title={cursor} style={{ overflowWrap: 'anywhere' }}>
      {formatCursor(cursor, zone)}
    </span>
  )
}

interface NumberTextProps {
  readonly value: number | null | undefined
  /** What is counted, of one and of many: `['person', 'people']`. */
  readonly unit?: readonly [one: string, many: string]
  /** 12.3K instead of 12,345; the whole number on hover. @default false */
  readonly compact?: boolean
}

/** A number with what it counts. */
export function NumberText({ value, unit, compact = false }: NumberTextProps) {
  if (value === null || value === undefined) return <span>{NONE}</span>
  const whole = formatNumber(value)
  const counted = unit && (value === 1 ? unit[0] : unit[1])
  return (
    <span title={compact ? [whole, counted].filter(Boolean).join(' ') : undefined}>
      {compact ? formatCompact(value) : whole}
      {counted !== undefined && (
        <Text span c="dimmed" inherit>
          {' '}
          {counted}
        </Text>
      )}
    </span>
  )
}

/** A length of time, from seconds. */
export function DurationText({ seconds }: { readonly seconds: number | null | undefined }) {
  return <span>{seconds === null || seconds === undefined ? NONE : formatDuration(seconds)}</span>
}

/** An amount of data. */
export function BytesText({ bytes }: { readonly bytes: number | null | undefined }) {
  return <span>{bytes === null || bytes === undefined ? NONE : formatBytes(bytes)}</span>
}

/** The time of day, to the minute: one clock for every text on the page. */
/** What happened since the clock ticked last is past, not to come. */
function presentOf(date: Date, ticked: Date): Date {
  return date > ticked && date.getTime() <= Date.now() ? date : ticked
}

function useMinute(): Date {
  return useSyncExternalStore(subscribe, () => minute)
}

let minute = new Date()
const listeners = new Set<() => void>()
let clock: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    minute = new Date()
    clock = setInterval(() => {
      minute = new Date()
      for (const each of listeners) each()
    }, 20_000)
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) clearInterval(clock)
  }
}

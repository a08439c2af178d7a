/** Numbers, times and tables as people read them. Pure. */
import { stripVTControlCharacters } from 'node:util'

/** `1,234,567`. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** `12.3 MB`, in powers of 1000. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1)
  return `${power === 0 ? bytes : (bytes / 1000 ** power).toFixed(1)} ${units[power]}`
}

/** `0.4 s`, `1 min 5 s`, `2 h 3 min`, `4 d 1 h`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  const units = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ] as const
  const first = units.findIndex(([, length]) => whole >= length)
  const [name, length] = units[first]!
  const [smaller, smallerLength] = units[first + 1]!
  const rest = Math.floor((whole % length) / smallerLength)
  return `${Math.floor(whole / length)} ${name}${rest > 0 ? ` ${rest} ${smaller}` : ''}`
}

/** `2026-11-24 18:00:00` in UTC. */
export function formatTime(iso: string): string {
  return iso.replace('T', ' ').slice(0, 19)
}

/** How far a cursor that is a time is behind now, seconds; undefined for other cursors. Without a zone it is UTC. */
export function cursorLagSeconds(cursor: string | null | undefined, nowMs: number): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?)(Z|[+-]\d{2}:?\d{2})?)?$/.exec(
    cursor ?? '',
  )
  if (!match) return undefined
  const atMs = Date.parse(`${match[1]}T${match[2] ?? '00:00:00'}${match[3] ?? 'Z'}`)
  return Number.isNaN(atMs) ? undefined : Math.max(0, (nowMs - atMs) / 1000)
}

/** Colours as `styleText` writes them, and what a terminal would obey. */
const CONTROLS = /\p{Cc}\[\d{1,3}(?:;\d{1,3})*m|[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu

/** Text from outside as a terminal may show it: control characters as `\x1b`, line ends and colours as they are. */
export function printable(text: string): string {
  return text.replace(CONTROLS, (found) => {
    const isKept = found === '\n' || (found.length > 1 && found.startsWith('\x1b'))
    return isKept ? found : escaped(found.charAt(0)) + found.slice(1)
  })
}

function escaped(character: string): string {
  const code = character.charCodeAt(0)
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`
}

export type Align = 'left' | 'right'

export interface Column {
  readonly title: string
  /** @default left */
  readonly align?: Align
}

/** Columns side by side, two blanks between; nothing behind the last cell. Cells may be coloured. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map((cell) => printable(cell).replaceAll('\n', '\\n')))
  const lines = [columns.map(({ title }) => title), ...cells]
  const widths = columns.map((_column, index) => Math.max(...lines.map((cells) => width(cells[index] ?? ''))))
  const pad = (cell: string, index: number) => {
    const blanks = ' '.repeat(widths[index]! - width(cell))
    return columns[index]!.align === 'right' ? blanks + cell : cell + blanks
  }
  return lines.map((cells) => cells.map(pad).join('  ').trimEnd()).join('\n')
}

function width(text: string): number {
  return [...stripVTControlCharacters(text)].length
}

/** One line of at most `length` characters; what is left out shows as …. */
export function shorten(text: string, length = 80): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > length ? `${line.slice(0, length - 1)}…` : line
}

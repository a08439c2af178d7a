/** Lengths of time as the workspace's files write them, and as a person sets them: a number and a unit, or for ever. */

export const UNITS = [
  { value: 'd', label: 'days' },
  { value: 'y', label: 'years' },
] as const

export type Unit = (typeof UNITS)[number]['value']

/** Undefined: for ever. */
export type Length = { readonly count: number; readonly unit: Unit } | undefined

/** `90d` or `2y`; hours and less become the days that hold them. Undefined for what is no length. */
export function parseLength(text: unknown): Length {
  const found = typeof text === 'string' ? /^(\d+)([smhdy])$/.exec(text.trim()) : null
  if (found === null) return undefined
  const [, digits, unit] = found
  const count = Number(digits)
  if (unit === 'd' || unit === 'y') return { count, unit }
  const seconds = count * (unit === 'h' ? 3600 : unit === 'm' ? 60 : 1)
  return { count: Math.max(1, Math.ceil(seconds / 86_400)), unit: 'd' }
}

/** As it stands in a file; undefined where nothing stands. */
export function lengthText(length: Length): string | undefined {
  return length === undefined ? undefined : `${length.count}${length.unit}`
}

/** `2 years`, `1 day`, `for ever`: how people say what stands in a file. */
export function lengthWords(text: string | undefined): string {
  const length = parseLength(text)
  if (length === undefined) return 'for ever'
  return `${length.count} ${length.unit === 'y' ? 'year' : 'day'}${length.count === 1 ? '' : 's'}`
}

/** Values as people and programs see them: JSON, times as ISO 8601. */

/** SQL: the columns of a value out of a row of traits, for {@link shownValue}. */
export const SHOWN_COLUMNS =
  'toString(kind) AS kind, text, number, boolean = 1 AS boolean, list, toString(toUnixTimestamp64Milli(time)) AS time'

export interface ShownColumns {
  readonly kind: string
  readonly text: string
  readonly number: number
  readonly boolean: boolean | number
  readonly list: readonly string[]
  /** Milliseconds since 1970. */
  readonly time: string
}

export type ShownValue = string | number | boolean | readonly string[]

/** The value in the columns of a row. */
export function shownValue({ kind, text, number, boolean, list, time }: ShownColumns): ShownValue {
  switch (kind) {
    case 'number':
      return number
    case 'boolean':
      return Boolean(boolean)
    case 'list':
      return list
    case 'time':
      return shownTime(time)
    default:
      return text
  }
}

/** ISO 8601 in UTC. */
export const shownTime = (milliseconds: string): string => new Date(Number(milliseconds)).toISOString()

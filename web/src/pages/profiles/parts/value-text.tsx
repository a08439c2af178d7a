/** A value of a trait or a property, as people read it. */
import { formatNumber } from '../../../ui/format.js'
import { seen } from '../../../ui/seen.js'
import { TimeText } from '../../../ui/texts.js'
import { isMoment } from './names.js'

/** Names of numbers that count nothing: ids and the like stand without separators. */
const NAMES_THINGS = /(^|_)(id|number|no|code|zip|year)$/

/** Numbers with separators, moments in the workspace's zone, truth values as yes and no. */
export function ValueText({ value, name = '' }: { readonly value: unknown; readonly name?: string }) {
  if (typeof value === 'number' && NAMES_THINGS.test(name)) return <span>{value}</span>
  if (isMoment(value)) return <TimeText at={value} as="exact" />
  return <span style={{ overflowWrap: 'anywhere' }}>{textOf(value)}</span>
}

/** The same as text. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return '–'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') return formatNumber(value)
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(textOf).join(', ')
  return seen(typeof value === 'object' ? JSON.stringify(value) : String(value))
}

/** The filters of templates. Each takes a value and gives one; null is no value, and passes through all but `default`. */
import type { JsonValue } from '@tributary/connector-sdk'
import { nearestName } from '@tributary/schemas'
import { formatDate } from './format-date.js'

export type Filter = (value: JsonValue) => JsonValue

type Argument = string | number

interface FilterDefinition {
  /** How it is written. */
  readonly usage: string
  /** The filter, or undefined where it does not take these arguments. */
  make(given: readonly Argument[]): Filter | undefined
}

const FILTERS: ReadonlyMap<string, FilterDefinition> = new Map([
  ['default', { usage: 'default: "friend"', make: makeDefault }],
  ['upper', onText('upper', (text) => text.toUpperCase())],
  ['lower', onText('lower', (text) => text.toLowerCase())],
  ['trim', onText('trim', (text) => text.trim())],
  ['capitalize', onText('capitalize', capitalize)],
  ['truncate', { usage: 'truncate: 20, "…"', make: makeTruncate }],
  ['date', { usage: 'date: "%Y-%m-%d"', make: makeDate }],
])

/** @throws SyntaxError in words for the author of the file */
export function filterOf(name: string, given: readonly Argument[]): Filter {
  const definition = FILTERS.get(name)
  if (definition === undefined) {
    const nearest = nearestName(name, [...FILTERS.keys()])
    throw new SyntaxError(
      `there is no filter ${name}${nearest === undefined ? '' : ` (${nearest}?)`}; filters are: ${[...FILTERS.keys()].join(', ')}`,
    )
  }
  const filter = definition.make(given)
  if (filter === undefined) throw new SyntaxError(`the filter ${name} is written like ${definition.usage}`)
  return filter
}

/** A value as people read it; empty where there is none. */
export function textOf(value: JsonValue): string {
  if (value === null) return ''
  if (typeof value === 'object')
    return Array.isArray(value) ? value.map(textOf).join(', ') : JSON.stringify(value)
  return String(value)
}

function onText(usage: string, change: (text: string) => string): FilterDefinition {
  const filter: Filter = (value) => (value === null ? null : change(textOf(value)))
  return { usage, make: (given) => (given.length === 0 ? filter : undefined) }
}

function makeDefault([fallback, ...rest]: readonly Argument[]): Filter | undefined {
  if (fallback === undefined || rest.length > 0) return undefined
  return (value) => (textOf(value) === '' ? fallback : value)
}

/** As Liquid has it: the ending counts, and is `...` where none is given. https://shopify.github.io/liquid/filters/truncate/ */
function makeTruncate([most, ending = '...', ...rest]: readonly Argument[]): Filter | undefined {
  if (typeof most !== 'number' || !Number.isInteger(most) || most < 0) return undefined
  if (typeof ending !== 'string' || rest.length > 0) return undefined
  const end = [...ending].slice(0, most)
  return (value) => {
    if (value === null) return null
    const characters = [...textOf(value)]
    if (characters.length <= most) return characters.join('')
    return [...characters.slice(0, most - end.length), ...end].join('')
  }
}

function makeDate([format, ...rest]: readonly Argument[]): Filter | undefined {
  if (typeof format !== 'string' || rest.length > 0) return undefined
  return (value) => (typeof value === 'string' ? formatDate(value, format) : null)
}

/** As Liquid has it: the first letter large, all others small. https://shopify.github.io/liquid/filters/capitalize/ */
function capitalize(text: string): string {
  const [first = '', ...rest] = text
  return first.toUpperCase() + rest.join('').toLowerCase()
}

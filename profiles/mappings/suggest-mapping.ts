/**
 * A first mapping of a stream, from the names and kinds of its columns alone: what a person would try first, with a reason
 * for each column. A proposal to be looked at with real rows, never applied by itself. Pure.
 */
import type { MappingFile } from '@tributary/schemas'
import { singularTitle, tokensOf } from './column-words.js'
import { lastWord, PEOPLE, type SuggestMappingInput, suggestIdentifiers } from './suggest-identifiers.js'

export interface MappingSuggestion {
  /** Undefined where no column seems to tell people apart. */
  readonly definition?: MappingFile
  /** Types that the definition names and identity.yaml does not have. */
  readonly missingIdentifiers: readonly string[]
  /** One a column, in their order. */
  readonly reasons: readonly ColumnReason[]
}

export interface ColumnReason {
  readonly column: string
  readonly use: 'identifier' | 'time' | 'property' | 'trait' | 'left out'
  /** The identifier type, the property, or the trait; empty for others. */
  readonly as: string
  readonly why: string
}

const AMOUNT = /^(amount|total|price|revenue|value|cost|sum|subtotal|spend|spent|paid|fee|sales)$/
const MAX_FACTS = 40
/** Best first. */
const TIMES = [
  /occur|happen|event/,
  /order(ed)?|purchas|paid|complet|sold|transact|book/,
  /^time(stamp)?$|timestamp/,
  /creat|start|sent|join|sign/,
  /date|_at$|_on$|time/,
]
const UPDATED = /updat|modif|chang|last_?seen|synced/

type Column = SuggestMappingInput['columns'][number]

export function suggestMapping(input: SuggestMappingInput): MappingSuggestion {
  const reasons = new Map<string, ColumnReason>()
  const say = (column: string, use: ColumnReason['use'], as: string, why: string): void => {
    if (!reasons.has(column)) reasons.set(column, { column, use, as, why })
  }
  const identifiers = suggestIdentifiers(input, (column, type, why) => say(column, 'identifier', type, why))
  const updated = newestOf(input.columns, UPDATED)
  const aboutPeople = describesPeople(input, identifiers)
  const time = aboutPeople ? undefined : timeOf(input.columns)
  if (aboutPeople && updated) say(updated, 'time', '', 'tells since when the other columns hold')
  if (time) say(time, 'time', '', 'tells when it happened')
  const rest = input.columns.filter(({ name }) => !reasons.has(name))
  const facts = rest.filter((column) => isFact(column, input.key)).slice(0, MAX_FACTS)
  for (const column of facts) {
    const as = aboutPeople ? traitName(column) : propertyName(column)
    say(column.name, aboutPeople ? 'trait' : 'property', as, whyFact(column, aboutPeople))
  }
  for (const { name } of rest) say(name, 'left out', '', whyNot(name, input.key))
  const ordered = input.columns.map(({ name }) => reasons.get(name)!)
  const types = Object.keys(identifiers)
  const missingIdentifiers = types.filter((type) => !input.identifiers.includes(type))
  if (types.length === 0) return { missingIdentifiers, reasons: ordered }
  const definition: MappingFile = aboutPeople
    ? { stream: input.stream, identifiers, ...traitsOf(facts, updated) }
    : { stream: input.stream, identifiers, events: [eventOf(input, facts, time)] }
  return { definition, missingIdentifiers, reasons: ordered }
}

/** Rows are people rather than something that they did. */
function describesPeople(
  { stream, columns, key }: SuggestMappingInput,
  identifiers: Record<string, string>,
): boolean {
  if (PEOPLE.test(lastWord(stream))) return true
  const isAmount = ({ name, kind }: Column) =>
    kind === 'number' && tokensOf(name).some((word) => AMOUNT.test(word))
  if (columns.some(isAmount)) return false
  // A list as somebody exported it: what has neither a key nor a time did not happen, it is so.
  if (key.length === 0 && timeOf(columns) === undefined) return true
  return key.length === 1 && Object.values(identifiers).includes(key[0]!)
}

function timeOf(columns: readonly Column[]): string | undefined {
  const candidates = columns.filter(({ name }) => !UPDATED.test(name.toLowerCase()))
  for (const pattern of TIMES) {
    const found = newestOf(candidates, pattern)
    if (found !== undefined) return found
  }
  return columns.find(({ kind }) => kind === 'time')?.name
}

function newestOf(columns: readonly Column[], pattern: RegExp): string | undefined {
  return columns.find(({ name, kind }) => kind === 'time' && pattern.test(tokensOf(name).join('_')))?.name
}

function isFact({ name }: Column, key: readonly string[]): boolean {
  return (
    !key.includes(name) &&
    !UPDATED.test(name.toLowerCase()) &&
    tokensOf(name).length > 0 &&
    !isTechnical(name)
  )
}

/** Kept by the connector beside what the source has. */
function isTechnical(name: string): boolean {
  return name.startsWith('_')
}

/** The column's own name where a mapping takes it as that of a property, else its words: `Total (€)` is total. */
function propertyName({ name }: Column): string {
  return /^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/.test(name) ? name : plainName(name)
}

/** Words of letters and digits, beginning with a letter. */
function plainName(name: string): string {
  return (
    tokensOf(name)
      .join('_')
      .replace(/^[^a-z]+/, '')
      .slice(0, 127) || 'value'
  )
}

function traitName({ name, kind }: Column): string {
  const words = tokensOf(name)
  if (kind === 'boolean' && words.some((word) => /^(consent|optin|opted)$/.test(word) || word === 'opt')) {
    const purpose = words
      .filter((word) => !/^(consent|optin|opt|in|opted|has|is|given)$/.test(word))
      .join('_')
    return `consent.${purpose || 'marketing'}`
  }
  return plainName(name)
}

function traitsOf(facts: readonly Column[], updated: string | undefined): Pick<MappingFile, 'traits'> {
  if (facts.length === 0) return {}
  const traits = facts.map(
    (column) =>
      [
        traitName(column),
        updated === undefined ? column.name : { field: column.name, timestamp: updated },
      ] as const,
  )
  return { traits: Object.fromEntries(traits) }
}

function eventOf(input: SuggestMappingInput, facts: readonly Column[], time: string | undefined) {
  return {
    name: eventName(input.stream),
    message_id: messageIdOf(input),
    ...(time !== undefined && { timestamp: time }),
    ...(facts.length > 0 && {
      properties: Object.fromEntries(facts.map((column) => [propertyName(column), column.name])),
    }),
  }
}

/** Without a key: a column that is called an id of the row, or else all columns together, so that no event is taken for another. */
function messageIdOf({ stream, columns, key }: SuggestMappingInput): string[] {
  if (key.length > 0) return [...key]
  const own = [...OWN_IDS, `${tokensOf(singularTitle(lastWord(stream))).join('_')}_id`]
  const isScalar = ({ kind }: Column) => kind !== 'list'
  const id = columns.find((column) => isScalar(column) && own.includes(tokensOf(column.name).join('_')))
  if (id) return [id.name]
  const all = columns.filter(
    (column) => isScalar(column) && !isTechnical(column.name) && !UPDATED.test(column.name.toLowerCase()),
  )
  return (all.length > 0 ? all : columns.filter(isScalar)).map(({ name }) => name)
}

const OWN_IDS = ['id', 'uuid', 'guid', 'event_id', 'message_id', 'row_id']

const EVENTS: readonly (readonly [RegExp, string])[] = [
  [/^orders?$/, 'Order Completed'],
  [/^(purchases?|transactions?|sales?|receipts?)$/, 'Purchase Completed'],
  [/^payments?$/, 'Payment Completed'],
  [/^refunds?$/, 'Order Refunded'],
  [/^(page_?views?|pages?)$/, 'Page Viewed'],
  [/^(visits?|sessions?)$/, 'Site Visited'],
  [/^(tickets?|cases?)$/, 'Ticket Opened'],
  [/^(bookings?|reservations?)$/, 'Booking Made'],
  [/^(sign_?ups?|registrations?)$/, 'Signed Up'],
  [/^(carts?|baskets?)$/, 'Cart Updated'],
  [/^subscriptions?$/, 'Subscription Started'],
]

function eventName(stream: string): string {
  const word = lastWord(stream)
  return EVENTS.find(([pattern]) => pattern.test(word))?.[1] ?? `${singularTitle(word)} Recorded`
}

function whyFact({ name, kind }: Column, aboutPeople: boolean): string {
  if (traitName({ name, kind }).startsWith('consent.') && aboutPeople) return 'says what the person agreed to'
  if (kind === 'number' && tokensOf(name).some((word) => AMOUNT.test(word)))
    return 'looks like an amount: it can be summed'
  return aboutPeople ? 'says something of the person' : 'says something of what happened'
}

function whyNot(name: string, key: readonly string[]): string {
  if (key.includes(name)) return 'is part of the key of a row'
  if (UPDATED.test(name.toLowerCase())) return 'tells when the row was changed'
  return isTechnical(name)
    ? 'is kept beside the others, for whoever looks for a fault'
    : 'there are many columns; add it if you need it'
}

/**
 * Which streams of a source are read, how, and which columns: what a source's file says, set beside what the source has.
 * What the form does not ask for (conditions, tables, look back, new names) stays as it was written.
 */

/** An entry of `streams` in a source's file. Other keys are kept. */
export interface StreamEntry {
  readonly name: string
  readonly sync_mode: 'full_refresh' | 'incremental'
  readonly destination_sync_mode: 'append' | 'overwrite' | 'append_dedup'
  readonly cursor_field?: string
  readonly primary_key?: readonly string[]
  readonly lookback?: string
  readonly fields?: {
    readonly include?: readonly string[]
    readonly exclude?: readonly string[]
    readonly rename?: Readonly<Record<string, string>>
    readonly hash?: readonly string[]
  }
}

/** A stream as the source tells of it. */
export interface FoundStream {
  readonly name: string
  readonly primaryKey: readonly string[]
  readonly cursor: string | null
  readonly cursorCandidates: readonly string[]
  readonly fields: readonly { readonly name: string; readonly type: string }[]
  readonly unreadable?: string
}

/** A line of the form. */
export interface StreamLine {
  readonly found: FoundStream
  readonly chosen: boolean
  /** How it is read: the file's entry, or the one that is proposed. */
  readonly entry: StreamEntry
}

/** How a stream can be kept up to date, in words. */
export interface Mode {
  readonly key: string
  readonly title: string
  readonly about: string
  readonly sync_mode: StreamEntry['sync_mode']
  readonly destination_sync_mode: StreamEntry['destination_sync_mode']
}

/** In the order in which they are offered: the best that a stream can do first. */
export const MODES: readonly Mode[] = [
  {
    key: 'incremental/append_dedup',
    title: 'Only what changed, one row a record',
    about: 'Reads rows that are new or changed since the last sync, and keeps the newest row of each record.',
    sync_mode: 'incremental',
    destination_sync_mode: 'append_dedup',
  },
  {
    key: 'incremental/append',
    title: 'Only what is new, every row kept',
    about: 'Reads rows that came since the last sync and adds them. For logs and events, which never change.',
    sync_mode: 'incremental',
    destination_sync_mode: 'append',
  },
  {
    key: 'full_refresh/overwrite',
    title: 'Everything each time, replacing the last',
    about: 'Reads all rows and puts them in place of those before, deletions included. For small tables.',
    sync_mode: 'full_refresh',
    destination_sync_mode: 'overwrite',
  },
  {
    key: 'full_refresh/append_dedup',
    title: 'Everything each time, one row a record',
    about:
      'Reads all rows and keeps the newest row of each record; records that are gone at the source go, too.',
    sync_mode: 'full_refresh',
    destination_sync_mode: 'append_dedup',
  },
  {
    key: 'full_refresh/append',
    title: 'Everything each time, every reading kept',
    about: 'Adds all rows at every sync. For snapshots over time; it grows fast.',
    sync_mode: 'full_refresh',
    destination_sync_mode: 'append',
  },
]

/** The key of an entry's mode. */
export function modeKey({ sync_mode, destination_sync_mode }: StreamEntry): string {
  return `${sync_mode}/${destination_sync_mode}`
}

/** The modes that a stream can do. */
export function possibleModes({
  cursor,
  cursorCandidates,
  primaryKey,
  fields,
}: FoundStream): readonly Mode[] {
  const canContinue = cursor !== null || cursorCandidates.length > 0
  // A key can also be named by hand, of the stream's columns.
  const canKey = primaryKey.length > 0 || fields.length > 0
  return MODES.filter(
    (mode) =>
      (mode.sync_mode === 'full_refresh' || canContinue) &&
      (mode.destination_sync_mode !== 'append_dedup' || canKey),
  )
}

/**
 * How a stream is best read: only what changed where there is a cursor, one row a record where there is a key. Without a key, rows
 * that change would stand there once for every change: such a stream is read as a whole.
 */
export function proposeEntry(found: FoundStream): StreamEntry {
  const cursor = found.cursor ?? bestCursor(found.cursorCandidates)
  const keyed = found.primaryKey.length > 0
  const wouldRepeat = !keyed && found.cursor === null && cursor !== undefined && CHANGES.test(cursor)
  if (cursor === undefined || wouldRepeat)
    return { name: found.name, sync_mode: 'full_refresh', destination_sync_mode: 'overwrite' }
  return {
    name: found.name,
    sync_mode: 'incremental',
    destination_sync_mode: keyed ? 'append_dedup' : 'append',
    ...(found.cursor === null && { cursor_field: cursor }),
    ...(keyed && { primary_key: found.primaryKey }),
  }
}

/** The entry in another mode: a cursor and a key come and go with it. */
export function withMode(entry: StreamEntry, mode: Mode, found: FoundStream): StreamEntry {
  const { cursor_field, primary_key, lookback, ...rest } = entry
  const { sync_mode, destination_sync_mode } = mode
  const cursor = cursor_field ?? (found.cursor === null ? bestCursor(found.cursorCandidates) : undefined)
  const key = primary_key ?? (found.primaryKey.length > 0 ? found.primaryKey : undefined)
  return {
    ...rest,
    sync_mode,
    destination_sync_mode,
    ...(sync_mode === 'incremental' && cursor !== undefined && { cursor_field: cursor }),
    ...(sync_mode === 'incremental' && lookback !== undefined && { lookback }),
    ...(destination_sync_mode === 'append_dedup' && key !== undefined && { primary_key: key }),
  }
}

/** What is missing in an entry; undefined where nothing is. */
export function entryProblem(entry: StreamEntry, found: FoundStream): string | undefined {
  if (entry.sync_mode === 'incremental' && entry.cursor_field === undefined && found.cursor === null)
    return 'Choose the column that grows with every change.'
  if (entry.destination_sync_mode === 'append_dedup' && (entry.primary_key ?? found.primaryKey).length === 0)
    return 'Choose the columns that tell one record from another.'
  return undefined
}

/** Lines for all streams of the source, in its order. Without entries nothing is chosen yet. */
export function readStreams(
  found: readonly FoundStream[],
  entries: readonly StreamEntry[],
): readonly StreamLine[] {
  return found.map((stream) => {
    const entry = entries.find(({ name }) => matches(name, stream.name))
    return {
      found: stream,
      chosen: entry !== undefined,
      entry: entry ? { ...entry, name: stream.name } : proposeEntry(stream),
    }
  })
}

/**
 * The entries of the file. A rule for many streams (`public.*`) stays as long as it says what the form says for all that it
 * matches; entries for streams that the source does not show now stay, too.
 */
export function writeStreams(
  lines: readonly StreamLine[],
  before: readonly StreamEntry[],
): readonly StreamEntry[] {
  const written = new Set<string>()
  const result: StreamEntry[] = []
  const isRule = (entry: StreamEntry) => /[*?]/.test(entry.name)
  const firstOf = (name: string) => before.find((entry) => matches(entry.name, name))
  const put = (line: StreamLine) => {
    written.add(line.found.name)
    if (line.chosen) result.push(line.entry)
  }
  for (const entry of before) {
    const own = lines.filter(({ found }) => firstOf(found.name) === entry)
    if (own.length === 0 && !isRule(entry)) {
      if (!lines.some(({ found }) => found.name === entry.name)) result.push(entry)
      continue
    }
    const taken = lines.filter(({ found }) => matches(entry.name, found.name))
    const isKept = isRule(entry) && taken.every((line) => line.chosen)
    for (const line of own) {
      if (isKept && sameEntry(line.entry, { ...entry, name: line.found.name })) written.add(line.found.name)
      else put(line)
    }
    if (isKept) result.push(entry)
  }
  // A rule would otherwise take what stands behind it.
  const fresh = lines.filter((line) => line.chosen && !written.has(line.found.name)).map(({ entry }) => entry)
  const rule = result.findIndex(
    (entry) => isRule(entry) && fresh.some(({ name }) => matches(entry.name, name)),
  )
  return rule === -1 ? [...result, ...fresh] : [...result.slice(0, rule), ...fresh, ...result.slice(rule)]
}

/** What becomes of a column. */
export type ColumnUse = 'load' | 'hash' | 'leave'

/** What an entry does with a column. */
export function columnUse({ fields = {} }: StreamEntry, column: string): ColumnUse {
  const { include = ['*'], exclude = [], hash = [] } = fields
  const names = (list: readonly string[]) => list.some((glob) => matches(glob, column))
  if (!names(include) || names(exclude)) return 'leave'
  return names(hash) ? 'hash' : 'load'
}

/**
 * The entry with another use of one of its columns.
 * @param columns all columns of the stream: a rule for many of them that is in the way is written out
 */
export function withColumnUse(
  entry: StreamEntry,
  column: string,
  use: ColumnUse,
  columns: readonly string[],
): StreamEntry {
  if (columnUse(entry, column) === use) return entry
  const { include, exclude = [], hash = [], ...rest } = entry.fields ?? {}
  const named = (list: readonly string[]) =>
    list.some((glob) => matches(glob, column)) ? list : [...list, column]
  const unnamed = (list: readonly string[]) =>
    list.flatMap((glob) =>
      matches(glob, column) ? columns.filter((name) => name !== column && matches(glob, name)) : [glob],
    )
  const fields = {
    ...rest,
    ...(include && { include: use === 'leave' ? include : named(include) }),
    ...withList('exclude', use === 'leave' ? named(exclude) : unnamed(exclude)),
    ...withList('hash', use === 'hash' ? named(hash) : unnamed(hash)),
  }
  const { fields: _before, ...others } = entry
  return Object.keys(fields).length === 0 ? others : { ...others, fields }
}

/** Names that columns with personal data have in many places; a proposal, nothing more. */
const PERSONAL =
  /(^|[_.-])(e?mail|phone|mobile|msisdn|first_?name|last_?name|full_?name|surname|birth(day|date)?|dob|ssn|iban|passport|address|street|post(al)?_?code|zip|ip(_?address)?|tax_?id|national_?id|gender)([_.-]|$)/i

/** True where a column's name sounds like personal data. */
export function looksPersonal(column: string): boolean {
  return PERSONAL.test(column.replace(/([a-z])([A-Z])/g, '$1_$2'))
}

/** Names of columns that tell when a row was changed, rather than when it came. */
const CHANGES = /updat|modif|chang/i

function bestCursor(candidates: readonly string[]): string | undefined {
  const preferred = [CHANGES, /creat|insert|time|date|_at$/i]
  for (const pattern of preferred) {
    const found = candidates.find((name) => pattern.test(name))
    if (found !== undefined) return found
  }
  return candidates[0]
}

function withList(key: 'exclude' | 'hash', names: readonly string[]) {
  return names.length === 0 ? {} : { [key]: names }
}

/** `*` any characters, `?` one, as in the workspace's files. */
function matches(glob: string, name: string): boolean {
  if (!/[*?]/.test(glob)) return glob === name
  const pattern = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${pattern}$`, 's').test(name)
}

function sameEntry(one: StreamEntry, other: StreamEntry): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  )
}

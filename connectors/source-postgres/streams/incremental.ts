/**
 * Reads rows by a cursor column, in its order. Checkpoints fall between two cursor values, never among the rows of one, so
 * nothing is lost or repeated there. At the newest value, rows may still be coming: `append` remembers which it has read,
 * `append_dedup` also re-reads the lookback, but of both only what younger transactions wrote.
 */
import { checkpoint, type StreamMessage } from '@tributary/connector-sdk'
import { literal, qualified } from '@tributary/postgres'
import { holdBackTies } from '../reading/ties.js'
import { type Cursor, currentSnapshot, cursorOf, newSince } from './cursor.js'
import type { Reading } from './reading.js'
import { rowIdentity, seenAt } from './seen.js'
import { type CursorState, readState, type WindowState } from './state.js'

/** Rows with `from <= cursor < to`, apart from the live cursor. */
export async function* readWindow(
  reading: Reading,
  window: { readonly from: string; readonly to: string },
): AsyncGenerator<StreamMessage> {
  const cursor = cursorOf(reading)
  const state = readState(reading.context.state, 'window')
  if (state?.done) return
  const from = state?.from ?? window.from
  const where = `${cursor.column} >= ${cursor.value(from)} and ${cursor.column} < ${cursor.value(window.to)}`
  for await (const step of ordered(reading, cursor, where)) {
    if ('rows' in step) yield step.rows
    else {
      const { from } = step
      yield checkpoint({ mode: 'window', done: false, from } satisfies WindowState, positionOf(from))
    }
  }
  yield checkpoint({ mode: 'window', done: true } satisfies WindowState)
}

export async function* readIncremental(reading: Reading): AsyncGenerator<StreamMessage> {
  const cursor = cursorOf(reading)
  const key = { field: cursor.name, type: cursor.type }
  const state = readState(reading.context.state, 'cursor', key)
  const head = { mode: 'cursor', ...key, nullsRead: true } as const
  if (!state?.nullsRead && cursor.unpositioned !== undefined) {
    let any = false
    for await (const rows of reading.rows(reading.leader, `where ${cursor.unpositioned}`)) {
      any = true
      yield rows
    }
    if (any) yield checkpoint({ ...head, ...state, nullsRead: true } satisfies CursorState)
  }
  const end = await planEnd(reading, cursor, state)
  if (!end) return
  // what became visible since the first slice of a run is new to the next run, which looks back for it
  const continued = reading.context.destinationSyncMode === 'append_dedup' && state?.from !== undefined
  const snapshot = continued ? (state.snapshot ?? end.snapshot) : end.snapshot
  const kept = { ...head, ...(snapshot !== undefined && { snapshot }) }
  const where = [cursor.positioned, ...(await lowerBound(reading, cursor, state)), ...end.upperBound]
  let any = false
  for await (const step of ordered(reading, cursor, where.join(' and '))) {
    any = true
    if ('rows' in step) yield step.rows
    else yield checkpoint({ ...kept, from: step.from } satisfies CursorState, positionOf(step.from))
  }
  const moved = end.position.after !== state?.after || end.position.from !== state?.from
  if (any || moved)
    yield checkpoint({ ...kept, ...end.position } satisfies CursorState, positionOf(end.newest))
}

interface End {
  readonly newest: string
  readonly snapshot: string | undefined
  readonly position: Pick<CursorState, 'after' | 'from' | 'seen'>
  readonly upperBound: readonly string[]
}

/** Where this read will stand when it is done; undefined when there is nothing to read or the newest rows must wait. */
async function planEnd(
  reading: Reading,
  cursor: Cursor,
  state: CursorState | undefined,
): Promise<End | undefined> {
  const { context, leader, relation } = reading
  const known = state?.after ?? state?.from
  const atLeast = known === undefined ? '' : ` and ${cursor.column} >= ${cursor.value(known)}`
  const [[found] = []] = await leader.query(
    'finding the newest cursor value',
    `select ${cursor.column}::text from ${qualified(relation)} t
    where ${cursor.positioned}${atLeast} order by ${cursor.column} desc limit 1`,
  )
  const newest = found ?? state?.after
  if (newest === undefined) return undefined
  const snapshot = await currentSnapshot(reading)
  if (context.destinationSyncMode === 'append_dedup') {
    return { newest, snapshot, position: { after: newest }, upperBound: [] }
  }
  const seen = await seenAt(reading, cursor, newest, snapshot)
  if (seen) return { newest, snapshot, position: { after: newest, seen }, upperBound: [] }
  context.log.info('newest rows wait for a later read', { stream: `${relation.schema}.${relation.name}` })
  if (newest === state?.after) return undefined
  const upperBound = [`${cursor.column} < ${cursor.value(newest)}`]
  return { newest, snapshot, position: { from: newest }, upperBound }
}

async function lowerBound(
  reading: Reading,
  cursor: Cursor,
  state: CursorState | undefined,
): Promise<string[]> {
  const { context } = reading
  if (state?.from !== undefined) return [`${cursor.column} >= ${cursor.value(state.from)}`]
  if (state?.after === undefined) return []
  const dedup = context.destinationSyncMode === 'append_dedup'
  const low = cursor.before(state.after, dedup ? context.lookbackMs : 0)
  const maybeNew = [await newSince(reading, state.snapshot)]
  if (!dedup && state.seen && state.seen.length > 0) {
    maybeNew.push(`${rowIdentity(reading)} <> all (array[${state.seen.map(literal).join(', ')}])`)
  }
  const beyond = `${cursor.column} > ${cursor.value(state.after)}`
  return [`${cursor.column} >= ${low}`, `(${beyond} or ${maybeNew.join(' and ')})`]
}

/** A portion of rows, or a cursor value below which every row has been given and none from it on. */
type Step = { readonly rows: StreamMessage } | { readonly from: string }

async function* ordered(reading: Reading, cursor: Cursor, where: string): AsyncGenerator<Step> {
  const position = reading.context.fields.indexOf(cursor.name)
  let from: string | undefined
  const holdBack = holdBackTies(position, (value) => {
    from = value !== undefined && cursor.isPlace(value) ? value : undefined
  })
  const suffix = `where ${where} order by ${cursor.column}`
  const portions = reading.portions(reading.leader, suffix, position < 0 ? undefined : holdBack)
  for await (const { rows, ended } of portions) {
    yield { rows }
    await ended
    if (from !== undefined) yield { from }
    from = undefined
  }
}

function positionOf(cursor: string): { cursor: string; cursorTime?: string } {
  const time = /^(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d:\d\d(?:\.\d+)?)(?:\+00)?)?$/.exec(cursor)
  return { cursor, ...(time && { cursorTime: `${time[1]}T${time[2] ?? '00:00:00'}Z` }) }
}

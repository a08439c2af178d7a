/**
 * Reads a whole relation: small ones by one COPY, large ones with a key in key ranges, so that a read that is interrupted
 * goes on at the last finished range. Rows are never sorted.
 */
import { checkpoint, type StreamMessage } from '@tributary/connector-sdk'
import { identifier, literal, qualified } from '@tributary/postgres'
import { merge } from '../reading/read-ahead.js'
import type { Field } from './fields.js'
import type { Reading } from './reading.js'
import { type FullState, readState } from './state.js'

/** Types whose text is an exact bound and whose order is PostgreSQL's own. */
const RANGE_TYPES = new Set(
  'int2 int4 int8 oid numeric text varchar uuid date timestamp timestamptz'.split(' '),
)

export async function* readFull(reading: Reading): AsyncGenerator<StreamMessage> {
  const state = readState(reading.context.state, 'full')
  if (state?.done) return
  const key = rangeKey(reading)
  const size = state?.after ? undefined : await reading.planSize()
  const { slice } = reading.limits
  if (!key || (size && size.rows <= slice.rows && size.bytes <= slice.bytes)) {
    yield* reading.rows(reading.leader, '')
    yield done()
    return
  }
  yield* readRanges(reading, key, state?.after)
}

/** The key to cut ranges by, or undefined where one COPY has to do. */
export function rangeKey({
  relation,
  fields,
}: Pick<Reading, 'relation' | 'fields'>): readonly Field[] | undefined {
  if (relation.kind === 'v' || relation.kind === 'f') return undefined
  const key = relation.key?.map((name) => fields.byName.get(name)!)
  const usable = key?.every(
    ({ column: { type } }) => type.schema === 'pg_catalog' && !type.isArray && RANGE_TYPES.has(type.name),
  )
  return usable ? key : undefined
}

/** As many ranges at once as there are connections; a checkpoint when all of them are read, since none is halfway then. */
async function* readRanges(
  reading: Reading,
  key: readonly Field[],
  start: readonly string[] | undefined,
): AsyncGenerator<StreamMessage> {
  const connections = await reading.fanOut()
  let after = start
  for (let last = false; !last; ) {
    const ranges: string[] = []
    while (ranges.length < connections.length && !last) {
      const bound = await nextBound(reading, key, after)
      const conditions = [
        ...(after ? [compare(key, '>', after)] : []),
        ...(bound ? [compare(key, '<=', bound)] : []),
      ]
      ranges.push(conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`)
      last = bound === undefined
      after = bound ?? after
    }
    yield* merge(ranges.map((where, index) => reading.rows(connections[index]!, where)))
    if (!last) yield checkpoint({ mode: 'full', done: false, after: after! } satisfies FullState)
  }
  yield done()
}

/** The last key of the next slice, from the key's index; undefined when what is left fits in one. */
async function nextBound(
  reading: Reading,
  key: readonly Field[],
  after: readonly string[] | undefined,
): Promise<readonly string[] | undefined> {
  const { relation, limits } = reading
  const names = key.map(({ column }) => `t.${identifier(column.name)}`)
  const size = await reading.planSize()
  const rowBytes = Math.max(1, size.bytes / Math.max(1, size.rows))
  const usual = Math.max(1, Math.min(limits.slice.rows, Math.floor(limits.slice.bytes / rowBytes)))
  const rows = (await isScattered(reading, key[0]!)) ? Math.max(usual, scatteredSlice(size.rows)) : usual
  const [bound] = await reading.leader.query(
    'finding key ranges',
    `select ${names.map((name) => `${name}::text`).join(', ')} from ${qualified(relation)} t
    ${after ? `where ${compare(key, '>', after)}` : ''} order by ${names.join(', ')} offset ${rows - 1} limit 1`,
  )
  return bound as string[] | undefined
}

/** Each range of scattered keys visits most pages of the table: no more than eight of them, of minutes each. */
function scatteredSlice(rows: number): number {
  return Math.min(20_000_000, Math.floor(rows / 8))
}

/** True where neighbours by key are not neighbours on disk (random uuids), as the planner's statistics have it. */
async function isScattered({ leader, relation }: Reading, { column }: Field): Promise<boolean> {
  const [[correlation] = []] = await leader.query(
    'finding key ranges',
    'select correlation from pg_catalog.pg_stats where schemaname = $1 and tablename = $2 and attname = $3',
    [relation.schema, relation.name, column.name],
  )
  return correlation != null && Math.abs(Number(correlation)) < 0.5
}

function compare(key: readonly Field[], operator: '>' | '<=', values: readonly string[]): string {
  const names = key.map(({ column }) => `t.${identifier(column.name)}`)
  const bounds = key.map(({ column: { type } }, index) => `${literal(values[index]!)}::${type.name}`)
  return `(${names.join(', ')}) ${operator} (${bounds.join(', ')})`
}

function done(): StreamMessage {
  return checkpoint({ mode: 'full', done: true } satisfies FullState, { cursor: 'all rows' })
}

/** A relation of the catalogue as a stream. */
import { defineStream, type StreamDefinition } from '@tributary/connector-sdk'
import { dotted } from '@tributary/postgres'
import type { Relation } from '../catalog.js'
import { readAhead } from '../reading/read-ahead.js'
import type { PostgresConfig } from '../spec.js'
import { fieldsOf } from './fields.js'
import { rangeKey, readFull } from './full-refresh.js'
import { readIncremental, readWindow } from './incremental.js'
import { type Limits, openReading, type Reading } from './reading.js'

/** Blocks read ahead of the one that the reader works on. */
const BLOCKS_AHEAD = 1
/** Late commits: how far back a default lookback finds them. */
const LOOKBACK = 'PT5M'

export function relationStream(relation: Relation, limits: Limits): StreamDefinition<PostgresConfig> {
  const fields = fieldsOf(relation)
  const candidates = [...fields.byName.values()]
    .filter(({ mapping }) => mapping.cursor)
    .sort((one, other) => Number(other.column.notNull) - Number(one.column.notNull))
    .map(({ column }) => column.name)
  return defineStream<PostgresConfig>({
    name: dotted(relation),
    schema: fields.schema,
    ...(relation.key && { primaryKey: relation.key }),
    ...(candidates.length > 0 && { cursor: { candidates, lookback: LOOKBACK } }),
    resumable: candidates.length > 0 || rangeKey({ relation, fields }) !== undefined,
    async estimate(context) {
      const reading = await openReading(context, relation, fields, limits)
      try {
        return await reading.planSize()
      } finally {
        await reading.close()
      }
    },
    async *read(context) {
      const reading = await openReading(context, relation, fields, limits)
      for await (const message of readAhead(messages(reading), BLOCKS_AHEAD, () => reading.close())) {
        context.signal.throwIfAborted()
        yield message
      }
      context.signal.throwIfAborted()
    },
  })
}

function messages(reading: Reading): ReturnType<typeof readFull> {
  const { syncMode, window } = reading.context
  if (window) return readWindow(reading, window)
  return syncMode === 'incremental' ? readIncremental(reading) : readFull(reading)
}

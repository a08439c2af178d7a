/** Reads a stream to its end and sorts what it yielded. */
import { decodeBlock } from '../blocks/decode-block.js'
import type {
  CheckpointMessage,
  ReadContext,
  SourceRecord,
  SourceReject,
  StreamDefinition,
} from '../contract.js'
import { readStream } from '../read-stream.js'

export interface Collected {
  /** Of record messages and of decoded blocks, in order. */
  readonly records: readonly SourceRecord[]
  readonly rejects: readonly SourceReject[]
  readonly checkpoints: readonly (CheckpointMessage & {
    /** How many records came before it. */
    readonly recordsBefore: number
  })[]
}

/**
 * Everything that a stream yields. The context's key and fields default to the stream's. Blocks of text formats are
 * decoded; a stream that yields Parquet is read again as rows.
 */
export async function collect<Config>(
  stream: StreamDefinition<Config>,
  context: ReadContext<Config>,
): Promise<Collected> {
  const records: SourceRecord[] = []
  const rejects: SourceReject[] = []
  const checkpoints: Collected['checkpoints'][number][] = []
  for await (const message of readStream(stream, withStreamDefaults(stream, context))) {
    switch (message.type) {
      case 'records':
        for (const record of message.records) records.push(record)
        break
      case 'rejects':
        rejects.push(...message.rejects)
        break
      case 'checkpoint':
        checkpoints.push({ ...message, recordsBefore: records.length })
        break
      case 'block':
        if (message.block.format === 'Parquet') return collect(stream, { ...context, path: 'rows' })
        for await (const record of decodeBlock(message.block, stream.schema)) records.push(record)
    }
  }
  return { records, rejects, checkpoints }
}

/** The context as the runtime would give it to this stream. */
export function withStreamDefaults<Config, Context extends ReadContext<Config>>(
  stream: StreamDefinition<Config>,
  context: Context,
): Context {
  const cursorField = context.cursorField ?? stream.cursor?.field ?? stream.cursor?.candidates?.[0]
  return {
    ...context,
    primaryKey: context.primaryKey.length > 0 ? context.primaryKey : (stream.primaryKey ?? []),
    fields: context.fields.length > 0 ? context.fields : Object.keys(stream.schema.properties),
    ...(cursorField !== undefined && context.syncMode === 'incremental' ? { cursorField } : {}),
  }
}

/** The `read` verb: the configured streams one after another, as records, states and status traces. */
import { decodeBlock } from '../blocks/decode-block.js'
import type { OwnedConnectorContext } from '../context.js'
import type { ReadContext, SourceRecord, StreamDefinition } from '../contract.js'
import { isConnectorError } from '../errors.js'
import type { JsonObject } from '../json.js'
import { readStream } from '../read-stream.js'
import { readParameters, streamFor } from './catalog.js'
import { describeFailure } from './failures.js'
import type { AirbyteMessage, ConfiguredCatalog, ConfiguredStream, StreamDescriptor } from './messages.js'
import { statesByStream } from './state.js'

interface ReadOptions {
  readonly catalog?: ConfiguredCatalog
  readonly state?: unknown
  readonly emit: (message: AirbyteMessage) => Promise<void>
  readonly now: () => number
}

/**
 * Reads each stream; one that fails is INCOMPLETE, and the others are read all the same. Returns the exit code.
 * @throws the signal's reason when it aborts
 */
export async function readStreams<Config>(
  streams: readonly StreamDefinition<Config>[],
  context: OwnedConnectorContext<Config>,
  options: ReadOptions,
): Promise<number> {
  const states = statesByStream(options.state)
  let failed = 0
  for (const configured of options.catalog?.streams ?? []) {
    const { name } = configured.stream
    const status = async (
      value: 'STARTED' | 'RUNNING' | 'COMPLETE' | 'INCOMPLETE',
      until?: number,
    ): Promise<void> =>
      options.emit({
        type: 'TRACE',
        trace: {
          type: 'STREAM_STATUS',
          emitted_at: options.now(),
          stream_status: {
            stream_descriptor: descriptorOf(configured),
            status: value,
            ...(until === undefined
              ? {}
              : { reasons: [{ type: 'RATE_LIMITED', rate_limited: { quota_reset: until } }] }),
          },
        },
      })
    await status('STARTED')
    try {
      const stream = streamFor(streams, configured)
      await readOne(stream, configured, states.get(name), context, options, () => status('RUNNING'))
      await status('COMPLETE')
    } catch (error) {
      if (context.signal.aborted) throw error
      failed += 1
      const { message, failureType } = describeFailure(error)
      await options.emit({
        type: 'TRACE',
        trace: {
          type: 'ERROR',
          emitted_at: options.now(),
          error: { message, failure_type: failureType, stream_descriptor: descriptorOf(configured) },
        },
      })
      await status('INCOMPLETE', isConnectorError(error) ? error.until : undefined)
    }
  }
  return failed === 0 ? 0 : 1
}

/** The name alone: a configured stream carries its whole schema. */
function descriptorOf({ stream: { name, namespace } }: ConfiguredStream): StreamDescriptor {
  return namespace === undefined ? { name } : { name, namespace }
}

async function readOne<Config>(
  stream: StreamDefinition<Config>,
  configured: ConfiguredStream,
  state: JsonObject | undefined,
  context: OwnedConnectorContext<Config>,
  { emit, now }: ReadOptions,
  running: () => Promise<void>,
): Promise<void> {
  // A full refresh of a stream that can resume goes on from its state, as an incremental one does.
  const parameters = readParameters(stream, configured, state)
  const readContext: ReadContext<Config> = { ...context, ...parameters }
  let count = 0
  let isRunning = false
  let last: string | undefined

  const emitRecord = async (data: SourceRecord): Promise<void> => {
    if (!isRunning) {
      isRunning = true
      await running()
    }
    count += 1
    await emit({ type: 'RECORD', record: { stream: stream.name, data, emitted_at: now() } })
  }
  const emitState = async (value: JsonObject): Promise<void> => {
    await emit({
      type: 'STATE',
      state: {
        type: 'STREAM',
        stream: { stream_descriptor: descriptorOf(configured), stream_state: value },
        sourceStats: { recordCount: count },
      },
    })
    count = 0
    last = JSON.stringify(value)
  }

  for await (const message of readStream(stream, readContext)) {
    switch (message.type) {
      case 'records':
        for (const record of message.records) await emitRecord(record)
        break
      case 'block':
        for await (const record of decodeBlock(message.block, stream.schema)) await emitRecord(record)
        break
      case 'rejects':
        for (const { reason, location } of message.rejects)
          context.log.warn('input rejected', { reason, location })
        break
      case 'checkpoint':
        await emitState(message.state)
    }
  }
  // The protocol wants a state for every stream, and one behind the last record.
  if (last === undefined || count > 0) await emitState(last === undefined ? (state ?? {}) : JSON.parse(last))
}

/**
 * Reads one slice of a stream into one load: until the source is done, the budget is used up, a rate limit or an outage
 * comes, or somebody asks for an end; always at a checkpoint, so that the load is exactly what lies before it.
 */
import {
  type CheckpointMessage,
  ConnectorError,
  isConnectorError,
  type ReadContext,
  readStream,
  type SourceRecord,
  type StreamMessage,
} from '@tributary/connector-sdk'
import type { LoadTotals } from '../warehouse/loading/load-target.js'
import type { LoadWriter } from '../warehouse/loading/load-writer.js'
import type { SliceResult } from '../workflows/contract.js'
import type { SourceStream } from './catalog.js'

export interface SliceBudget {
  readonly rows: number
  readonly bytes: number
  readonly ms: number
}

export const SLICE_BUDGET: SliceBudget = { rows: 2_000_000, bytes: 512 * 1024 * 1024, ms: 5 * 60_000 }

/** Records after the newest checkpoint are held back up to this many, so that an interruption can cut the load there. */
const HELD_RECORDS = 20_000

/** After an outage the next slice tries again soon; its own retries then back off. */
const OUTAGE_PAUSE_MS = 5_000
const INTERRUPTIONS: ReadonlySet<string> = new Set(['RateLimited', 'SourceUnavailable', 'NetworkError'])
/** What could be read is kept at once; the next slice, which finds nothing else, then fails with it. */
const UNREADABLE = 'UnreadableData'

export interface SliceReading {
  readonly stream: SourceStream
  /** Name of the connector's package, for errors. */
  readonly connector: string
  readonly context: ReadContext<Record<string, unknown>>
  readonly writer: LoadWriter
  readonly budget: SliceBudget
  /** Why to end at the next checkpoint, if so. */
  readonly endRequested: () => SliceResult['endedBy']
  /** Called after each message, for progress. */
  readonly onProgress: (checkpoint: CheckpointMessage | undefined) => void
}

export interface SliceReadResult {
  readonly totals: LoadTotals
  readonly checkpoint?: CheckpointMessage
  readonly done: boolean
  readonly endedBy?: SliceResult['endedBy']
  readonly resumeAtMs?: number
}

/**
 * Throws what the connector or the warehouse throws where no checkpoint was reached before, and ContractViolation where
 * an incremental read ends with rows behind its last checkpoint.
 */
export async function readSlice(reading: SliceReading): Promise<SliceReadResult> {
  const slice = new SliceReader(reading)
  try {
    for await (const message of readStream(reading.stream, reading.context)) {
      const endedBy = await slice.take(message)
      reading.onProgress(slice.checkpoint)
      if (endedBy !== undefined) return await slice.finish({ done: false, endedBy })
    }
  } catch (error) {
    const resumeAtMs = slice.resumeAfter(error)
    if (resumeAtMs === undefined) throw error
    return await slice.finish({ done: false, endedBy: 'rate limit', resumeAtMs })
  }
  slice.refuseLooseEnd()
  await slice.flushHeld()
  return await slice.finish({ done: true })
}

class SliceReader {
  checkpoint: CheckpointMessage | undefined
  #held: (readonly SourceRecord[])[] = []
  #heldRecords = 0
  /** The load holds rows after the newest checkpoint: it cannot be cut there any more. */
  #beyondCheckpoint = false
  readonly #startedAtMs = Date.now()

  constructor(private readonly reading: SliceReading) {}

  /** Takes a message; the reason to end here, if there is one. */
  async take(message: StreamMessage): Promise<SliceResult['endedBy']> {
    const { writer } = this.reading
    switch (message.type) {
      case 'records':
        this.#held.push(message.records)
        this.#heldRecords += message.records.length
        if (this.#heldRecords > HELD_RECORDS) {
          await this.flushHeld()
          this.#beyondCheckpoint = true
        }
        return undefined
      case 'block':
        await this.flushHeld()
        await writer.appendBlock(message.block)
        this.#beyondCheckpoint = true
        return undefined
      case 'rejects':
        await this.flushHeld()
        await writer.appendRejects(message.rejects)
        this.#beyondCheckpoint = true
        return undefined
      case 'checkpoint':
        await this.flushHeld()
        this.#beyondCheckpoint = false
        this.checkpoint = message
        return this.#overBudget() ? 'budget' : this.reading.endRequested()
    }
  }

  async flushHeld(): Promise<void> {
    const held = this.#held
    this.#held = []
    this.#heldRecords = 0
    for (const records of held) await this.reading.writer.appendRecords(records)
  }

  /** A full read is done with its rows; an incremental one would read what lies behind its state once more. */
  refuseLooseEnd(): void {
    const { stream, connector, context } = this.reading
    const loose = this.#beyondCheckpoint || this.#heldRecords > 0
    if (!loose || context.syncMode !== 'incremental') return
    throw new ConnectorError(
      'ContractViolation',
      `reading ${stream.name}: ${connector} ended an incremental read with rows behind its last checkpoint, which the next read would bring again; its author must yield a checkpoint behind the last row`,
    )
  }

  /** When to go on after an interruption that leaves a usable load; undefined: the error stands. */
  resumeAfter(error: unknown): number | undefined {
    const { context } = this.reading
    // Where the state did not move the attempts must count, or an outage would be tried again for ever.
    const moved = JSON.stringify(this.checkpoint?.state) !== JSON.stringify(context.state)
    const usable =
      moved && this.checkpoint !== undefined && !this.#beyondCheckpoint && !context.signal.aborted
    if (!usable || !isConnectorError(error)) return undefined
    if (error.kind === UNREADABLE) return Date.now()
    if (!INTERRUPTIONS.has(error.kind)) return undefined
    return error.until ?? Date.now() + OUTAGE_PAUSE_MS
  }

  async finish(end: Omit<SliceReadResult, 'totals' | 'checkpoint'>): Promise<SliceReadResult> {
    const totals = await this.reading.writer.finish()
    return { totals, ...(this.checkpoint && { checkpoint: this.checkpoint }), ...end }
  }

  #overBudget(): boolean {
    const { writer, budget } = this.reading
    const elapsedMs = Date.now() - this.#startedAtMs
    return writer.rows >= budget.rows || writer.bytes >= budget.bytes || elapsedMs >= budget.ms
  }
}

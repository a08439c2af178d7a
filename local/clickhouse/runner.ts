/**
 * Runs statements on the engine and sends what they give: results through a pipe, rows to insert from the spool.
 * A query whose client has gone is killed.
 */
import { createReadStream } from 'node:fs'
import type { Work } from './body.js'
import type { EngineConnection } from './engine.js'
import { ClickHouseException } from './errors.js'
import type { Killer } from './killer.js'
import type { QueryOutcome } from './native.js'
import type { PipePool } from './pipes.js'
import type { ReadCounter } from './read-counts.js'
import type { QueryRequest } from './request.js'
import type { QueryResponse, Summary } from './response.js'
import { applyContext, type Sessions } from './sessions.js'
import type { Slots } from './slots.js'
import type { Spool } from './spool.js'
import type { OtherStatement, SelectStatement } from './statement.js'

/** The parts a runner works with. */
export interface RunnerParts {
  readonly killer: Killer
  readonly sessions: Sessions
  readonly pipes: PipePool
  readonly spool: Spool
  readonly readCounter: ReadCounter
  /** Queries that run at once, and of these the ones that write. */
  readonly slots: Slots
  readonly writeSlots: Slots
}

const READS = new Set([
  'SELECT',
  'WITH',
  'FROM',
  '(',
  'SHOW',
  'DESCRIBE',
  'DESC',
  'EXISTS',
  'EXPLAIN',
  'CHECK',
  'SET',
  'USE',
])

/** Runs queries, no two of one id at once. */
export class Runner {
  readonly #parts: RunnerParts
  readonly #running = new Set<string>()

  constructor(parts: RunnerParts) {
    this.#parts = parts
  }

  /** Runs one request, sending its result through `answer`, which the caller then ends. @throws ClickHouseException or the engine's error */
  async run(asked: QueryRequest, work: Work, answer: QueryResponse, signal: AbortSignal): Promise<Summary> {
    const { killer, sessions, slots, writeSlots } = this.#parts
    if (this.#running.has(asked.queryId)) {
      throw new ClickHouseException(
        216,
        'QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING',
        `Query with id = ${asked.queryId} is already running.`,
      )
    }
    refuseWriting(asked, work)
    this.#running.add(asked.queryId)
    const comment = `${asked.queryId}\x1f${asked.logComment}`
    let leave = (): void => undefined
    try {
      leave = await (isWrite(work) ? writeSlots : slots).take(signal)
      const lease = sessions.lease(asked.session)
      try {
        const undo = await applyContext(lease, asked, work.text, comment)
        const over = killer.watch(comment, signal)
        try {
          return await this.#send(lease.connection, asked, work, answer, signal)
        } finally {
          over()
          await undo(work.statement.kind === 'other' && ['SET', 'USE'].includes(work.statement.keyword))
        }
      } finally {
        await lease.release()
      }
    } finally {
      leave()
      this.#parts.readCounter.take(asked.queryId)
      this.#running.delete(asked.queryId)
    }
  }

  async #send(
    connection: EngineConnection,
    asked: QueryRequest,
    { statement, data }: Work,
    answer: QueryResponse,
    signal: AbortSignal,
  ): Promise<Summary> {
    if (signal.aborted) throw new ClickHouseException(394, 'QUERY_WAS_CANCELLED', 'Query was cancelled')
    if (statement.kind === 'select') return this.#select(connection, asked, statement, answer, signal)
    if (statement.kind === 'other' && !WRITES.has(statement.keyword))
      return this.#other(connection, asked, statement, answer)
    const sql = statement.kind === 'load' ? statement.render(data!) : statement.sql
    const { elapsed, rowsWritten, bytesWritten } = await connection.insert(sql)
    const read = this.#parts.readCounter.take(asked.queryId)
    return {
      readRows: read?.rows ?? rowsWritten,
      readBytes: read?.bytes ?? bytesWritten,
      writtenRows: rowsWritten,
      writtenBytes: bytesWritten,
      resultRows: rowsWritten,
      resultBytes: bytesWritten,
      elapsedNs: nanoseconds(elapsed),
    }
  }

  async #select(
    connection: EngineConnection,
    asked: QueryRequest,
    statement: SelectStatement,
    answer: QueryResponse,
    signal: AbortSignal,
  ): Promise<Summary> {
    answer.format(statement.format ?? asked.defaultFormat)
    const run = asked.waitEndOfQuery ? this.#throughFile : this.#throughPipe
    const outcome = await run.call(
      this,
      connection,
      (path) => statement.render(path, asked.defaultFormat),
      answer,
      signal,
    )
    return this.#readSummary(asked, outcome)
  }

  async #other(
    connection: EngineConnection,
    asked: QueryRequest,
    statement: OtherStatement,
    answer: QueryResponse,
  ) {
    const outcome = await connection.query(statement.sql, asked.defaultFormat)
    answer.format(statement.format ?? asked.defaultFormat)
    if (outcome.bytes.length > 0) await answer.write(outcome.bytes)
    return this.#readSummary(asked, outcome)
  }

  #readSummary(asked: QueryRequest, outcome: QueryOutcome): Summary {
    const read = this.#parts.readCounter.take(asked.queryId)
    return {
      readRows: read?.rows ?? outcome.rowsRead,
      readBytes: read?.bytes ?? outcome.bytesRead,
      writtenRows: 0,
      writtenBytes: 0,
      resultRows: outcome.rowsRead,
      resultBytes: outcome.bytesRead,
      elapsedNs: nanoseconds(outcome.elapsed),
    }
  }

  async #throughPipe(
    connection: EngineConnection,
    render: (path: string) => string,
    answer: QueryResponse,
    signal: AbortSignal,
  ) {
    const pipe = await this.#parts.pipes.open()
    const stop = (): void => void pipe.reader.destroy()
    signal.addEventListener('abort', stop)
    const done = connection.query(render(pipe.path)).finally(() => pipe.closeWriter())
    done.catch(() => undefined)
    try {
      for await (const chunk of pipe.reader) await answer.write(chunk as Uint8Array)
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      signal.removeEventListener('abort', stop)
      pipe.reader.destroy()
    }
    return await done
  }

  async #throughFile(connection: EngineConnection, render: (path: string) => string, answer: QueryResponse) {
    const file = this.#parts.spool.reserve()
    try {
      const outcome = await connection.query(render(file.path))
      for await (const chunk of createReadStream(file.path)) await answer.write(chunk as Uint8Array)
      return outcome
    } finally {
      await file.discard()
    }
  }
}

const WRITES = new Set(['INSERT', 'CREATE', 'REPLACE'])

const isWrite = ({ statement }: Work): boolean =>
  statement.kind === 'load' || (statement.kind === 'other' && statement.keyword === 'INSERT')

const nanoseconds = (seconds: number): number => Math.round(seconds * 1e9)

/** GET promises to change nothing; the engine enforces it too, but for sessions, where it could not be undone. */
const refuseWriting = (asked: QueryRequest, { statement }: Work): void => {
  const keyword = statement.kind === 'load' ? 'INSERT' : statement.keyword
  if (!asked.readonly || READS.has(keyword)) return
  throw new ClickHouseException(
    164,
    'READONLY',
    'Cannot execute query in readonly mode. For queries over HTTP, method GET implies readonly. ' +
      'You should use method POST for modifying queries.',
  )
}

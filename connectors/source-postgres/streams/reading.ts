/** One read of one relation: its connections and snapshot, and rows as the messages that the context asks for. */
import {
  block,
  ConnectorError,
  ConnectorErrorKind,
  type ReadContext,
  records,
  type StreamMessage,
} from '@tributary/connector-sdk'
import { qualified } from '@tributary/postgres'
import { type Relation, readColumns } from '../catalog.js'
import { beginRead, type Connection, connect } from '../client.js'
import { BLOCK_LIMITS, type BlockLimits, copyBlocks, type HoldBack, openBlocks } from '../reading/blocks.js'
import { decodeBlock } from '../reading/rows.js'
import type { PostgresConfig } from '../spec.js'
import { type Fields, selectList } from './fields.js'

export interface Limits {
  readonly block: BlockLimits
  /** What is read between two checkpoints of a full refresh. */
  readonly slice: BlockLimits
}

export const LIMITS: Limits = { block: BLOCK_LIMITS, slice: { rows: 2_000_000, bytes: 512 * 1024 * 1024 } }

/** Records are decoded in smaller portions than blocks: as objects they take ten times the memory. */
const RECORD_LIMITS: BlockLimits = { rows: 1000, bytes: 4 * 1024 * 1024 }

export interface Reading {
  readonly context: ReadContext<PostgresConfig>
  readonly relation: Relation
  readonly fields: Fields
  readonly limits: Limits
  readonly leader: Connection
  /** The leader and, where the config asks for parallel reads, more connections in the leader's snapshot. */
  fanOut(): Promise<readonly Connection[]>
  /** The planner's idea of the relation, or of the part that `suffix` selects. */
  planSize(suffix?: string): Promise<{ readonly rows: number; readonly bytes: number }>
  /** Rows of `SELECT … FROM relation t <suffix>`. */
  rows(connection: Connection, suffix: string): AsyncGenerator<StreamMessage>
  /** The same in portions, each of which has told its {@link HoldBack} when it has ended. */
  portions(connection: Connection, suffix: string, holdBack?: HoldBack): AsyncGenerator<Portion>
  /** Ends whatever runs. Idempotent, never throws. */
  close(): Promise<void>
}

export interface Portion {
  readonly rows: StreamMessage
  /** Resolves when the rows were read to their end. */
  readonly ended: Promise<void>
}

/** @throws ConnectorError SchemaIncompatible when the relation is not what was discovered */
export async function openReading(
  context: ReadContext<PostgresConfig>,
  relation: Relation,
  fields: Fields,
  limits: Limits,
): Promise<Reading> {
  const source = qualified(relation)
  const select = (suffix: string): string =>
    `select ${selectList(fields, context.fields)} from ${source} t ${suffix}`
  const leader = await connect(context)
  const connections = [leader]
  const closing = new AbortController()
  const signal = AbortSignal.any([closing.signal, context.signal])
  const reading: Reading = {
    context,
    relation,
    fields,
    limits,
    leader,
    async fanOut() {
      const wanted = context.config.parallel_reads ?? 1
      if (wanted > connections.length) {
        const [[snapshot] = []] = await leader.query('sharing the snapshot', 'select pg_export_snapshot()')
        while (connections.length < wanted) {
          const connection = await connect(context)
          connections.push(connection)
          await beginRead(connection, context.config, snapshot!)
        }
      }
      return connections
    },
    async planSize(suffix = '') {
      const [[plan] = []] = await leader.query(
        `estimating ${source}`,
        `explain (format json) ${select(suffix)}`,
      )
      const { 'Plan Rows': rows, 'Plan Width': width } = JSON.parse(plan!)[0].Plan
      return { rows, bytes: rows * width }
    },
    async *rows(connection, suffix) {
      for await (const { rows } of reading.portions(connection, suffix)) yield rows
    },
    async *portions(connection, suffix, holdBack) {
      const { path, fields: columns, openBlocks: open } = context
      const copy = [connection, select(suffix), `reading ${source}`] as const
      const options = { limits: limits.block, holdBack, signal }
      const format = 'TabSeparated'
      const ended = Promise.resolve()
      if (path === 'rows') {
        for await (const part of copyBlocks(...copy, { ...options, limits: RECORD_LIMITS }))
          yield { rows: records(decodeBlock(part, columns, fields.schema)), ended }
      } else if (open) {
        for await (const { chunks, ended } of openBlocks(...copy, options))
          yield { rows: block({ format, columns, body: { kind: 'open', chunks } }), ended }
      } else {
        for await (const { chunks: bytes, rows } of copyBlocks(...copy, options))
          yield { rows: block({ format, columns, body: { kind: 'bytes', bytes }, rows }), ended }
      }
    },
    async close() {
      closing.abort()
      await Promise.all(connections.map((connection) => connection.close()))
    },
  }
  try {
    await beginRead(leader, context.config)
    // the plan takes the lock that keeps the table as it is until the transaction ends
    await reading.planSize()
    await verifyColumns(reading)
    return reading
  } catch (error) {
    await reading.close()
    throw error
  }
}

async function verifyColumns({ leader, relation, context }: Reading): Promise<void> {
  const now = new Map((await readColumns(leader, relation.oid)).map((column) => [column.name, column]))
  for (const { name, typeText } of relation.columns) {
    if (context.fields.includes(name) && now.get(name)?.typeText !== typeText) {
      throw new ConnectorError(
        ConnectorErrorKind.SchemaIncompatible,
        `reading ${relation.schema}.${relation.name}: column ${name} was ${typeText} and is ${now.get(name)?.typeText ?? 'gone'}; discover again`,
      )
    }
  }
}

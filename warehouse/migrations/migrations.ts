/** The numbered steps that made the warehouse's own databases what they are. */
import { activationMigration } from './activation.js'
import { membersMigration } from './members.js'
import { DURABLE, type Migration } from './migration.js'
import { profilesMigration } from './profiles.js'
import { retentionMigration } from './retention.js'
import { sessionsMigration } from './sessions.js'

export const migrations: readonly Migration[] = [
  {
    number: 1,
    name: 'ledger',
    statements: [
      `CREATE TABLE IF NOT EXISTS tributary.loads (
        source String,
        stream String,
        lane String,
        event LowCardinality(String) COMMENT 'started, accepted or published',
        epoch UInt64 COMMENT 'one per run of a stream, higher than all before',
        base UInt32 COMMENT 'the sequence that the epoch continues',
        sequence UInt32,
        load_id UInt64,
        generation UInt32,
        fold UInt32,
        state String,
        cursor String,
        cursor_time Nullable(DateTime64(3, 'UTC')),
        rows UInt64,
        bytes UInt64,
        rejects UInt64,
        revision String,
        run_id String,
        at DateTime64(3, 'UTC') DEFAULT now64(3)
      ) ENGINE = MergeTree ORDER BY (source, stream, lane, epoch, sequence, load_id) ${DURABLE}`,
      // An acceptance is void when a later epoch continued from before it: the rule that makes late writers harmless.
      `CREATE OR REPLACE VIEW tributary.valid_loads AS
        SELECT * FROM (
          SELECT *, min(toNullable(base)) OVER (
            PARTITION BY lane ORDER BY epoch DESC RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
          ) AS fence
          FROM tributary.loads
          WHERE source = {source:String} AND stream = {stream:String} AND event IN ('accepted', 'published')
        )
        WHERE fence IS NULL OR sequence <= fence`,
      `CREATE OR REPLACE VIEW tributary.hidden_loads AS
        SELECT DISTINCT load_id FROM tributary.loads
        WHERE source = {source:String} AND stream = {stream:String} AND event = 'started'
          AND load_id NOT IN (
            SELECT load_id FROM tributary.valid_loads(source = {source:String}, stream = {stream:String})
          )`,
      `CREATE OR REPLACE VIEW tributary.current_generation AS
        SELECT argMax(generation, (epoch, sequence)) AS generation, argMax(fold, (epoch, sequence)) AS fold
        FROM tributary.valid_loads(source = {source:String}, stream = {stream:String})
        WHERE event = 'published' AND lane = 'live'`,
    ],
  },
  {
    number: 2,
    name: 'runs, rejects and revisions',
    statements: [
      `CREATE TABLE IF NOT EXISTS tributary.runs (
        source String,
        workflow_id String,
        run_id String,
        outcome LowCardinality(String),
        report String COMMENT 'the RunReport as JSON',
        started_at DateTime64(3, 'UTC'),
        ended_at DateTime64(3, 'UTC')
      ) ENGINE = ReplacingMergeTree ORDER BY (source, started_at, run_id) ${DURABLE}`,
      `CREATE TABLE IF NOT EXISTS tributary.rejects (
        source String,
        stream String,
        load_id UInt64,
        ordinal UInt32,
        reason String,
        field String,
        location String,
        raw String CODEC(ZSTD(3)),
        at DateTime64(3, 'UTC') DEFAULT now64(3),
        INDEX by_load load_id TYPE minmax
      ) ENGINE = MergeTree ORDER BY (source, stream, at) TTL toDateTime(at) + INTERVAL 90 DAY ${DURABLE}`,
      `CREATE TABLE IF NOT EXISTS tributary.replays (
        source String,
        stream String,
        reject_load_id UInt64,
        reject_ordinal UInt32,
        load_id UInt64 COMMENT 'the load that brought the row in',
        at DateTime64(3, 'UTC') DEFAULT now64(3)
      ) ENGINE = MergeTree ORDER BY (source, stream, reject_load_id, reject_ordinal) ${DURABLE}`,
      `CREATE TABLE IF NOT EXISTS tributary.revisions (
        revision String,
        number UInt64,
        parent String,
        author String,
        message String,
        files String CODEC(ZSTD(3)),
        applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
      ) ENGINE = MergeTree ORDER BY number ${DURABLE}`,
    ],
  },
  profilesMigration,
  {
    number: 4,
    name: 'hidden loads in one pass',
    statements: [
      // The rule of valid_loads, but with each load looked at once instead of one set of loads sought in another.
      `CREATE OR REPLACE VIEW tributary.hidden_loads AS
        SELECT load_id FROM (
          SELECT load_id, event, sequence,
            min(if(event IN ('accepted', 'published'), toNullable(base), NULL)) OVER (
              PARTITION BY lane ORDER BY epoch DESC RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS fence
          FROM tributary.loads
          WHERE source = {source:String} AND stream = {stream:String}
        )
        GROUP BY load_id
        HAVING max(event = 'started')
          AND NOT max(event IN ('accepted', 'published') AND (fence IS NULL OR sequence <= fence))`,
    ],
  },
  activationMigration,
  membersMigration,
  sessionsMigration,
  retentionMigration,
]

/** How long data is kept: what was removed of each stream, what the runs said, and rejects that go when the workspace says so. */
import { DURABLE, type Migration } from './migration.js'

export const retentionMigration: Migration = {
  number: 8,
  name: 'retention',
  statements: [
    `CREATE TABLE IF NOT EXISTS tributary.expirations (
        source String,
        stream String,
        generation UInt32,
        event LowCardinality(String) COMMENT 'begun before the first row goes, done when all are gone',
        before_load UInt64 COMMENT 'of accepted loads with a lower id, what was to go is gone',
        rows UInt64,
        at DateTime64(3, 'UTC') DEFAULT now64(3)
      ) ENGINE = MergeTree ORDER BY (source, stream, generation, before_load) ${DURABLE}`,
    `CREATE TABLE IF NOT EXISTS tributary.retention_runs (
        workspace String,
        workflow_id String,
        run_id String,
        outcome LowCardinality(String),
        report String COMMENT 'the RetentionReport as JSON',
        ended_at DateTime64(3, 'UTC') DEFAULT now64(3)
      ) ENGINE = ReplacingMergeTree(ended_at) ORDER BY (workspace, run_id) ${DURABLE}`,
    // A load is decided once its run, or a later one, has gone past it.
    `CREATE OR REPLACE VIEW tributary.undecided_loads AS
      SELECT load_id FROM (
        SELECT load_id, event, (epoch, sequence) AS place,
          max(if(event IN ('accepted', 'published'), (epoch, sequence), (epoch, toUInt32(0))))
            OVER (PARTITION BY source, stream, lane) AS decided
        FROM tributary.loads
      )
      WHERE event = 'started' AND place > decided
      GROUP BY load_id`,
    // Rejects go when the workspace says so; the table's own time is only a last resort.
    'ALTER TABLE tributary.rejects MODIFY TTL toDateTime(at) + INTERVAL 20 YEAR',
  ],
}

/**
 * Activations in database `cdp`: frozen plans, what every destination acknowledged or refused, the runs, and who paused what.
 * Append-only: what a destination holds is the newest acknowledged row of each key.
 */
import { DURABLE, type Migration } from './migration.js'

/** What a record is matched by and its fields, as they are sent: normalised, hashed where the destination wants it. JSON. */
const RECORD = `activation LowCardinality(String),
        target LowCardinality(String) COMMENT 'destination/object/match fields: acknowledgements of another target say nothing of this one',
        key String COMMENT 'the match values as canonical JSON',
        change LowCardinality(String) COMMENT 'add, change or remove',
        operation LowCardinality(String) COMMENT 'upsert, remove, append or replace',
        fields String COMMENT 'the other fields as canonical JSON; empty for removes' CODEC(ZSTD(1)),
        before String COMMENT 'fields as last acknowledged; empty where there was no record' CODEC(ZSTD(1)),
        profile UInt32`

export const activationMigration: Migration = {
  number: 5,
  name: 'activations',
  statements: [
    `CREATE TABLE IF NOT EXISTS cdp.activation_plans (
        plan String,
        activation LowCardinality(String),
        run String,
        version UInt64 COMMENT 'higher than that of every plan of this activation before',
        hash String COMMENT 'of what it would send, in order',
        summary String COMMENT 'the PlanSummary as JSON',
        at DateTime64(3, 'UTC') DEFAULT now64(3)
      ) ENGINE = MergeTree ORDER BY (activation, version) ${DURABLE}`,
    `CREATE TABLE IF NOT EXISTS cdp.activation_plan_records (
        plan String,
        batch UInt32,
        ordinal UInt32,
        ${RECORD},
        compensates String COMMENT 'the run whose event this takes back',
        at DateTime64(3, 'UTC') DEFAULT now64(3)
      ) ENGINE = MergeTree PARTITION BY toDate(at) ORDER BY (plan, batch, ordinal)
      TTL toDateTime(at) + INTERVAL 30 DAY SETTINGS ttl_only_drop_parts = 1, fsync_after_insert = 1, fsync_part_directory = 1`,
    `CREATE TABLE IF NOT EXISTS cdp.activation_log (
        ${RECORD},
        outcome LowCardinality(String) COMMENT 'acknowledged, rejected or withheld',
        reason String,
        code String,
        run LowCardinality(String),
        plan LowCardinality(String),
        version UInt64 COMMENT 'of the plan',
        batch UInt32,
        at DateTime64(3, 'UTC') DEFAULT now64(3),
        INDEX by_version version TYPE minmax
      ) ENGINE = ReplacingMergeTree ORDER BY (activation, target, key, version, outcome) ${DURABLE}`,
    `CREATE OR REPLACE VIEW cdp.activation_state AS
      SELECT key, argMax(log.change, log.version) != 'remove' AS present, argMax(log.fields, log.version) AS fields,
        argMax(log.profile, log.version) AS profile, argMax(log.run, log.version) AS run, max(log.version) AS version
      FROM cdp.activation_log AS log
      WHERE activation = {activation:String} AND target = {target:String} AND outcome = 'acknowledged'
      GROUP BY key`,
    `CREATE TABLE IF NOT EXISTS cdp.activation_runs (
        activation String,
        run String,
        outcome LowCardinality(String),
        report String COMMENT 'the ActivationReport as JSON',
        started_at DateTime64(3, 'UTC'),
        ended_at DateTime64(3, 'UTC') DEFAULT now64(3)
      ) ENGINE = ReplacingMergeTree ORDER BY (activation, started_at, run) ${DURABLE}`,
    `CREATE TABLE IF NOT EXISTS cdp.activation_holds (
        activation String,
        held Bool,
        reason String,
        author String,
        at DateTime64(3, 'UTC') DEFAULT now64(3)
      ) ENGINE = MergeTree ORDER BY (activation, at) ${DURABLE}`,
    `CREATE TABLE IF NOT EXISTS tributary.audit (
        actor String,
        action LowCardinality(String),
        subject String,
        detail String,
        at DateTime64(3, 'UTC') DEFAULT now64(3)
      ) ENGINE = MergeTree ORDER BY at ${DURABLE}`,
  ],
}

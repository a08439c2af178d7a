/**
 * Database `cdp`: what mappings say of people (facts), who is who (identity), what holds of them (traits) and who is in which
 * segment. Every row names the load that wrote it; a load counts once the ledger has it accepted, under source `cdp`.
 */
import { DURABLE, type Migration } from './migration.js'

/** The value of a trait or property: `kind` says which column holds it. */
const VALUE = `kind LowCardinality(String) COMMENT 'text, number, boolean, time, list or null',
        text String,
        number Float64,
        boolean UInt8,
        time DateTime64(3, 'UTC'),
        list Array(String)`

const BY_LOAD = 'INDEX by_load _load_id TYPE minmax'

/** Defines the view of the facts that count. A view keeps the columns of the day on which it is defined. */
export const factsView = (facts: 'events' | 'trait_facts' | 'links'): string =>
  `CREATE OR REPLACE VIEW cdp.${facts} AS
      SELECT * FROM cdp.${facts}__rows
      WHERE (concat('mapping/', mapping), _generation) IN (SELECT stream, generation FROM cdp.current_generations)
        AND _load_id NOT IN (SELECT load_id FROM cdp.hidden_loads)`

export const profilesMigration: Migration = {
  number: 3,
  name: 'profiles',
  statements: [
    'CREATE DATABASE IF NOT EXISTS cdp ENGINE = Atomic',
    `CREATE OR REPLACE VIEW tributary.valid_loads_of AS
      SELECT * FROM (
        SELECT *, min(toNullable(base)) OVER (
          PARTITION BY stream, lane ORDER BY epoch DESC RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS fence
        FROM tributary.loads
        WHERE source = {source:String} AND event IN ('accepted', 'published')
      )
      WHERE fence IS NULL OR sequence <= fence`,
    // The rule of valid_loads_of, with each load looked at once.
    `CREATE OR REPLACE VIEW cdp.hidden_loads AS
      SELECT load_id FROM (
        SELECT load_id, event, sequence,
          min(if(event IN ('accepted', 'published'), toNullable(base), NULL)) OVER (
            PARTITION BY stream, lane ORDER BY epoch DESC RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
          ) AS fence
        FROM tributary.loads
        WHERE source = 'cdp'
      )
      GROUP BY load_id
      HAVING max(event = 'started')
        AND NOT max(event IN ('accepted', 'published') AND (fence IS NULL OR sequence <= fence))`,
    `CREATE OR REPLACE VIEW cdp.current_generations AS
      SELECT stream, argMax(generation, (epoch, sequence)) AS generation
      FROM tributary.valid_loads_of(source = 'cdp')
      WHERE event = 'published' AND lane = 'live' GROUP BY stream`,
    `CREATE TABLE IF NOT EXISTS cdp.nodes__rows (
        node UInt32 COMMENT 'from 1; given once, never reused',
        type LowCardinality(String),
        value String COMMENT 'normalised',
        first_seen DateTime64(3, 'UTC'),
        _load_id UInt64,
        ${BY_LOAD}
      ) ENGINE = MergeTree ORDER BY (type, value) ${DURABLE}`,
    `CREATE TABLE IF NOT EXISTS cdp.events__rows (
        mapping LowCardinality(String),
        source LowCardinality(String),
        row UInt64 COMMENT 'the row of the stream: hash of its key',
        event LowCardinality(String),
        message_id String CODEC(ZSTD(1)),
        ts DateTime64(3, 'UTC'),
        received_at DateTime64(3, 'UTC'),
        node UInt32,
        _load_id UInt64,
        _generation UInt32,
        ${BY_LOAD},
        INDEX by_ts ts TYPE minmax
      ) ENGINE = MergeTree PARTITION BY (mapping, _generation) ORDER BY (event, node, ts) ${DURABLE}`,
    `CREATE TABLE IF NOT EXISTS cdp.trait_facts__rows (
        mapping LowCardinality(String),
        source LowCardinality(String),
        row UInt64,
        trait LowCardinality(String),
        node UInt32,
        ts DateTime64(3, 'UTC'),
        received_at DateTime64(3, 'UTC'),
        ${VALUE},
        _load_id UInt64,
        _generation UInt32,
        ${BY_LOAD}
      ) ENGINE = MergeTree PARTITION BY (mapping, _generation) ORDER BY (trait, node, ts) ${DURABLE}`,
    `CREATE TABLE IF NOT EXISTS cdp.links__rows (
        mapping LowCardinality(String),
        source LowCardinality(String),
        row UInt64,
        node_a UInt32 COMMENT 'the highest identifier of the row',
        node_b UInt32 COMMENT 'another one of the row; the same where the row says nothing but this identifier',
        ts DateTime64(3, 'UTC'),
        _load_id UInt64,
        _generation UInt32,
        ${BY_LOAD}
      ) ENGINE = MergeTree PARTITION BY (mapping, _generation) ORDER BY (node_a, node_b, ts) ${DURABLE}`,
    `CREATE TABLE IF NOT EXISTS cdp.retracted__rows (
        mapping LowCardinality(String),
        row UInt64 COMMENT 'facts of this row that are older than the load no longer hold',
        node UInt32 COMMENT 'one whom such a fact was about',
        _load_id UInt64,
        _generation UInt32
      ) ENGINE = MergeTree ORDER BY (_load_id, mapping, row) ${DURABLE}`,
    `CREATE TABLE IF NOT EXISTS cdp.phone_numbers (
        region LowCardinality(String) COMMENT 'of numbers without a country code',
        raw String COMMENT 'as somebody wrote it',
        e164 String COMMENT 'empty where it is no valid number'
      ) ENGINE = ReplacingMergeTree ORDER BY (region, raw) ${DURABLE}`,
    `CREATE TABLE IF NOT EXISTS cdp.identity_records (
        id String,
        kind LowCardinality(String) COMMENT 'merge or cut; undone names the record that it takes back',
        type_a LowCardinality(String),
        value_a String,
        type_b LowCardinality(String),
        value_b String,
        undone String,
        author String,
        note String,
        at DateTime64(3, 'UTC')
      ) ENGINE = MergeTree ORDER BY (at, id) ${DURABLE}`,
    `CREATE TABLE IF NOT EXISTS cdp.list_records (
        list LowCardinality(String),
        type LowCardinality(String),
        value String COMMENT 'normalised identifier',
        change LowCardinality(String) COMMENT 'added or removed',
        author String,
        at DateTime64(3, 'UTC')
      ) ENGINE = MergeTree ORDER BY (list, at) ${DURABLE}`,
    `CREATE TABLE IF NOT EXISTS cdp.node_profiles__rows (
        node UInt32,
        profile UInt32 COMMENT 'the least node of the person',
        raw UInt32 COMMENT 'the least node of what would be one person without limits',
        version UInt32,
        _load_id UInt64,
        _generation UInt32,
        ${BY_LOAD}
      ) ENGINE = MergeTree ORDER BY (node, version) ${DURABLE}`,
    `CREATE TABLE IF NOT EXISTS cdp.identity_log__rows (
        kind LowCardinality(String) COMMENT 'merged, split or conflict',
        profile UInt32,
        other UInt32,
        detail String,
        at DateTime64(3, 'UTC'),
        _load_id UInt64,
        _generation UInt32
      ) ENGINE = MergeTree ORDER BY (at, profile) ${DURABLE}`,
    `CREATE TABLE IF NOT EXISTS cdp.trait_values__rows (
        trait LowCardinality(String),
        profile UInt32,
        ${VALUE},
        source LowCardinality(String) COMMENT 'the source that the value is from; computed where it was computed from events',
        at DateTime64(3, 'UTC'),
        _load_id UInt64,
        _generation UInt32
      ) ENGINE = MergeTree PARTITION BY _generation ORDER BY (trait, profile) ${DURABLE}`,
    `CREATE TABLE IF NOT EXISTS cdp.records__rows (
        profile UInt32,
        present Bool DEFAULT true COMMENT 'false where no fact is about this person any more',
        version UInt32,
        _load_id UInt64 COMMENT 'the load whose trait values are the profile of this person',
        _generation UInt32,
        ${BY_LOAD}
      ) ENGINE = MergeTree ORDER BY (profile, version) ${DURABLE}`,
    `CREATE TABLE IF NOT EXISTS cdp.segment_versions__rows (
        segment LowCardinality(String),
        definition String COMMENT 'hash of what was evaluated',
        members AggregateFunction(groupBitmap, UInt32),
        carries UInt8 COMMENT '1: members are here; 0: they are those of the newest earlier version that carries some',
        size UInt64,
        entered UInt64,
        left UInt64,
        seconds Float64,
        error String COMMENT 'why it was not evaluated; members are then the last good ones',
        at DateTime64(3, 'UTC') COMMENT 'the moment for which it was evaluated',
        version UInt32,
        _load_id UInt64
      ) ENGINE = MergeTree ORDER BY (segment, version) ${DURABLE}`,
    `CREATE TABLE IF NOT EXISTS cdp.membership_log__rows (
        segment LowCardinality(String),
        profile UInt32,
        change LowCardinality(String) COMMENT 'entered or left; moved_in and moved_out where a member goes on under another id',
        cause LowCardinality(String) COMMENT 'definition, identity, data or time',
        at DateTime64(3, 'UTC'),
        version UInt32,
        _load_id UInt64
      ) ENGINE = MergeTree ORDER BY (segment, version, profile) ${DURABLE}`,
    `CREATE TABLE IF NOT EXISTS cdp.refreshes (
        workspace String,
        workflow_id String,
        run_id String,
        now DateTime64(3, 'UTC') COMMENT 'the moment that the round was for',
        outcome LowCardinality(String),
        report String COMMENT 'the RefreshReport as JSON',
        ended_at DateTime64(3, 'UTC') DEFAULT now64(3)
      ) ENGINE = ReplacingMergeTree ORDER BY (workspace, now, run_id) ${DURABLE}`,
    ...(['events', 'trait_facts', 'links'] as const).map(factsView),
    ...['nodes', 'segment_versions', 'membership_log'].map(
      (table) => `CREATE OR REPLACE VIEW cdp.${table} AS
      SELECT * FROM cdp.${table}__rows WHERE _load_id NOT IN (SELECT load_id FROM cdp.hidden_loads)`,
    ),
    ...[
      ['node_profiles', 'identity'],
      ['identity_log', 'identity'],
      ['records', 'traits'],
    ].map(
      ([table, stream]) => `CREATE OR REPLACE VIEW cdp.${table} AS
      SELECT * FROM cdp.${table}__rows
      WHERE _generation = (SELECT max(generation) FROM cdp.current_generations WHERE stream = '${stream}')
        AND _load_id NOT IN (SELECT load_id FROM cdp.hidden_loads)`,
    ),
  ],
}

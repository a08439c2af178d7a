/**
 * Who may use the server: members, the links they sign in with, and tokens of programs. Append-only; the newest row of an
 * id counts. Links and tokens are kept as hashes.
 */
import { DURABLE, type Migration } from './migration.js'

export const membersMigration: Migration = {
  number: 6,
  name: 'members',
  statements: [
    `CREATE TABLE IF NOT EXISTS tributary.members (
        member String,
        name String,
        role LowCardinality(String) COMMENT 'viewer, marketer, operator or admin',
        epoch UInt32 COMMENT 'sessions of an earlier one are over',
        removed Bool,
        version UInt32 COMMENT 'one more than that of the row it replaces',
        author String,
        at DateTime64(3, 'UTC') DEFAULT now64(3)
      ) ENGINE = MergeTree ORDER BY (member, version) ${DURABLE}`,
    `CREATE TABLE IF NOT EXISTS tributary.links (
        link String COMMENT 'SHA-256 of the one-time link',
        event LowCardinality(String) COMMENT 'made, used or revoked',
        member String,
        expires_at DateTime64(3, 'UTC'),
        claim String COMMENT 'of a use: told from every other use of the same link',
        author String,
        at DateTime64(3, 'UTC') DEFAULT now64(3)
      ) ENGINE = MergeTree ORDER BY (link, at) TTL toDateTime(expires_at) + INTERVAL 90 DAY ${DURABLE}`,
    `CREATE TABLE IF NOT EXISTS tributary.tokens (
        token String COMMENT 'its id',
        event LowCardinality(String) COMMENT 'created or revoked',
        name String,
        hash String COMMENT 'SHA-256 of the token',
        role LowCardinality(String),
        expires_at Nullable(DateTime64(3, 'UTC')),
        author String,
        at DateTime64(3, 'UTC') DEFAULT now64(3)
      ) ENGINE = MergeTree ORDER BY (token, at) ${DURABLE}`,
    `CREATE TABLE IF NOT EXISTS tributary.token_uses (
        token String,
        at DateTime64(3, 'UTC') DEFAULT now64(3)
      ) ENGINE = ReplacingMergeTree(at) ORDER BY token`,
  ],
}

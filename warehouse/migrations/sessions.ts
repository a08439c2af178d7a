/** Sessions that somebody signed out of. Cookies that were signed cannot be taken back; what is here is not taken any more. */
import { DURABLE, type Migration } from './migration.js'

export const sessionsMigration: Migration = {
  number: 7,
  name: 'sessions that ended',
  statements: [
    `CREATE TABLE IF NOT EXISTS tributary.ended_sessions (
        session String COMMENT 'SHA-256 of the cookie',
        expires_at DateTime64(3, 'UTC') COMMENT 'from when on nobody would take the cookie anyway',
        at DateTime64(3, 'UTC') DEFAULT now64(3)
      ) ENGINE = MergeTree ORDER BY session TTL toDateTime(expires_at) + INTERVAL 1 DAY ${DURABLE}`,
  ],
}

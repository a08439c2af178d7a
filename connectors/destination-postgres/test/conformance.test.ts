import type { DestinationRecord } from '@tributary/connector-sdk'
import { describeDestination } from '@tributary/connector-sdk/testing'
import destination, { type PostgresConfig } from '@tributary/destination-postgres'
import { configOf, freshSchema, sql } from './database.js'

const CUSTOMERS = `first_name text NOT NULL, orders int CHECK (orders >= 0), ltv numeric(10,2), vip bool, joined date, seen timestamptz,
  tags text[], extra jsonb, photo bytea`
const SEEN = `to_char(seen AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS seen`

const sample = (n: number): DestinationRecord => ({
  match: { email: `zoë${n}@example.com` },
  fields: {
    first_name: `Zoë ${n}`,
    orders: n,
    ltv: `${n}.50`,
    vip: n % 2 === 0,
    joined: '2026-01-31',
    seen: '2026-01-31T10:00:00.123456Z',
    tags: ['a', `"${n}"`],
    extra: { n, list: [null, 'x'] },
    photo: 'deadbeef',
  },
})

describe('the PostgreSQL destination', () => {
  describeDestination<PostgresConfig>(destination, {
    packageOf: import.meta.resolve('@tributary/destination-postgres'),
    speaks: 'tcp',
    objects: [
      {
        name: 'customers',
        operations: ['upsert', 'remove', 'replace'],
        sample,
        badSample: (n) => ({ ...sample(n), fields: { ...sample(n).fields, orders: -1 - n } }),
      },
      {
        name: 'events',
        operations: ['append'],
        sample: (n) => ({
          match: { email: `zoë${n}@example.com` },
          fields: { city: `Köln ${n}`, orders: n },
        }),
        badSample: (n) => ({ match: { email: `bad${n}@example.com` }, fields: { orders: -1 - n } }),
      },
    ],
    async start() {
      const schema = await freshSchema()
      await sql(`CREATE TABLE ${schema}.customers (email text PRIMARY KEY, ${CUSTOMERS});
        CREATE TABLE ${schema}.events (event_id uuid PRIMARY KEY, event text NOT NULL, email text NOT NULL, city text,
          orders int CHECK (orders >= 0), at timestamptz NOT NULL DEFAULT now())`)
      const config = configOf(schema)
      const { host, port } = config
      return {
        config,
        tcp: { host, port: port!, configFor: (host, port) => ({ ...config, host, port }) },
        badConfigs: [
          {
            title: 'a false password',
            config: { ...config, password: 'a false password' },
            kind: 'AuthExpired',
          },
          { title: 'no such database', config: { ...config, database: 'nowhere' }, kind: 'ConfigInvalid' },
          { title: 'no such schema', config: { ...config, schemas: ['nowhere'] }, kind: 'ConfigInvalid' },
        ],
        objectName: (name) => `${schema}.${name}`,
        async holdings(object) {
          const columns = object.endsWith('events')
            ? 'email, event, city, orders'
            : `email, first_name, orders, ltv::text, vip, joined, ${SEEN}, tags, extra, encode(photo, 'hex') AS photo`
          const rows = await sql(`SELECT row_to_json(t) FROM (SELECT ${columns} FROM ${object}) t`)
          return rows.map(([json]) => {
            const { email, event, ...fields } = JSON.parse(json!)
            return { match: { email }, fields, ...(event && { event }) }
          })
        },
        clear: async () => void (await sql(`TRUNCATE ${schema}.customers, ${schema}.events`)),
        stop: async () => undefined,
      }
    },
  })
})

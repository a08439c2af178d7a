import { describeSource } from '@tributary/connector-sdk/testing'
import { type PostgresConfig, postgresSource } from '@tributary/source-postgres'
import { configOf, freshSchema, sql } from './database.js'

describe('the PostgreSQL source', () => {
  describeSource<PostgresConfig>(
    postgresSource({ block: { rows: 50, bytes: 65536 }, slice: { rows: 60, bytes: 65536 } }),
    {
      config: async () => {
        const schema = await freshSchema()
        await sql(`CREATE TABLE ${schema}.orders (updated_at timestamptz NOT NULL, id int, region text, total numeric(12,2), price numeric,
          paid bool, tags text[], items jsonb, due date, note text, big int8, ratio float8, photo bytea, PRIMARY KEY (region, id));
        INSERT INTO ${schema}.orders SELECT '2026-01-01'::timestamptz + i / 3 * interval '1 minute', i, 'r' || i % 3, i / 7.0, i / 3.0, i % 2 = 0,
          array['a', null, i::text], jsonb_build_object('n', i), CASE i % 9 WHEN 0 THEN 'infinity' ELSE '2026-01-01'::date + i END,
          repeat(E'ünï 😀 \\t\\n\\\\', 300), 9007199254740993 + i, i / 7.0, decode(md5(i::text), 'hex') FROM generate_series(1, 200) i;
        CREATE TABLE ${schema}.plain (v text); INSERT INTO ${schema}.plain VALUES ('a'), (''), (NULL);
        CREATE VIEW ${schema}.seen AS SELECT id, updated_at FROM ${schema}.orders WHERE id <= 20`)
        return configOf(schema)
      },
      badConfig: () => configOf(undefined, { password: 'a false password' }),
    },
  )
})

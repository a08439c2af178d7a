import assert from 'node:assert/strict'
import { type DestinationRecord, OK } from '@tributary/connector-sdk'
import { batchOf, configOf, freshSchema, objectOf, open, sql, write } from './database.js'

const event = (n: number, overrides: Partial<DestinationRecord> = {}): DestinationRecord => ({
  match: { email: `zoë${n}@example.com` },
  fields: { ltv: `${n}.50` },
  event: 'entered',
  ...overrides,
})

describe('appending events to PostgreSQL', () => {
  for (const type of ['uuid', 'text', 'varchar(36)']) {
    it(`keeps each once, however often it comes, by an event_id of type ${type}`, async () => {
      const schema = await freshSchema()
      await sql(`CREATE TABLE ${schema}.t (event_id ${type} PRIMARY KEY, event text NOT NULL, email text NOT NULL, ltv numeric(8,2),
        at timestamptz NOT NULL DEFAULT now(), compensates text, run text, activation text)`)
      const config = configOf(schema)
      const object = await objectOf(config, 't')
      assert.deepEqual(
        [object.operations, object.undo, object.idempotency, Object.keys(object.fields), object.matchKeys],
        [['append'], 'compensate', 'natural', ['email', 'ltv', 'at'], [['email'], ['ltv'], ['at']]],
      )
      const records = [event(1), event(2), event(3, { event: 'left', compensates: 'run-0' })]
      assert.deepEqual(await write(object, config, batchOf('append', records)), [OK, OK, OK])
      assert.deepEqual(await write(object, config, batchOf('append', records.slice(1))), [OK, OK])
      assert.deepEqual(await write(object, config, batchOf('append', [event(1, { event: 'left' })], 1)), [OK])
      assert.deepEqual(
        await sql(
          `SELECT event, email, ltv, compensates, run, activation FROM ${schema}.t ORDER BY email, event`,
        ),
        [
          ['entered', 'zoë1@example.com', '1.50', null, 'run-1', 'test'],
          ['left', 'zoë1@example.com', '1.50', null, 'run-1', 'test'],
          ['entered', 'zoë2@example.com', '2.50', null, 'run-1', 'test'],
          ['left', 'zoë3@example.com', '3.50', 'run-0', 'run-1', 'test'],
        ],
      )
    })
  }

  it('needs no more than the two columns, and rejects what the table does not take', async () => {
    const schema = await freshSchema()
    await sql(`CREATE TYPE ${schema}.what AS ENUM ('entered');
      CREATE TABLE ${schema}.t (event_id uuid UNIQUE, event ${schema}.what, email text)`)
    const config = configOf(schema)
    const object = await objectOf(config, 't')
    const plain = (n: number, what: 'entered' | 'left') => event(n, { fields: {}, event: what })
    const results = await write(
      object,
      config,
      batchOf('append', [plain(1, 'entered'), plain(2, 'left')]),
      open(config),
    )
    const reason = 'the value is not valid for the type (column event)'
    assert.deepEqual(results, [OK, { status: 'rejected', reason, code: '22P02' }])
    assert.deepEqual(await sql(`SELECT event, email FROM ${schema}.t`), [['entered', 'zoë1@example.com']])
  })
})

import assert from 'node:assert/strict'
import { activationFileSchema, sourceFileSchema, workspaceFileSchema } from '@tributary/schemas'
import { isTimeZone, type Schema, schemaProblems } from './validation.js'

const stream = { name: 'orders', sync_mode: 'incremental', destination_sync_mode: 'append' }
const source = (extra: object = {}, streamExtra: object = {}) => ({
  connector: 'source-x',
  streams: [{ ...stream, ...streamExtra }],
  ...extra,
})
const render = (schema: Schema, value: unknown) =>
  schemaProblems(schema, value).map(({ path, message, remedy }) => `${path.join('.')}: ${message}; ${remedy}`)

describe('schemaProblems', () => {
  it('says that a mapping must not be empty', () => {
    const file = { segment: 'lapsed', destination: 'crm', object: 'contacts', mode: 'mirror', match: {} }
    assert.deepEqual(render(activationFileSchema, file), [
      'match: must have at least one key; e.g. {"email":"identifiers.email"}',
    ])
  })

  it('finds nothing in a valid file', () => {
    const where = {
      all: [{ field: 'status', not_eq: 'draft' }, { not: { any: [{ field: 'n', between: [1, 2] }] } }],
    }
    const file = source(
      { schedule: { cron: '0 * * * *', time_zone: 'Europe/Paris', jitter: '3m' } },
      { where },
    )
    assert.deepEqual(render(sourceFileSchema, file), [])
  })

  const cases: [string, unknown, string[]][] = [
    [
      'an unknown key, with the nearest known one',
      source({}, { curser_field: 'x' }),
      ['streams.0.curser_field: unknown key; did you mean cursor_field?'],
    ],
    [
      'a missing key, with what it is for',
      { streams: [stream] },
      [
        ": missing key connector; add connector (A package name, or the relative path of a connector's folder.)",
      ],
    ],
    [
      'an unknown value, with the known ones',
      source({}, { sync_mode: 'full' }),
      ['streams.0.sync_mode: unknown value; write one of: full_refresh, incremental'],
    ],
    ['a wrong type', source({ parallelism: 'many' }), ['parallelism: must be a whole number; e.g. 3']],
    [
      'a cron expression that is none, of the branch that was meant',
      source({ schedule: { cron: '61 * * * *' } }),
      ['schedule.cron: is not a cron expression: the minute "61" is not within 0-59; e.g. "0 * * * *"'],
    ],
    [
      'a key of another branch',
      source({ schedule: { every: '15m', time_zone: 'UTC' } }),
      ['schedule.time_zone: unknown key; known keys: every, offset, jitter, catchup_window'],
    ],
    [
      'a union of which no branch was meant',
      source({ schedule: 'hourly' }),
      ['schedule: is not a valid schedule; write one of: manual, { cron: … }, { every: … }'],
    ],
    [
      'a duration that is none',
      source({ schedule: { every: '15 min' } }),
      ['schedule.every: is not a duration; write a whole number and s, m, h, d or y, e.g. 15m'],
    ],
    [
      'a condition deep inside others',
      source({}, { where: { any: [{ not: { field: 'a', equals: 1 } }] } }),
      [
        'streams.0.where.any.0.not.equals: unknown key; known keys: field, eq, not_eq, gt, gte, lt, lte, between, in, not_in, contains, not_contains, starts_with, ends_with, matches, exists, absent',
      ],
    ],
    [
      'a condition with two operators',
      source({}, { where: { field: 'a', gt: 1, lt: 5 } }),
      [
        'streams.0.where: must have exactly 2 keys: a field and one operator; e.g. {"field":"status","not_eq":"draft"}',
      ],
    ],
    ['nothing at all', null, [': must be a mapping of keys; see the description of this key']],
  ]
  for (const [name, value, expected] of cases) {
    it(`reports ${name}`, () => assert.deepEqual(render(sourceFileSchema, value), expected))
  }

  it('reports time zones that are none', () => {
    assert.deepEqual(render(workspaceFileSchema, { workspace: 'w', time_zone: 'Europe/Pariss' }), [
      'time_zone: is not a known time zone; write an IANA name, e.g. Europe/Paris',
    ])
    assert.deepEqual(['UTC', 'Europe/Paris', '+01:00', '', 'Mars/Olympus'].map(isTimeZone), [
      true,
      true,
      false,
      false,
      false,
    ])
  })

  it('answers soon for a file that is wrong all over, with the first hundred problems', function () {
    this.timeout(5000)
    const where = { any: [{ not: { all: [{ field: 'a', equals: 1 }] } }] }
    const streams = Array.from({ length: 1000 }, () => ({ ...stream, where }))
    assert.equal(schemaProblems(sourceFileSchema, { connector: 'x', streams }).length, 100)
  })

  it('never shows a value', () => {
    const secret = 'hunter2hunter2'
    const values = [secret, { x: secret }, source({ schedule: { every: secret }, parallelism: secret })]
    const shown = values.map((value) => JSON.stringify(schemaProblems(sourceFileSchema, value))).join()
    assert.equal(shown.includes(secret), false)
  })
})

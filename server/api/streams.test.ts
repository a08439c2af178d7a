import { deepEqual } from 'node:assert/strict'
import { startTestServer, type TestServer, type TestSession } from '../testing/test-server.js'

/** What operators may not read: the log of actions, members, tokens, the server's own tables, and what others keep there. */
const FOREIGN = [
  'tributary.audit',
  'tributary.tokens',
  'cdp.identity_records',
  'system.tables',
  'billing.invoices',
]

describe('streams of sources', function () {
  this.timeout(120_000)
  let server: TestServer
  let operator: TestSession
  let marketer: TestSession

  before(async () => {
    server = await startTestServer()
    ;[operator, marketer] = [await server.signIn('operator'), await server.signIn('marketer')]
    const warehouse = await server.operations.warehouse()
    for (const query of [
      'CREATE DATABASE billing',
      'CREATE TABLE billing.invoices (id UInt32, iban String) ENGINE = MergeTree ORDER BY id',
      'CREATE VIEW billing.debtors AS SELECT iban FROM billing.invoices',
    ])
      await warehouse.command({ query })
  })
  after(() => server?.close())

  for (const stream of FOREIGN) {
    const [database, table] = stream.split('.')

    it(`are not ${stream}: no row of it is shown`, async () => {
      const url = `/api/v1/sources/${database}/streams/${table}/rows`
      const answer = await operator.send({ method: 'GET', url })
      deepEqual([answer.statusCode, answer.json().error.name], [404, 'StreamUnknown'])
    })

    it(`are not ${stream}: no mapping reads it`, async () => {
      const send = (path: string, payload: object) =>
        marketer.send({ method: 'POST', url: `/api/v1/mappings/${path}`, payload })
      const preview = await send('preview', { definition: { stream, identifiers: { email: 'name' } } })
      deepEqual(preview.json().problems, [
        {
          path: 'stream',
          message: `the warehouse has no stream ${stream}`,
          remedy: 'load it first, or correct its name',
        },
      ])
      deepEqual((await send('suggest', { stream })).json().error.name, 'StreamUnknown')
    })
  }

  it('are not the tables of other databases: their columns are not listed', async () => {
    for (const database of [
      'tributary',
      'cdp',
      'system',
      'information_schema',
      'INFORMATION_SCHEMA',
      'billing',
    ]) {
      const answer = await marketer.send({ method: 'GET', url: `/api/v1/sources/${database}/streams` })
      deepEqual([answer.statusCode, answer.json()], [200, { streams: [] }], database)
    }
  })
})

/** Segments by the API of the page: built before anybody is known, shown as SQL, exported, and kept and published as they were seen. */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openTestApp, type TestServer, type TestSession } from '../../server/testing/test-server.js'
import { type Audience, customer, customers, startAudience } from '../support/audience.js'
import { ask, get } from '../support/page-api.js'

interface Draft {
  readonly etag: string
  readonly text: string
  readonly state: string
}

interface Refused {
  readonly error: { readonly name: string }
}

describe('segments by the API of the page', function () {
  this.timeout(240_000)
  let audience: Audience
  let server: TestServer
  let marketer: TestSession
  let viewer: TestSession
  let early: Record<string, unknown>

  before(async () => {
    audience = await startAudience()
    server = await openTestApp(audience.stack.context)
    marketer = await server.signIn('marketer')
    viewer = await server.signIn('viewer')
    early = await get(marketer, '/vocabulary')
    await audience.haveCustomers([
      ...customers(1, 2),
      customer(3, { city: 'Lyon', name: 'Ada "the first", Lovelace' }),
    ])
    await audience.refresh()
  })
  after(async () => {
    await server?.close()
    await audience?.stop()
  })

  it('have names to speak of before anybody is known', () => {
    const { stage, traits, identifiers, consents, segments } = early
    assert.deepEqual(
      { stage, traits, identifiers, consents, segments },
      {
        stage: 'never_refreshed',
        traits: [
          { trait: 'city', rule: 'latest', sources: ['files'], people: {} },
          { trait: 'consent.marketing', rule: 'latest', sources: ['files'], people: {} },
          { trait: 'name', rule: 'latest', sources: ['files'], people: {} },
        ],
        identifiers: ['customer_id', 'email'],
        consents: ['marketing'],
        segments: [{ id: 'parisians', name: 'Parisians' }],
      },
    )
  })

  it('are shown as the query that finds their people, also before they are saved', async () => {
    const definition = { name: 'In Lyon', who: { trait: 'city', eq: 'Lyon' } }
    const { sql } = await ask<{ sql: string }>(viewer, 'POST', '/segments/sql', { body: { definition } })
    const warehouse = await audience.stack.context.warehouse()
    const found = await warehouse.query({ query: sql, format: 'JSONEachRow' })
    const { people } = await get<{ people: { profile: string }[] }>(
      marketer,
      '/profiles/search?q=c3@example.com',
    )
    assert.deepEqual(await found.json(), [{ profile: people[0]?.profile }])
    const refused = await ask<Refused>(viewer, 'POST', '/segments/sql', {
      body: { definition: { name: 'X', who: { trait: 'town', eq: 'Lyon' } } },
      status: 400,
    })
    assert.equal(refused.error.name, 'DraftInvalid')
  })

  describe('exports', () => {
    const fetched = async (format: string) => {
      const answer = await marketer.send({
        method: 'GET',
        url: `/api/v1/segments/parisians/export?format=${format}`,
      })
      const { 'content-type': type, 'content-disposition': disposition } = answer.headers
      return { status: answer.statusCode, type, disposition, body: answer.body }
    }

    it('are tables for spreadsheets', async () => {
      const { body, ...head } = await fetched('csv')
      assert.deepEqual(head, {
        status: 200,
        type: 'text/csv; charset=utf-8',
        disposition: 'attachment; filename="parisians.csv"',
      })
      assert.match(
        body,
        /^\ufeffprofile,customer_id,email,city,consent\.marketing,name\r\np\d+,1,c1@example\.com,Paris,true,Customer 1\r\np\d+,2,c2@example\.com,Paris,true,Customer 2\r\n$/,
      )
    })

    it('are lines for programs', async () => {
      const { body, ...head } = await fetched('ndjson')
      assert.deepEqual(head, {
        status: 200,
        type: 'application/x-ndjson; charset=utf-8',
        disposition: 'attachment; filename="parisians.ndjson"',
      })
      const lines = body.trim().split('\n')
      assert.deepEqual(
        lines.map((line) => (JSON.parse(line) as { identifiers: object }).identifiers),
        [
          { customer_id: ['1'], email: ['c1@example.com'] },
          { customer_id: ['2'], email: ['c2@example.com'] },
        ],
      )
    })

    it('are for those who see personal data, and are kept in the audit log', async () => {
      await fetched('csv')
      await ask(viewer, 'GET', '/segments/parisians/export', { status: 403 })
      await ask(marketer, 'GET', '/segments/nobody/export', { status: 404 })
      const admin = await server.signIn('admin')
      const { entries } = await get<{
        entries: { actor: string; action: string; subject: string; detail: string }[]
      }>(admin, '/audit')
      const exports = entries.filter(({ action }) => action === 'segment export')
      assert.deepEqual(
        { ...exports[0], at: undefined },
        {
          at: undefined,
          actor: marketer.member.name,
          action: 'segment export',
          subject: 'parisians',
          detail: 'csv',
        },
      )
      assert.ok(exports.every(({ subject }) => subject === 'parisians'))
    })
  })

  describe('drafts', () => {
    const definition = { name: 'Berliners', who: { trait: 'city', eq: 'Berlin' } }
    const write = (id: string, body: object, etag?: string) =>
      ask<Draft>(marketer, 'PUT', `/segments/${id}`, {
        body,
        ...(etag !== undefined && { headers: { 'if-match': etag } }),
      })

    it('come back from being deleted with the comments that they had', async () => {
      const text = '# For the fair.\nname: Berliners # both of them\nwho: { trait: city, eq: Berlin }\n'
      await writeFile(join(audience.stack.workspaceDir, 'segments/fair.yaml'), text)
      const { etag } = await get<Draft>(marketer, '/segments/fair')
      await ask(marketer, 'DELETE', '/segments/fair', { headers: { 'if-match': etag } })
      assert.equal((await write('fair', { definition, text })).text, text)
    })

    it('begin with the comments of what is published, where there is no draft any more', async () => {
      const text = 'name: Parisians # the pilot\nwho: { trait: city, eq: Paris }\n'
      await audience.change({ 'segments/parisians.yaml': text })
      const { etag } = await get<Draft>(marketer, '/segments/parisians')
      await ask(marketer, 'DELETE', '/segments/parisians', { headers: { 'if-match': etag } })
      const written = await write('parisians', {
        definition: { name: 'Parisians', who: { trait: 'city', eq: 'Paris' } },
      })
      assert.deepEqual([written.text, written.state], [text, 'published'])
    })

    it('are published only as they were seen', async () => {
      const seen = await write('berliners', { definition })
      const other = await write('berliners', { definition: { ...definition, name: 'Berlin' } }, seen.etag)
      const publish = (body: object, status = 200) =>
        ask<Refused & { changed: boolean }>(marketer, 'POST', '/segments/berliners/publish', { body, status })
      assert.equal((await publish({ etag: seen.etag }, 409)).error.name, 'EtagMismatch')
      assert.equal((await publish({ etag: null }, 409)).error.name, 'EtagMismatch')
      assert.equal((await publish({ etag: other.etag })).changed, true)
    })
  })
})

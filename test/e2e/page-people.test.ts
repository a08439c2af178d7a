/** What the page asks of people and segments, over a stack that runs: as a role, each answer as its schema says. */
import assert from 'node:assert/strict'
import type { TestSession } from '../../server/testing/test-server.js'
import { ask, get, type PageApi, startPageApi } from '../support/page-api.js'

describe('the API of people and segments', function () {
  this.timeout(180_000)
  let api: PageApi
  let viewer: TestSession
  let marketer: TestSession

  before(async () => {
    api = await startPageApi()
    ;({ viewer, marketer } = api)
  })
  after(() => api?.stop())

  interface Found {
    readonly people: readonly { readonly profile: string; readonly name: string | null }[]
    readonly more: boolean
  }

  describe('people', () => {
    it('are found by an identifier in any spelling, by its beginning, and by the text of a trait', async () => {
      for (const text of ['C9@Example.com', 'c9@', '9', 'love ada']) {
        const { people } = await get<Found>(marketer, `/profiles/search?q=${encodeURIComponent(text)}`)
        assert.equal(people[0]?.name, 'Ada Lovelace', text)
      }
    })

    it('are found by viewers by whole identifiers only, with their values hidden', async () => {
      const found = await get<{ people: object[] }>(viewer, '/profiles/search?q=c9@example.com')
      assert.deepEqual(found.people, [
        {
          profile: await api.idOf('c9@example.com'),
          name: '•••',
          matches: [{ kind: 'identifier', name: 'email', value: '•••', exact: true }],
          identifiers: { customer_id: '•••', email: '•••' },
          traits: { city: '•••', name: '•••', 'consent.marketing': '•••' },
        },
      ])
      for (const text of ['c9@', 'Ada'])
        assert.deepEqual((await get<Found>(viewer, `/profiles/search?q=${text}`)).people, [])
    })

    it('are shown with traits and where those are from, and segments since when and why', async () => {
      const { traits, segments, name } = await get<{
        name: string
        traits: Record<string, { value: unknown; source: string }>
        segments: { segment: string; name: string; cause: string }[]
      }>(marketer, `/profiles/${await api.idOf('c1@example.com')}`)
      assert.equal(name, 'Customer 1')
      assert.deepEqual([traits.city?.value, traits.city?.source], ['Paris', 'files'])
      assert.deepEqual(
        segments.map(({ segment, name, cause }) => [segment, name, cause]),
        [['parisians', 'Parisians', 'definition']],
      )
    })

    it('have a timeline in pages', async () => {
      const id = await api.idOf('c1@example.com')
      interface Page {
        readonly events: readonly { event: string; properties: object }[]
        readonly next?: string
      }
      const page = await get<Page>(marketer, `/profiles/${id}/events?limit=1`)
      assert.deepEqual(
        page.events.map(({ event, properties }) => [event, properties]),
        [['Customer Seen', { number: 1, town: 'Paris' }]],
      )
      assert.equal(page.next, undefined)
      const masked = await get<Page>(viewer, `/profiles/${id}/events`)
      assert.deepEqual(masked.events[0]?.properties, { number: '•••', town: '•••' })
      const refused = await ask<{ error: { name: string } }>(
        marketer,
        'GET',
        `/profiles/${id}/events?cursor=x`,
        {
          status: 400,
        },
      )
      assert.equal(refused.error.name, 'CursorInvalid')
    })

    it('have evidence of who they are', async () => {
      const { identifiers, links, records } = await get<{
        identifiers: { type: string; value: string; sources: string[] }[]
        links: { a: object; b: object; mapping: string; rows: number }[]
        records: object[]
      }>(marketer, `/profiles/${await api.idOf('c1@example.com')}/evidence`)
      assert.deepEqual(
        identifiers.map(({ type, value, sources }) => [type, value, sources]),
        [
          ['customer_id', '1', ['files']],
          ['email', 'c1@example.com', ['files']],
        ],
      )
      assert.deepEqual(
        links.map(({ a, b, mapping, rows }) => [a, b, mapping, rows]),
        [[{ type: 'customer_id', value: '1' }, { type: 'email', value: 'c1@example.com' }, 'customers', 1]],
      )
      assert.deepEqual(records, [])
    })

    it('are merged after a simulation, and parted again by taking it back', async () => {
      const [a, b] = [{ id: await api.idOf('c7@example.com') }, { id: await api.idOf('c8@example.com') }]
      const simulated = await ask<{ merged: number; segments: object[] }>(
        marketer,
        'POST',
        '/profiles/merge/simulate',
        {
          body: { a, b },
        },
      )
      assert.equal(simulated.merged, 1)
      assert.deepEqual(simulated.segments, [
        { segment: 'parisians', before: 8, after: 7, changed: 2, enters: 0, leaves: 1 },
      ])
      const { record } = await ask<{ record: string }>(marketer, 'POST', '/profiles/merge', {
        body: { a, b, note: 'same household' },
      })
      await api.audience.refresh()
      assert.equal(await api.idOf('c8@example.com'), a.id)
      const { records } = await get<{ records: { id: string; author: string; undone: boolean }[] }>(
        marketer,
        `/profiles/${a.id}/evidence`,
      )
      assert.deepEqual(
        records.map(({ id, author, undone }) => [id, author, undone]),
        [[record, marketer.member.name, false]],
      )
      const parting = await ask<{ split: number }>(marketer, 'POST', '/profiles/undo/simulate', {
        body: { record },
      })
      assert.equal(parting.split, 1)
      await ask(marketer, 'POST', '/profiles/undo', { body: { record } })
      await api.audience.refresh()
      assert.notEqual(await api.idOf('c8@example.com'), a.id)
    })

    it('are not changed by viewers', async () => {
      const body = { a: { id: 'p1' }, b: { id: 'p2' } }
      await ask(viewer, 'POST', '/profiles/merge', { body, status: 403 })
    })
  })

  const LYON = { name: 'In Lyon', who: { trait: 'city', eq: 'Lyon' } }

  describe('segments', () => {
    it('are listed with size, sentence, trend and who sends them', async () => {
      const { segments } = await get<{
        segments: {
          id: string
          size: number
          sentence: string
          state: string
          trend: object[]
          activations: string[]
        }[]
      }>(viewer, '/segments')
      assert.deepEqual(
        segments.map(({ id, size, sentence, state, trend, activations }) => [
          id,
          size,
          sentence,
          state,
          trend.length,
          activations,
        ]),
        [['parisians', 8, 'People whose city is “Paris”.', 'published', 1, ['parisians']]],
      )
    })

    it('are counted while they are built', async () => {
      const preview = await ask<{
        size: number
        people: number
        sentence: string
        sample: { traits: object }[]
      }>(marketer, 'POST', '/segments/preview', { body: { definition: LYON } })
      assert.deepEqual(
        [preview.size, preview.people, preview.sentence],
        [1, 9, 'People whose city is “Lyon”.'],
      )
      assert.deepEqual(preview.sample[0]?.traits, {
        city: 'Lyon',
        name: 'Ada Lovelace',
        'consent.marketing': true,
      })
    })

    it('say of each problem at which condition it is', async () => {
      const definition = {
        name: 'X',
        who: {
          all: [
            { trait: 'city', eq: 'Lyon' },
            { trait: 'town', eq: 'Lyon' },
          ],
        },
      }
      const check = await ask<{ ok: boolean; problems: { path: unknown[]; message: string }[] }>(
        marketer,
        'POST',
        '/segments/check',
        { body: { definition } },
      )
      assert.deepEqual(
        check.problems.map(({ path, message }) => [path, message]),
        [[['who', 'all', 1, 'trait'], 'nothing makes the trait town']],
      )
      const broken = { name: 'X', who: { trait: 'city', within_last: 'soon' } }
      const shape = await ask<typeof check>(marketer, 'POST', '/segments/check', {
        body: { definition: broken },
      })
      assert.deepEqual([shape.ok, shape.problems.map(({ path }) => path)], [false, [['who', 'within_last']]])
      const refused = await ask<{ error: { name: string; problems: { path: string }[] } }>(
        marketer,
        'POST',
        '/segments/preview',
        { body: { definition }, status: 400 },
      )
      assert.deepEqual(
        [refused.error.name, refused.error.problems[0]?.path],
        ['DraftInvalid', 'who.all[1].trait'],
      )
    })

    it('are written as drafts of which none is lost, and published one by one', async () => {
      const written = await ask<{ etag: string; state: string; text: string }>(
        marketer,
        'PUT',
        '/segments/lyon',
        {
          body: { definition: LYON },
        },
      )
      assert.equal(written.state, 'new')
      const other = { ...LYON, name: 'Lyon' }
      const conflict = await ask<{ error: { name: string } }>(marketer, 'PUT', '/segments/lyon', {
        body: { definition: other },
        status: 409,
      })
      assert.equal(conflict.error.name, 'EtagMismatch')
      const edited = await ask<{ etag: string }>(marketer, 'PUT', '/segments/lyon', {
        body: { definition: other },
        headers: { 'if-match': `"${written.etag}"` },
      })
      assert.notEqual(edited.etag, written.etag)
      const published = await ask<{ changed: boolean }>(marketer, 'POST', '/segments/lyon/publish', {
        body: {},
      })
      assert.equal(published.changed, true)
      await api.audience.refresh()
      const { people } = await get<{ people: object[] }>(marketer, '/segments/lyon/sample')
      assert.equal(people.length, 1)
      const overlap = await get<{ both: number; either: number }>(
        viewer,
        '/segments/lyon/overlap?with=parisians',
      )
      assert.deepEqual([overlap.both, overlap.either], [0, 9])
      const { trend } = await get<{ trend: { size: number }[] }>(viewer, '/segments/lyon/history')
      assert.equal(trend.at(-1)?.size, 1)
    })

    it('say why somebody is in them, and to viewers without what is known of the person', async () => {
      const id = await api.idOf('c9@example.com')
      const path = `/segments/lyon/explain?profile=${id}`
      const { member, tree } = await get<{ member: boolean; tree: { evidence: unknown } }>(marketer, path)
      assert.equal(member, true)
      assert.notEqual(tree.evidence, '•••')
      const masked = await get<{ tree: { evidence: unknown } }>(viewer, path)
      assert.equal(masked.tree.evidence, '•••')
    })

    it('tell what depends on them', async () => {
      assert.deepEqual(await get(viewer, '/segments/parisians/dependents'), {
        segments: [],
        activations: ['parisians'],
      })
    })

    it('are built from words that are known', async () => {
      const vocabulary = await get<{
        events: { event: string; count: number; properties: object[] }[]
        traits: { trait: string; people: object }[]
        identifiers: string[]
        consents: string[]
        operators: { name: string }[]
      }>(marketer, '/vocabulary')
      assert.deepEqual(
        vocabulary.events.map(({ event, count, properties }) => [event, count, properties]),
        [
          [
            'Customer Seen',
            9,
            [
              { property: 'number', kinds: ['number'] },
              { property: 'town', kinds: ['text'] },
            ],
          ],
        ],
      )
      assert.deepEqual(
        vocabulary.traits.map(({ trait, people }) => [trait, people]),
        [
          ['city', { text: 9 }],
          ['consent.marketing', { boolean: 9 }],
          ['name', { text: 9 }],
        ],
      )
      assert.deepEqual(
        [vocabulary.identifiers, vocabulary.consents],
        [['customer_id', 'email'], ['marketing']],
      )
      assert.deepEqual(await get(marketer, '/traits/city/values'), {
        values: [
          { value: 'Paris', count: 8 },
          { value: 'Lyon', count: 1 },
        ],
      })
      assert.deepEqual(
        await get(marketer, '/vocabulary/values?event=Customer%20Seen&property=town&search=lyo'),
        {
          values: [{ value: 'Lyon', count: 1 }],
        },
      )
      await ask(viewer, 'GET', '/traits/city/values', { status: 403 })
    })
  })
})

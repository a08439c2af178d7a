/** People: found, shown, explained, merged and parted. */
import assert from 'node:assert/strict'
import { ask, get, type PageApi } from '../../support/page-api.js'

interface Found {
  readonly people: readonly { readonly profile: string; readonly name: string | null }[]
  readonly more: boolean
}

/** @param asked the API, once it runs */
export function people(asked: () => PageApi): void {
  describe('people', () => {
    let api: PageApi
    let viewer: PageApi['viewer']
    let marketer: PageApi['marketer']
    before(() => {
      api = asked()
      ;({ viewer, marketer } = api)
    })

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
}

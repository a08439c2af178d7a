/** Segments: listed, counted while they are built, kept as drafts, explained. */
import assert from 'node:assert/strict'
import { ask, get, type PageApi } from '../../support/page-api.js'

const LYON = { name: 'In Lyon', who: { trait: 'city', eq: 'Lyon' } }

/** @param asked the API, once it runs */
export function segments(asked: () => PageApi): void {
  describe('segments', () => {
    let api: PageApi
    let viewer: PageApi['viewer']
    let marketer: PageApi['marketer']
    before(() => {
      api = asked()
      ;({ viewer, marketer } = api)
    })

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
}

import assert from 'node:assert/strict'
import type { IdentityFile } from '@tributary/schemas'
import { openTestEngine, type TestEngine } from '../engine.testing.js'
import { acceptTestStep, testStep, writeFacts } from '../facts/facts.testing.js'
import { openStep } from '../steps/derived-load.js'
import { identify, refreshTraits } from '../traits/traits.testing.js'
import { searchPrefixes, searchWords } from './search-forms.js'
import { type SearchQuestion, searchProfiles } from './search-profiles.js'

const NOW = new Date('2026-05-13T10:00:00.000Z')
const AT = new Date('2026-05-12T10:00:00.000Z')

const IDENTITY: IdentityFile = {
  identifiers: {
    customer_id: { normalize: 'none' },
    email: { normalize: 'email' },
    phone: { normalize: 'phone', region: 'FR' },
  },
}

describe('a search for people', function () {
  this.timeout(120_000)
  let engine: TestEngine
  before(async () => {
    engine = await openTestEngine()
    const { warehouse } = engine
    await writeFacts(warehouse, {
      nodes: [
        { node: 1, type: 'customer_id', value: 'ana' },
        { node: 2, type: 'email', value: 'ana@example.org' },
        { node: 3, type: 'email', value: 'anabel@example.org' },
        { node: 4, type: 'phone', value: '+33612345678' },
        { node: 5, type: 'email', value: 'gone@example.org' },
      ],
      traits: [
        { node: 1, trait: 'first_name', value: 'Ana', ts: AT },
        { node: 1, trait: 'last_name', value: 'Silva Díaz', ts: AT },
        { node: 3, trait: 'first_name', value: 'Anabel', ts: AT },
        { node: 3, trait: 'last_name', value: 'Silva', ts: AT },
        { node: 4, trait: 'city', value: 'Savana', ts: AT },
        { node: 4, trait: 'orders', value: 12, ts: AT },
      ],
    })
    await identify(warehouse, { 1: 1, 2: 1 })
    await refreshTraits(warehouse, { computed: {} }, { now: NOW })
    const step = await openStep<object>(testStep(warehouse), 'segments')
    const staged = await step.stage(async ({ loadId, version }) => {
      await warehouse.command({
        query: `INSERT INTO cdp.segment_versions__rows (segment, members, carries, version, _load_id)
          SELECT '_everyone', bitmapBuild(CAST([1, 3, 4] AS Array(UInt32))), 1, ${version}, ${loadId}`,
      })
      return { rows: 1, state: {} }
    })
    await acceptTestStep(warehouse, staged)
  })
  after(() => engine.close())

  async function search(text: string, question: Partial<SearchQuestion> = {}) {
    const options = { text, identity: IDENTITY, limit: 10, maxTraitsMs: 60_000, ...question }
    const { people, more } = await searchProfiles(engine.warehouse, options)
    return { people: people.map(({ profile, matches }) => ({ profile, matches })), more }
  }

  it('finds whole identifiers first, then beginnings, then traits, each person once', async () => {
    assert.deepEqual(await search('ana'), {
      people: [
        {
          profile: 'p1',
          matches: [
            { kind: 'identifier', name: 'customer_id', value: 'ana', exact: true },
            { kind: 'identifier', name: 'email', value: 'ana@example.org', exact: false },
            { kind: 'trait', name: 'first_name', value: 'Ana', exact: true },
          ],
        },
        {
          profile: 'p3',
          matches: [
            { kind: 'identifier', name: 'email', value: 'anabel@example.org', exact: false },
            { kind: 'trait', name: 'first_name', value: 'Anabel', exact: false },
          ],
        },
        { profile: 'p4', matches: [{ kind: 'trait', name: 'city', value: 'Savana', exact: false }] },
      ],
      more: false,
    })
  })

  it('wants each word of several in some trait', async () => {
    const { people } = await search('Ana Díaz')
    assert.deepEqual(people, [
      {
        profile: 'p1',
        matches: [
          { kind: 'trait', name: 'first_name', value: 'Ana', exact: false },
          { kind: 'trait', name: 'last_name', value: 'Silva Díaz', exact: false },
        ],
      },
    ])
  })

  it('leaves out people of whom nothing is known any more', async () => {
    assert.deepEqual(await search('gone@example.org'), { people: [], more: false })
  })

  it('finds somebody by the id of a profile that is part of them today', async () => {
    assert.deepEqual(await search('p2', { node: 2 }), {
      people: [{ profile: 'p1', matches: [{ kind: 'id', name: 'id', value: 'p2', exact: true }] }],
      more: false,
    })
  })

  it('says that there are more than it gives', async () => {
    const { people, more } = await search('silva', { limit: 1 })
    assert.deepEqual([people.map(({ profile }) => profile), more], [['p3'], true])
  })

  it('takes quotes, wildcards and backslashes for what they are', async () => {
    for (const text of [`%%`, `__`, `'; DROP TABLE x`, `\\\\`, 'a\0b']) {
      assert.deepEqual(await search(text), { people: [], more: false })
    }
  })

  it('finds whole identifiers in any spelling, and nothing else where only those are wanted', async () => {
    const found = async (text: string) =>
      (await search(text, { wholeOnly: true })).people.map(({ profile }) => profile)
    assert.deepEqual(await found(' ANA@example.org '), ['p1'])
    assert.deepEqual(await found('06 12 34 56 78'), ['p4'])
    assert.deepEqual([...(await found('anabel')), ...(await found('Silva'))], [])
  })
})

describe('what somebody types', () => {
  const cases = [
    [' Ada@Example', { customer_id: ['Ada@Example'], email: ['ada@example'] }],
    ['06 12', { customer_id: ['06 12'], email: ['06 12'], phone: ['+0612', '+33612'] }],
    ['+33 6', { customer_id: ['+33 6'], email: ['+33 6'], phone: ['+336'] }],
    ['0033 6', { customer_id: ['0033 6'], email: ['0033 6'], phone: ['+336'] }],
    [' ', {}],
  ] as const
  for (const [typed, expected] of cases) {
    it(`begins identifiers as they are kept: ${JSON.stringify(typed)}`, () => {
      assert.deepEqual(searchPrefixes(IDENTITY, typed), expected)
    })
  }

  it('has words from two characters on', () => {
    assert.deepEqual(['a', 'ab', ' ada  lovelace '].map(searchWords), [[], ['ab'], ['ada', 'lovelace']])
  })
})

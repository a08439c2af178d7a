import assert from 'node:assert/strict'
import fc from 'fast-check'
import { documentLines } from './json-document.js'

async function lines(text: string, path: readonly string[] = [], size = text.length): Promise<unknown[]> {
  const bytes = Buffer.from(text)
  async function* source(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }
  const pieces: Buffer[] = []
  for await (const piece of documentLines(source(), path, 'a.json')) pieces.push(piece)
  return Buffer.concat(pieces)
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown)
}

describe('turning JSON documents into lines', () => {
  const cases: readonly [name: string, text: string, path: readonly string[], records: readonly unknown[]][] =
    [
      ['an array', '[{"a":1},\n {"a":2}]', [], [{ a: 1 }, { a: 2 }]],
      ['an empty array', ' [ ] ', [], []],
      ['one object', '{"a":[1,{"b":2}]}', [], [{ a: [1, { b: 2 }] }]],
      ['documents one after another', '{"a":1}\n{"a":2} {"a":3}', [], [{ a: 1 }, { a: 2 }, { a: 3 }]],
      [
        'a path',
        '{"x":[9],"data":{"n":1,"items":[{"a":1},{"a":2}]},"y":{"items":[{"a":9}]}}',
        ['data', 'items'],
        [{ a: 1 }, { a: 2 }],
      ],
      ['a path through an array', '[{"d":[{"a":1}]},{"d":[{"a":2}]}]', ['d'], [{ a: 1 }, { a: 2 }]],
      ['an object at the path', '{"d":{"a":1}}', ['d'], [{ a: 1 }]],
      ['an escaped key', '{"\\u0064":[{"a":1}]}', ['d'], [{ a: 1 }]],
      [
        'brackets and quotes in texts',
        '{"t":"]}[\\"","d":[{"a":"}]\\\\"},{"a":"\\""}]}',
        ['d'],
        [{ a: '}]\\' }, { a: '"' }],
      ],
      ['elements that are no objects', '[1, "x" ,null,[2]]', [], [1, 'x', null, [2]]],
    ]
  for (const [name, text, path, records] of cases)
    it(`reads ${name}`, async () => {
      assert.deepEqual(await lines(text, path), records)
      assert.deepEqual(await lines(text, path, 1), records)
    })

  it('gives back any array, however its bytes arrive', async () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue())
    await fc.assert(
      fc.asyncProperty(fc.array(object), fc.integer({ min: 1, max: 20 }), async (records, size) => {
        const text = JSON.stringify({ meta: { items: 1 }, data: { items: records } }, undefined, 1)
        assert.deepEqual(await lines(text, ['data', 'items'], size), JSON.parse(JSON.stringify(records)))
      }),
    )
  })

  for (const [name, text, path, kind] of [
    ['a document that ends too early', '[{"a":1},{"a"', [], 'UnreadableData'],
    ['a path that leads nowhere', '{"data":[]}', ['items'], 'UnreadableData'],
  ] as const)
    it(`refuses ${name}`, () => assert.rejects(lines(text, path), { kind }))
})

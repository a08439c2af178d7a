import assert from 'node:assert/strict'
import fc from 'fast-check'
import { FileSketch, fileId } from './file-sketch.js'

function ids(from: number, to: number): bigint[] {
  return Array.from({ length: to - from }, (_, index) => fileId(`file-${from + index}`, '1'))
}

describe('the sketch of files', () => {
  it('tells a hundred added and removed files of a hundred thousand apart', () => {
    const { added, removed } = FileSketch.of(ids(50, 100_050)).difference(FileSketch.of(ids(0, 100_000)))!
    assert.deepEqual([added, removed], [new Set(ids(100_000, 100_050)), new Set(ids(0, 50))])
  })

  it('says that it cannot tell a thousand apart, and never tells wrong', () => {
    assert.equal(FileSketch.of(ids(0, 1000)).difference(new FileSketch()), undefined)
  })

  it('is the same after its text', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(60), (size, extra) => {
        const sketch = FileSketch.fromText(FileSketch.of(ids(0, size)).toText())
        const { added, removed } = FileSketch.of(ids(0, size + extra)).difference(sketch)!
        assert.deepEqual([added, removed], [new Set(ids(size, size + extra)), new Set()])
      }),
      { numRuns: 30 },
    )
  })

  it('decodes a hundred differences whatever they are', () => {
    for (let round = 0; round < 200; round++)
      assert.equal(
        FileSketch.of(ids(round * 1000, round * 1000 + 100)).difference(new FileSketch())?.added.size,
        100,
      )
  })
})

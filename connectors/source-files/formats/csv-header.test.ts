import assert from 'node:assert/strict'
import fc from 'fast-check'
import { csvLayout, fieldNames } from './csv-header.js'

const OPTIONS = {
  delimiter: undefined,
  header: true,
  columns: undefined,
  quote: '"',
  encoding: 'utf-8',
  nullValues: [],
}

describe('the layout of a CSV file', () => {
  for (const [name, text, delimiter, columns, exactHeader] of [
    ['commas', 'id,name\n1,a\n', ',', ['id', 'name'], true],
    ['semicolons with commas in quotes', 'id;"a,b,c"\n1;2\n', ';', ['id', 'a,b,c'], true],
    ['tabs', 'id\tname\n', '\t', ['id', 'name'], true],
    ['one column', 'id\n1\n', ',', ['id'], true],
    ['empty and equal names', 'a,,a,a_2\n', ',', ['a', 'c2', 'a_3', 'a_2'], false],
    ['line ends and blanks in names', '"first\nname", b \n', ',', ['first name', 'b'], false],
  ] as const)
    it(`finds ${name}`, () => {
      const layout = csvLayout(Buffer.from(text), OPTIONS, 'a.csv')
      assert.deepEqual(
        [layout?.delimiter, layout?.columns, layout?.exactHeader],
        [delimiter, columns, exactHeader],
      )
    })

  it('numbers the columns of files without a header, or takes their names', () => {
    const bytes = Buffer.from('1,a,b\n')
    assert.deepEqual(csvLayout(bytes, { ...OPTIONS, header: false }, 'a.csv')?.columns, ['c1', 'c2', 'c3'])
    const named = { ...OPTIONS, header: false, columns: ['id', 'x'] }
    assert.deepEqual(csvLayout(bytes, named, 'a.csv')?.columns, ['id', 'x', 'c3'])
  })

  it('never gives two columns one name, and leaves good names as they are', () => {
    const name = fc.constantFrom('a', 'a_2', 'a_3', '', 'c1', 'c2', ' a', 'b')
    fc.assert(
      fc.property(fc.array(name), (names) => {
        const fields = fieldNames(names)
        assert.equal(new Set(fields).size, names.length)
        for (const [index, given] of names.entries())
          if (
            given !== '' &&
            given.trim() === given &&
            names.filter((other) => other.trim() === given).length === 1 &&
            given !== 'c1' &&
            given !== 'c2'
          )
            assert.equal(fields[index], given)
      }),
    )
  })
})

import assert from 'node:assert/strict'
import { fileName } from './file-name.js'

const PARTS = { activation: 'winback', run: 'r1', at: '2026-11-29T23:05:09.123Z' }

describe('names of files', () => {
  for (const [template, expected] of [
    ['{activation}-{date}-{run}', 'winback-2026-11-29-r1.csv'],
    ['{year}/{month}/{day}/{time}', '2026/11/29/230509.csv'],
    ['members.csv', 'members.csv'],
    ['members', 'members.csv'],
  ] as const)
    it(`makes ${expected} of ${template}`, () => assert.equal(fileName(template, '.csv', PARTS), expected))

  for (const template of ['members', 'members.csv', 'members.csv.gz'])
    it(`makes members.csv.gz of ${template}`, () =>
      assert.equal(fileName(template, '.csv.gz', PARTS), 'members.csv.gz'))

  for (const template of [
    '{nothing}',
    '{constructor}',
    '/etc/passwd',
    '../x',
    'a/../../x',
    'a//b',
    'a/',
    '.hidden',
    'a/.tributary/x',
    'a\\b',
    'a\nb',
    'a{',
    '{{run}}',
  ])
    it(`refuses ${JSON.stringify(template)}`, () => {
      assert.throws(() => fileName(template, '.csv', PARTS), { kind: 'ConfigInvalid' })
    })

  it('lets no id leave the location or hide', () => {
    const parts = { ...PARTS, activation: '../../etc/x', run: '.r' }
    assert.equal(fileName('{activation}', '.csv', parts), '-.-..-etc-x.csv')
    assert.equal(fileName('{run}', '.csv', parts), '-r.csv')
  })
})

import { deepEqual, equal, match } from 'node:assert/strict'
import { isAccepted, newFolder, uploadFolder, uploadPlace } from './upload-names.js'

describe('folders of files that people send', () => {
  it('are told from other places', () => {
    const places = [
      './uploads/shop-1',
      'uploads/shop-1/',
      './uploads',
      './uploads/a/b',
      '/srv/uploads/a',
      '',
      7,
    ]
    deepEqual(places.map(uploadFolder), [
      'shop-1',
      'shop-1',
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    equal(uploadFolder(uploadPlace('x')), 'x')
  })

  it('are named after their first file, and each is another one', () => {
    for (const [file, name] of [
      ['Orders 2026 (März).csv.gz', /^orders-2026-marz-[a-z2-9]{6}$/],
      ['طلبات.csv', /^files-[a-z2-9]{6}$/],
      [`${'long '.repeat(30)}.csv`, /^long(-long){7}-[a-z2-9]{6}$/],
    ] as const) {
      match(newFolder(file), name)
      equal(uploadFolder(uploadPlace(newFolder(file))) === undefined, false)
    }
    const [one, other] = [newFolder('a.csv'), newFolder('a.csv')]
    equal(one === other, false)
  })

  it('take files that end as one of their kinds', () => {
    const accept = ['.csv', '.csv.gz']
    deepEqual(
      ['a.CSV', 'a.csv.gz', 'a.csv.zip', 'csv'].map((file) => isAccepted(file, accept)),
      [true, true, false, false],
    )
  })
})

import { doesNotThrow, throws } from 'node:assert/strict'
import { assertPlaces } from './places.js'

const naming = (folder: string) => ({ definition: { config: { location: { folder } } } })

describe('folders that a form names', () => {
  for (const folder of ['./data', 'data/till', './exports/2026-11', '.']) {
    it(`may be of the workspace: ${folder}`, () => {
      doesNotThrow(() => assertPlaces(naming(folder), 'marketer'))
    })
  }

  for (const folder of [
    '/etc',
    '/proc/self',
    '~/.config/tributary',
    '../other',
    './data/../../other',
    '.tributary',
    './.tributary/logs',
    'data/.git',
    '..\\other',
    'C:\\secrets',
    '$' + '{secret:PLACE}',
  ]) {
    it(`may not be elsewhere, or hidden: ${folder}`, () => {
      throws(() => assertPlaces(naming(folder), 'marketer'), { name: 'PlaceRefused' })
      throws(() => assertPlaces({ config: { location: { type: 'folder', folder } } }, 'viewer'), {
        name: 'PlaceRefused',
      })
      doesNotThrow(() => assertPlaces(naming(folder), 'operator'))
    })
  }

  it('of other servers are theirs', () => {
    doesNotThrow(() =>
      assertPlaces({ config: { location: { sftp: { host: 'h', folder: '/srv/exports' } } } }, 'marketer'),
    )
    doesNotThrow(() => assertPlaces(undefined, 'viewer'))
  })
})

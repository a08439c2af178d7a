import assert from 'node:assert/strict'
import { touchedBy } from './hints.js'
import { can, type Role } from './roles.js'
import { pageOf, tokenOf } from './sign-in-link.js'

describe('what a role may do', () => {
  it('includes what lesser roles may', () => {
    const roles: readonly Role[] = ['viewer', 'marketer', 'operator', 'admin']
    assert.deepEqual(
      roles.map((held) => roles.filter((needed) => can(held, needed)).length),
      [1, 2, 3, 4],
    )
  })
})

describe('a hint that something changed', () => {
  it('of a refresh makes old whether anybody is known, and by what', () => {
    assert.ok(touchedBy('{"type":"refresh","id":""}').includes('/api/v1/vocabulary'))
  })

  it('makes old what shows it, and nothing where it is not understood', () => {
    assert.deepEqual(
      [
        touchedBy('{"type":"activation","id":"winback"}'),
        touchedBy('{"type":"workspace","id":""}'),
        touchedBy('{"type":"new kind"}'),
        touchedBy('null'),
        touchedBy('{'),
      ],
      [['/api/v1/activations', '/api/v1/runs', '/api/v1/workspace'], ['/api/v1/'], [], [], []],
    )
  })
})

describe('a sign-in link', () => {
  const carried = `${'Ab0_-'.repeat(8)}xyz`

  it('is read whole or as what it carries', () => {
    assert.deepEqual(
      [`http://127.0.0.1:8080/sign-in#${carried}`, ` ${carried}\n`, `/sign-in#${carried}`].map(tokenOf),
      [carried, carried, carried],
    )
  })

  it('is nothing without its part behind the hash', () => {
    assert.deepEqual(['', 'http://127.0.0.1/sign-in', `#${carried.slice(1)}`, `#${carried}x`].map(tokenOf), [
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })

  it('leads to the page that was asked for, and to no other site', () => {
    assert.deepEqual(
      [
        '/segments/lapsed?tab=why',
        '//elsewhere.example',
        '/\\elsewhere.example',
        'https://a.example',
        undefined,
      ].map(pageOf),
      ['/segments/lapsed?tab=why', '/', '/', '/', '/'],
    )
  })
})

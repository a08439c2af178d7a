import { deepEqual } from 'node:assert/strict'
import { wayBack } from './way-back.js'

const back = (to: string) => wayBack(`?${new URLSearchParams({ back: to })}`, 'crm')

describe('the way back to an activation', () => {
  it('takes the new destination along', () => {
    deepEqual(
      [
        back('/activations/new'),
        back('/activations/new?segment=lapsed&destination=old'),
        back('/activations/winback/edit'),
      ],
      [
        '/activations/new?destination=crm',
        '/activations/new?segment=lapsed&destination=crm',
        '/activations/winback/edit?destination=crm',
      ],
    )
  })

  it('leads nowhere else', () => {
    deepEqual(
      [
        wayBack('', 'crm'),
        back('//evil.example/activations/new'),
        back('https://evil.example/activations'),
        back('javascript:alert(1)'),
        back('/activationsx'),
        back('/activations/../settings'),
        back('http://['),
      ],
      Array(7).fill(undefined),
    )
  })
})

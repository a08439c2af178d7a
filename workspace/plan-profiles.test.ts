import assert from 'node:assert/strict'
import type { WorkspaceFiles } from './files.js'
import { planRevision } from './plan.js'
import { revisionHash } from './revision.js'

const FILES: WorkspaceFiles = {
  'tributary.yaml': 'workspace: w\n',
  'identity.yaml': 'identifiers: { customer_id: { unique: true }, email: { normalize: email } }\n',
  'traits.yaml': 'traits: { city: { rule: latest } }\n',
  'mappings/orders.yaml': 'stream: shop.orders\nidentifiers: { email: email }\ntraits: { city: city }\n',
  'segments/parisians.yaml': 'name: Parisians\nwho: { trait: city, eq: Paris }\n',
}

describe('planRevision of profiles', () => {
  const cases: [name: string, before: WorkspaceFiles, after: WorkspaceFiles, expected: string[]][] = [
    ['says nothing of what stays', FILES, FILES, []],
    [
      'names what is added',
      { 'tributary.yaml': FILES['tributary.yaml']! },
      FILES,
      [
        'identity: customer_id, email changed; everybody is resolved anew',
        'traits: city changed',
        'add mapping orders',
        'add segment parisians',
      ],
    ],
    [
      'sees that priorities change places',
      FILES,
      {
        ...FILES,
        'identity.yaml': 'identifiers: { email: { normalize: email }, customer_id: { unique: true } }\n',
      },
      ['identity: order changed; everybody is resolved anew'],
    ],
    [
      'says what a change brings about',
      FILES,
      {
        'tributary.yaml': FILES['tributary.yaml']!,
        'identity.yaml': FILES['identity.yaml']!,
        'mappings/orders.yaml': 'stream: shop.orders\nidentifiers: { email: mail }\ntraits: { city: city }\n',
      },
      [
        'traits: city changed',
        'mapping orders: identifiers changed; its stream is mapped anew',
        'remove segment parisians; its history stays',
      ],
    ],
  ]
  for (const [name, before, after, expected] of cases) {
    it(name, () =>
      assert.deepEqual(
        planRevision(before, after).map(({ message }) => message),
        expected,
      ),
    )
  }

  it('gives another revision when priorities change places', () => {
    const identity = 'identifiers: { email: { normalize: email }, customer_id: { unique: true } }\n'
    assert.notEqual(revisionHash({ ...FILES, 'identity.yaml': identity }), revisionHash(FILES))
  })
})

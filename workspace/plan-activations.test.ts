import assert from 'node:assert/strict'
import fc from 'fast-check'
import { stringify } from 'yaml'
import type { WorkspaceFiles } from './files.js'
import { planRevision } from './plan.js'
import { leavingActivations, stayingActivations } from './plan-activations.js'
import { revisionHash } from './revision.js'
import { openWorkspace } from './workspace.js'

const WINBACK = {
  segment: 'lapsed',
  destination: 'crm',
  object: 'contact',
  mode: 'mirror',
  match: { email: 'identifiers.email' },
}
const files = (activations: object = {}, destinations: object = {}): WorkspaceFiles => ({
  'tributary.yaml': 'workspace: w\ntime_zone: Europe/Paris\n',
  ...Object.fromEntries(
    Object.entries(destinations).map(([id, file]) => [`destinations/${id}.yaml`, stringify(file)]),
  ),
  ...Object.fromEntries(
    Object.entries(activations).map(([id, file]) => [`activations/${id}.yaml`, stringify(file)]),
  ),
})

describe('planRevision of activations', () => {
  const before = files(
    { winback: WINBACK, gone: WINBACK, moved: WINBACK },
    {
      crm: { connector: 'destination-hubspot', config: { access_token: 'secret a' } },
      old: { connector: 'x' },
    },
  )
  const after = files(
    {
      winback: {
        ...WINBACK,
        mode: 'full',
        fields: { origin: { constant: 'secret b' } },
        holdout: { share: 0.1 },
        trigger: { schedule: { cron: '0 6 * * *' } },
      },
      fresh: { ...WINBACK, trigger: 'after_refresh' },
      moved: { ...WINBACK, match: { phone: 'identifiers.phone' } },
    },
    {
      crm: { connector: 'destination-webhook', config: { access_token: 'secret c' } },
      fresh: { connector: './x' },
    },
  )

  it('says each change in a sentence, without values of configs and fields', () => {
    const changes = planRevision(before, after, new Map([['moved', 1204]]))
    assert.deepEqual(
      changes.map(({ kind, message }) => `${kind}: ${message}`),
      [
        'destination_config_changed: destination crm: config changed (access_token)',
        'destination_changed: destination crm: connector destination-hubspot → destination-webhook; what was acknowledged before is taken to be there',
        'destination_added: add destination fresh: ./x',
        'destination_removed: remove destination old; what was sent there stays',
        'activation_added: add activation fresh: lapsed to crm/contact, mirror, after each refresh',
        'activation_removed: remove activation gone; what was sent stays in crm/contact, and so does its history',
        'activation_moved: activation moved: match changed (email, phone); 1,204 records stay in crm/contact, and everything is sent anew',
        'activation_changed: activation winback: fields changed (origin), holdout changed, mode mirror → full, trigger by hand → at 0 6 * * * (Europe/Paris); who is sent changes with the next run',
      ],
    )
    assert.equal(JSON.stringify(changes).includes('secret'), false)
  })

  it('says how many records count as there where a destination may be somewhere else', () => {
    const at = (config: object) =>
      files({ winback: WINBACK, other: WINBACK }, { crm: { connector: 'destination-webhook', config } })
    const [old, held] = [
      { url: 'https://a.example', secret: '$' + '{secret:A}', batch_size: 10 },
      new Map([
        ['winback', 1200],
        ['other', 4],
      ]),
    ]
    const change = (config: object) =>
      planRevision(at(old), at({ ...old, ...config }), held).map(({ message }) => message)
    assert.deepEqual(
      [
        change({ url: 'https://b.example' }),
        change({ batch_size: 20 }),
        change({ secret: '$' + '{secret:B}' }),
        change({ location: { folder: './out' } }),
      ],
      [
        [
          'destination crm: config changed (url); 1,204 records that were acknowledged before count as there: if this is another place, write it as a destination of another name, and all is sent',
        ],
        ['destination crm: config changed (batch_size)'],
        ['destination crm: config changed (secret)'],
        [
          'destination crm: config changed (location); 1,204 records that were acknowledged before count as there: if this is another place, write it as a destination of another name, and all is sent',
        ],
      ],
    )
    const moved = stayingActivations(
      openWorkspace(at(old)),
      openWorkspace(at({ ...old, url: 'https://b.example' })),
    )
    assert.deepEqual(
      moved.map(({ id }) => id),
      ['other', 'winback'],
    )
  })

  it('names the activations that leave records behind', () => {
    assert.deepEqual(
      leavingActivations(openWorkspace(before), openWorkspace(after)).map(({ id }) => id),
      ['gone', 'moved'],
    )
    assert.deepEqual(leavingActivations(undefined, openWorkspace(after)), [])
  })

  it('is empty exactly when both sides mean the same', () => {
    const activation = fc.record(
      {
        segment: fc.constantFrom('lapsed', 'vip'),
        destination: fc.constantFrom('crm', 'hook'),
        match: fc.constantFrom({ email: 'identifiers.email' }, { phone: 'identifiers.phone' }),
        consent: fc.constantFrom(['marketing'], ['sales']),
        trigger: fc.constantFrom('manual', { schedule: { every: '1h' } }),
      },
      { requiredKeys: ['segment', 'destination', 'match'] },
    )
    const destination = fc.record({
      connector: fc.constantFrom('a', 'b'),
      config: fc.dictionary(fc.constantFrom('url', 'token'), fc.constantFrom('x', 'y')),
    })
    const contents = fc
      .tuple(
        fc.dictionary(fc.constantFrom('winback', 'vip'), activation),
        fc.dictionary(fc.constantFrom('crm', 'hook'), destination),
      )
      .map(([activations, destinations]) => files(activations, destinations))
    fc.assert(
      fc.property(contents, contents, (left, right) => {
        assert.equal(planRevision(left, right).length === 0, revisionHash(left) === revisionHash(right))
      }),
    )
  })
})

import { deepEqual } from 'node:assert/strict'
import fc from 'fast-check'
import { type SentConfig, straySecrets } from './bound-secrets.js'
import { HIDDEN_SECRET, referenceTo, trialName } from './form-secret-names.js'

const SPEC = {
  type: 'object',
  properties: {
    host: { title: 'Host', type: 'string' },
    password: { title: 'Password', type: 'string', writeOnly: true },
    ssl: {
      title: 'TLS',
      type: 'object',
      properties: { mode: { title: 'Mode' }, key: { title: 'Client key', writeOnly: true } },
    },
    tokens: { type: 'array', items: { title: 'Token', type: 'string', writeOnly: true } },
    note: { title: 'Note', type: 'string', 'x-connection': false },
  },
}
const PASSWORD = referenceTo('SHOP_PASSWORD')
const KEPT = { host: 'db', password: PASSWORD, ssl: { mode: 'require', key: referenceTo('SHOP_KEY') } }

type Config = SentConfig['config']

const sent = (config: Config, known: readonly Config[] = [KEPT], connector = 'source-x'): SentConfig => ({
  kind: 'source',
  id: 'shop',
  connector,
  spec: SPEC,
  config,
  known: known.map((each) => ({ connector: 'source-x', config: each })),
})

/** `password: Host`: the field, and what changed. */
const strays = (...[config, known, connector]: Parameters<typeof sent>) =>
  straySecrets(sent(config, known, connector)).map(
    ({ path, changed }) => `${path.join('.')}: ${changed?.join(', ') ?? 'never given here'}`,
  )

describe('a secret', () => {
  const cases: readonly (readonly [words: string, actual: readonly string[], expected: readonly string[]])[] =
    [
      ['stays where it is', strays(KEPT), []],
      ['stays when nothing of the connection changes', strays({ ...KEPT, note: 'other' }), []],
      ['may be left out', strays({ ...KEPT, password: undefined }), []],
      ['may be typed anew', strays({ ...KEPT, host: 'evil', password: 'typed', ssl: { key: 'typed' } }), []],
      ['does not follow an address', strays({ ...KEPT, host: 'evil' }), ['password: Host', 'ssl.key: Host']],
      [
        'does not follow weaker encryption',
        strays({ ...KEPT, ssl: { ...KEPT.ssl, mode: 'disable' } }),
        ['password: TLS, Mode', 'ssl.key: TLS, Mode'],
      ],
      [
        'does not follow another connector',
        strays({ password: PASSWORD }, [{ password: PASSWORD }], 'source-y'),
        ['password: the connector'],
      ],
      [
        'of another field is not this field’s',
        strays({ ...KEPT, password: referenceTo('SHOP_KEY') }),
        ['password: never given here'],
      ],
      [
        'of another thing is not this one’s',
        strays({ ...KEPT, password: referenceTo('TILL_PASSWORD') }),
        ['password: never given here'],
      ],
      [
        'is nobody’s in a new thing',
        strays({ host: 'evil', password: PASSWORD }, []),
        ['password: never given here'],
      ],
      [
        'is found in fields that are no secrets, too',
        strays({ ...KEPT, host: `${PASSWORD}.evil` }),
        ['host: never given here', 'password: Host', 'ssl.key: Host'],
      ],
      ['is found where nothing is asked', strays({ ...KEPT, note: PASSWORD }), ['note: never given here']],
      [
        'is found in what only begins like a reference',
        strays({ ...KEPT, password: '${secret:' }),
        ['password: never given here'],
      ],
      [
        'may be that of the draft or of what is published, and no mixture of both',
        strays({ host: 'new', password: PASSWORD }, [
          { host: 'new', password: referenceTo('NEW') },
          { host: 'db', password: PASSWORD },
        ]),
        ['password: Host'],
      ],
      [
        'may move within a list',
        strays({ tokens: [referenceTo('B')] }, [{ tokens: [referenceTo('A'), referenceTo('B')] }]),
        [],
      ],
      [
        'that stands in a file stays, too',
        strays({ host: 'db', password: HIDDEN_SECRET }, [{ host: 'db', password: 'in the file' }]),
        [],
      ],
      [
        'that stands in a file follows no address either',
        strays({ host: 'evil', password: HIDDEN_SECRET }, [{ host: 'db', password: 'in the file' }]),
        ['password: Host'],
      ],
    ]
  for (const [words, actual, expected] of cases) it(words, () => deepEqual(actual, expected))

  it('of a trial is for the connection that it was typed for', () => {
    const use = { connector: 'source-x', connection: { host: 'db' } }
    const tried = trialName({ kind: 'source', id: 'shop', path: ['password'] }, use)
    deepEqual(strays({ host: 'db', password: referenceTo(tried) }, []), [])
    deepEqual(strays({ host: 'evil', password: referenceTo(tried) }, []), ['password: never given here'])
    deepEqual(straySecrets({ ...sent({ host: 'db', password: referenceTo(tried) }, []), id: 'till' }), [
      { path: ['password'] },
    ])
  })

  it('goes to no address that nobody gave it for, whatever is written beside it', () => {
    const values = fc.oneof(
      fc.string(),
      fc.constant(PASSWORD),
      fc.constant('db'),
      fc.dictionary(fc.string(), fc.string()),
    )
    const configs = fc.record({
      host: values,
      ssl: values,
      tokens: fc.array(values),
      other: values,
      note: values,
    })
    fc.assert(
      fc.property(configs, configs, (one, other) => {
        const known = { ...one, host: 'db', password: PASSWORD }
        const asked = { ...other, host: 'evil', password: PASSWORD }
        return strays(asked, [known]).some((stray) => stray.startsWith('password: '))
      }),
    )
  })
})

import assert from 'node:assert/strict'
import type { LoadConnector } from './connector-checks.js'
import type { WorkspaceFiles } from './files.js'
import { renderProblem } from './problem.js'
import { checkWorkspace, openSource, openWorkspace, streamEntry } from './workspace.js'

const SECRET = 'hunter2hunter2'
const reference = (name: string) => `\${secret:${name}}`

const database: LoadConnector = async (name) => {
  if (name !== 'source-db')
    throw new Error(`loading the connector ${name}: not installed; run npm install ${name}`)
  return {
    cursor: 'workspace',
    spec: {
      type: 'object',
      additionalProperties: false,
      required: ['host'],
      properties: {
        host: { type: 'string' },
        port: { type: 'integer' },
        password: { type: 'string', writeOnly: true, minLength: 40 },
        auth: {
          oneOf: [
            { type: 'object', required: ['token'], properties: { token: { $ref: '#/$defs/secret' } } },
            {
              type: 'object',
              required: ['keys'],
              properties: { keys: { type: 'array', items: { $ref: '#/$defs/secret' } } },
            },
          ],
        },
      },
      $defs: { secret: { type: 'string', writeOnly: true } },
    },
  }
}
const api: LoadConnector = async () => ({
  spec: { type: 'object' },
  streams: [{ name: 'orders', primaryKey: ['id'], cursorField: 'updated_at' }, { name: 'notes' }],
})

const source = (
  lines: string[],
  streams = ['{ name: t, sync_mode: full_refresh, destination_sync_mode: append }'],
) =>
  ['connector: source-db', ...lines, 'streams:', ...streams.map((stream) => `  - ${stream}`), ''].join('\n')
const withSource = (text: string, id = 'shop'): WorkspaceFiles => ({
  'tributary.yaml': 'workspace: w\n',
  [`sources/${id}.yaml`]: text,
})
const problems = async (files: WorkspaceFiles, loadConnector?: LoadConnector) =>
  (await checkWorkspace(files, { ...(loadConnector && { loadConnector }) })).map(renderProblem)

describe('checkWorkspace', () => {
  const config = 'config: { host: db }'
  const mode = 'sync_mode: incremental, destination_sync_mode'
  const cases: [name: string, files: WorkspaceFiles, expected: string[]][] = [
    ['nothing in a valid workspace', withSource(source([config])), []],
    [
      'broken YAML where it breaks',
      withSource('connector: [a\nstreams: 3\n'),
      [
        'sources/shop.yaml:2:1: Flow sequence in block collection must be sufficiently indented and end with a ]; mend the YAML here',
      ],
    ],
    [
      'a key that is written twice',
      withSource(source([config, config])),
      ['sources/shop.yaml:3:1: A key is written twice; mend the YAML here'],
    ],
    [
      'a misspelt key at its place',
      withSource(source([config], [`{ name: t, ${mode}: append, curser_field: x, cursor_field: x }`])),
      ['sources/shop.yaml:4:71 streams[0].curser_field: unknown key; did you mean cursor_field?'],
    ],
    [
      'an id that cannot name a database',
      withSource(source([config]), 'Shop-Prod'),
      [
        'sources/Shop-Prod.yaml:1:1: the source id Shop-Prod cannot name a database: use lower-case letters, digits and _, starting with a letter, e.g. shop_prod.yaml; rename the file',
      ],
    ],
    [
      'an interval that is too short, and an offset that is too long',
      withSource(source([config, 'schedule: { every: 5s }'])),
      ['sources/shop.yaml:3:20 schedule.every: is too short; write 10s or more'],
    ],
    [
      'streams that are named twice or never reached',
      withSource(
        source(
          [config],
          ['a', 'p.*', 'p.x', 'a'].map(
            (name) => `{ name: ${name}, sync_mode: full_refresh, destination_sync_mode: append }`,
          ),
        ),
      ),
      [
        'sources/shop.yaml:6:13 streams[2].name: warning: the entry is never used: p.* above matches first; move it above p.*',
        'sources/shop.yaml:7:13 streams[3].name: the stream a is named twice; keep one of the entries',
      ],
    ],
    [
      'modes that contradict each other',
      withSource(source([config], [`{ name: t, ${mode}: overwrite, cursor_field: u, lookback: 5m }`])),
      [
        'sources/shop.yaml:4:63 streams[0].destination_sync_mode: overwrite would keep only what an incremental read found last; use append_dedup or append, or sync_mode: full_refresh',
        'sources/shop.yaml:4:91 streams[0].lookback: looking back reads rows again, which only append_dedup puts right; use destination_sync_mode: append_dedup, or remove lookback',
      ],
    ],
    [
      'two fields that get one name',
      withSource(
        source(
          [config],
          [
            '{ name: t, sync_mode: full_refresh, destination_sync_mode: append, fields: { rename: { a: x, b: x } } }',
          ],
        ),
      ),
      [
        'sources/shop.yaml:4:101 streams[0].fields.rename.b: two fields become x: a and b; choose another name',
      ],
    ],
    [
      'a cursor that nobody names',
      withSource(source([config], [`{ name: t, ${mode}: append }`])),
      [
        'sources/shop.yaml:4:5 streams[0]: incremental needs cursor_field; add the field that grows with every change, or use sync_mode: full_refresh',
      ],
    ],
    [
      'a connector that is not there',
      withSource(source([config]).replace('source-db', 'source-dd')),
      [
        'sources/shop.yaml:1:12 connector: loading the connector source-dd: not installed; run npm install source-dd',
      ],
    ],
    [
      'a config key that the connector does not know, and one that it needs',
      withSource(source(['config: { hots: db }'])),
      [
        'sources/shop.yaml:2:9 config: missing key host; add host',
        'sources/shop.yaml:2:11 config.hots: unknown key; did you mean host?',
      ],
    ],
    [
      'a reference where no secret belongs',
      withSource(source([`config: { host: "${reference('HOST')}" }`])),
      [
        'sources/shop.yaml:2:17 config.host: is not a secret field of this connector; write the value itself here',
      ],
    ],
  ]
  for (const [name, files, expected] of cases) {
    it(`reports ${name}`, async () => assert.deepEqual(await problems(files, database), expected))
  }

  it('takes a reference for a secret whatever the form of the value must be', async () => {
    const auth = `auth: { keys: ["${reference('A')}", "${reference('B')}"] }`
    const files = withSource(source([`config: { host: db, password: "${reference('PASSWORD')}", ${auth} }`]))
    assert.deepEqual(await problems(files, database), [])
  })

  it('refuses literal secrets, however deep, and never shows them', async () => {
    for (const secret of [
      `password: ${SECRET}`,
      `auth: { token: ${SECRET} }`,
      `auth: { keys: [${SECRET}] }`,
      `password: "${SECRET}${reference('REST')}"`,
    ]) {
      const shown = (await problems(withSource(source([`config: { host: db, ${secret} }`])), database)).join(
        '\n',
      )
      assert.match(
        shown,
        /is a secret and must not stand in a file; run tributary secrets set [A-Z_0-9]+, write/,
      )
      assert.equal(shown.includes(SECRET), false)
    }
  })

  it('knows the streams of a connector that has fixed ones', async () => {
    const entries = ['orders', 'notes', 'order'].map((name) => `{ name: ${name}, ${mode}: append_dedup }`)
    assert.deepEqual(await problems(withSource(source([config], entries)), api), [
      'sources/shop.yaml:5:5 streams[1]: incremental needs cursor_field; add the field that grows with every change, or use sync_mode: full_refresh',
      'sources/shop.yaml:5:5 streams[1]: append_dedup needs primary_key; add the fields that identify a row, or use destination_sync_mode: append',
      'sources/shop.yaml:6:13 streams[2].name: no stream has this name; streams are: orders, notes',
    ])
  })

  it('refuses bombs of anchors and of depth without harm', async () => {
    const levels = Array.from(
      { length: 12 },
      (_value, index) => `l${index + 1}: &l${index + 1} [${Array(10).fill(`*l${index}`).join(', ')}]`,
    )
    const anchors = ['l0: &l0 x', ...levels].join('\n')
    const bombs = {
      anchors,
      cycle:
        'connector: x\nconfig: &a { b: *a }\nstreams: [{ name: t, sync_mode: full_refresh, destination_sync_mode: append }]',
      brackets: '['.repeat(50_000),
      // Closed, it once ended the process: composing it overflowed the stack within a regular expression.
      closed: '['.repeat(1000) + ']'.repeat(1000),
      braces: '{ a: '.repeat(20_000),
      dashes: '- '.repeat(100_000),
      questions: '? '.repeat(100_000),
      indents: Array.from({ length: 700 }, (_value, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    }
    for (const [name, text] of Object.entries(bombs)) {
      assert.notDeepEqual(await problems(withSource(text)), [], name)
    }
  })

  it('reads twenty thousand keys in a moment', function () {
    this.timeout(5000)
    const keys = Array.from({ length: 20_000 }, (_value, index) => `k${index}: 1`).join('\n')
    assert.deepEqual(openWorkspace({ 'tributary.yaml': `workspace: w\n${keys}` }).name, 'w')
  })

  it('survives files of any shape', async () => {
    for (const text of [
      '',
      '3',
      '[]',
      'streams: 3',
      'streams: [3]',
      'streams: [{}]',
      'streams: [{ name: [] }]',
      '"__proto__": { a: 1 }',
      'schedule: { every: 3 }\nconfig: []\nconnector: {}',
    ]) {
      assert.notDeepEqual(await problems(withSource(text), database), [], text)
    }
  })
})

describe('checkWorkspace of destinations and activations', () => {
  const crm = (config: string) => ({
    'tributary.yaml': 'workspace: w\n',
    'destinations/crm.yaml': `connector: source-db\nconfig: ${config}\n`,
  })
  const winback = (lines: readonly string[], id = 'winback') => ({
    'tributary.yaml': 'workspace: w\n',
    [`activations/${id}.yaml`]: [
      'segment: lapsed',
      'destination: crm',
      'object: contact',
      'mode: mirror',
      ...lines,
      '',
    ].join('\n'),
  })
  const match = 'match: { email: identifiers.email }'
  const cases: [name: string, files: WorkspaceFiles, expected: string[]][] = [
    ['nothing in a valid destination', crm(`{ host: db, password: "${reference('CRM')}" }`), []],
    ['nothing in a valid activation', winback([match, 'trigger: { schedule: { every: 15m } }']), []],
    [
      'a literal secret of a destination, without showing it',
      crm(`{ host: db, password: ${SECRET} }`),
      [
        'destinations/crm.yaml:2:31 config.password: must have at least 40 characters; see the description of this key',
        `destinations/crm.yaml:2:31 config.password: is a secret and must not stand in a file; run tributary secrets set PASSWORD, write ${reference('PASSWORD')} here, and renew the secret if this file was shared`,
      ],
    ],
    [
      'a misspelt key of a destination, and of its config',
      { ...crm('{ host: db, prot: 1 }'), 'destinations/b.yaml': 'conector: source-db\n' },
      [
        'destinations/b.yaml:1:1: missing key connector; add connector (The connector package, or a path of the workspace that starts with ./)',
        'destinations/b.yaml:1:1 conector: unknown key; did you mean connector?',
        'destinations/crm.yaml:2:21 config.prot: unknown key; did you mean port?',
      ],
    ],
    [
      'what an activation lacks, and what it has too much',
      winback(['gards: {}']),
      [
        "activations/winback.yaml:1:1: missing key match; add match (The destination's fields by which it finds a record, and the values of a profile to find it by.)",
        'activations/winback.yaml:5:1 gards: unknown key; did you mean guards?',
      ],
    ],
    [
      'a value that names nothing that could be known, and a form of a value that is none',
      winback(['match: { email: identifier.email }', 'fields: { city: { constnat: x } }']),
      [
        'activations/winback.yaml:5:17 match.email: is not a valid name of a value; e.g. "identifiers.email"',
        'activations/winback.yaml:6:17 fields.city: is not a valid value; write one of: Name of a value, { constant: … }, { template: … }, { split: … }',
      ],
    ],
    [
      'a trigger that is none, and a schedule that is too short',
      {
        ...winback([match, 'trigger: hourly'], 'a'),
        ...winback([match, 'trigger: { schedule: { every: 5s } }'], 'b'),
        ...winback([match, 'trigger: { schedule: { cron: "99 * * * *" } }'], 'c'),
      },
      [
        'activations/a.yaml:6:10 trigger: is not a valid trigger; write one of: after_refresh, manual, { schedule: … }',
        'activations/b.yaml:6:31 trigger.schedule.every: is too short; write 10s or more',
        'activations/c.yaml:6:30 trigger.schedule.cron: is not a cron expression: the minute "99" is not within 0-59; e.g. "0 * * * *"',
      ],
    ],
    [
      'an id that is none',
      winback([match], 'Win back'),
      [
        'activations/Win back.yaml:1:1: Win back is no id; rename the file: small letters, digits, _ and -, beginning with a letter',
      ],
    ],
  ]
  for (const [name, files, expected] of cases) {
    it(`reports ${name}`, async () =>
      assert.deepEqual(
        (await checkWorkspace(files, { loadDestination: database })).map(renderProblem),
        expected,
      ))
  }
})

describe('an opened workspace', () => {
  const files = withSource(
    source(
      [],
      ['public.orders', 'public.*'].map(
        (name) => `{ name: ${name}, sync_mode: full_refresh, destination_sync_mode: append }`,
      ),
    ),
  )
  it('uses the first entry that matches a stream', () => {
    const { definition } = openSource(files, 'shop')!
    const names = ['public.orders', 'public.x', 'private.x'].map(
      (name) => streamEntry(definition, name)?.name,
    )
    assert.deepEqual(names, ['public.orders', 'public.*', undefined])
  })
  it('has no source of another name', () => {
    assert.equal(openSource(files, 'crm'), undefined)
    assert.deepEqual(openWorkspace(files).timeZone, 'UTC')
  })
})

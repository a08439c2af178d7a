/** What the command line does where nothing runs: its exit codes, secrets, and connectors in its own process. */
import assert from 'node:assert/strict'
import { readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CliWorkspace } from './support.js'

const NODE_MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url))

/** The object of a new destination as it is told. */
const CONTACTS = {
  name: 'contacts',
  title: 'Contacts',
  operations: ['upsert', 'remove'],
  matchKeys: [['email']],
  openFields: false,
  idempotency: 'natural',
  undo: 'inverse',
  batch: 100,
  fields: [
    {
      name: 'email',
      type: 'string',
      title: 'E-mail address',
      required: false,
      hashed: false,
      personal: true,
    },
    {
      name: 'first_name',
      type: 'string',
      title: 'First name',
      required: false,
      hashed: false,
      personal: true,
      maxLength: 100,
    },
    {
      name: 'orders',
      type: 'integer',
      title: 'Orders',
      required: false,
      hashed: false,
      personal: false,
    },
    {
      name: 'country',
      type: 'string',
      title: 'Country',
      required: false,
      hashed: false,
      personal: false,
      maxLength: 2,
    },
  ],
}

describe('the command line without servers', function () {
  this.timeout(120_000)
  let workspace: CliWorkspace

  beforeEach(async () => {
    workspace = await CliWorkspace.create()
    await workspace.write({ 'tributary.yaml': 'workspace: quiet\n' })
  })
  afterEach(() => workspace?.remove())

  it('tells wrong use, failures and absent servers apart by exit code', async () => {
    const nowhere = { TEMPORAL_ADDRESS: '127.0.0.1:1', CLICKHOUSE_URL: 'http://127.0.0.1:1' }
    const cases: [args: string[], env: Record<string, string>, code: number, said: RegExp][] = [
      [['--version'], {}, 0, /^$/],
      [['sync', '--help'], {}, 0, /^$/],
      [[], {}, 2, /^Usage: tributary/],
      [['snyc', 'shop'], {}, 2, /unknown command 'snyc'\n\(Did you mean sync\?\)/],
      [['sync'], {}, 2, /missing required argument 'source'/],
      [['runs', '--limit', 'many'], {}, 2, /--limit needs a whole number/],
      [['backfill', 'shop', '--from', '5', '--to', '2'], {}, 2, /it ends \(2\) before it begins \(5\); swap/],
      [['up', '--workers', '-1'], {}, 2, /write a whole number from 0 to 64/],
      [['connector', 'run', 'source-files', 'read'], {}, 2, /it needs a config; add --config FILE/],
      [['status'], {}, 3, /it does not run; start it with tributary up/],
      [['sync', 'shop'], {}, 3, /finding Temporal: no address; start the local stack with `tributary up`/],
      [['apply'], nowhere, 3, /tributary up/],
      [['activate', 'list'], {}, 3, /finding ClickHouse: no address; start the local stack/],
      [['activate', 'approve'], {}, 2, /missing required argument 'activation'/],
      [['query', 'SELECT 1'], nowhere, 3, /reaching ClickHouse: .*; start the local stack/],
      [['validate', '--workspace', 'missing'], {}, 1, /there is no such folder; run tributary init there/],
      [['connector', 'discover', '--connector', 'source-fles'], {}, 1, /did you mean source-files\?/],
    ]
    for (const [args, env, code, said] of cases) {
      const result = await workspace.run(args, { env })
      assert.deepEqual([args, result.code], [args, code])
      assert.match(result.stderr, said)
    }
  })

  it('prints one JSON document also when it fails', async () => {
    const cases: [args: string[], code: number, error: object][] = [
      [
        ['snyc', 'shop'],
        2,
        {
          code: 'UsageError',
          message: "reading the arguments: unknown command 'snyc'",
          remedy: 'did you mean sync?',
        },
      ],
      [
        ['sync', 'shop'],
        3,
        {
          code: 'NotConfigured',
          message: 'finding Temporal: no address',
          remedy: 'start the local stack with `tributary up`, or set TEMPORAL_ADDRESS',
        },
      ],
      [
        ['connector', 'discover', '--connector', 'source-fles\x1b[2J'],
        1,
        {
          code: 'ConfigInvalid',
          message: 'loading the connector source-fles\x1b[2J: there is no such package',
          remedy: 'correct the name, or install it with npm install in the workspace',
        },
      ],
    ]
    for (const [args, code, error] of cases) {
      const result = await workspace.run([...args, '--json'])
      assert.deepEqual([args, result.code, JSON.parse(result.stdout)], [args, code, { error }])
      assert.equal(result.stderr.includes('\x1b'), false)
    }
  })

  it('shows where an error comes from only when that is asked for', async () => {
    const quiet = await workspace.run(['sync', 'shop'])
    assert.equal(quiet.stderr.includes('    at '), false)
    const verbose = await workspace.run(['sync', 'shop'], { env: { TRIBUTARY_LOG_LEVEL: 'debug' } })
    assert.equal(verbose.stderr.includes('    at '), true)
  })

  it('keeps a secret from stdin encrypted, and never prints it', async () => {
    const set = await workspace.run(['secrets', 'set', 'SHOP_PASSWORD', '--json'], { stdin: 'hunter2\n' })
    assert.deepEqual([set.code, set.stdout], [0, '{"name":"SHOP_PASSWORD","set":true}\n'])
    assert.deepEqual(await workspace.json(['secrets', 'list']), { code: 0, value: ['SHOP_PASSWORD'] })
    const kept = await readFile(join(workspace.dir, '.tributary', 'secrets.json'), 'utf8')
    assert.equal(kept.includes('hunter2'), false)
    const wrong = await workspace.run(['secrets', 'set', 'shop-password'], { stdin: 'hunter2' })
    assert.equal(wrong.code, 1)
    assert.match(wrong.stderr, /write capital letters, digits and _, .*e\.g\. SHOP_PASSWORD/)
    const empty = await workspace.run(['secrets', 'set', 'SHOP_PASSWORD'])
    assert.match(empty.stderr, /it is empty; give its value on stdin/)
    assert.equal(
      [set, wrong, empty].some(({ stdout, stderr }) => /hunter2/.test(stdout + stderr)),
      false,
    )
  })

  it('runs a connector in its own process, with secrets in its config', async () => {
    await workspace.write({
      'orders/a.csv': 'id,name\n1,a\n',
      'config.yaml': `location: { folder: "./\${secret:FOLDER}" }\nstreams: [{ name: orders, glob: "*.csv", primary_key: [id] }]\n`,
      'catalog.json': JSON.stringify({
        streams: [{ stream: { name: 'orders' }, sync_mode: 'full_refresh' }],
      }),
    })
    const env = { TRIBUTARY_SECRET_FOLDER: 'orders' }
    const asked = ['--connector', 'source-files', '--config', 'config.yaml']
    const check = await workspace.json(['connector', 'check', ...asked], { env })
    assert.equal((check.value as { ok: boolean }).ok, true)
    assert.deepEqual(await workspace.json(['connector', 'discover', ...asked], { env }), {
      code: 0,
      value: [
        {
          name: 'orders',
          primaryKey: ['id'],
          cursor: null,
          cursorCandidates: [],
          resumable: true,
          fields: [
            { name: 'id', type: 'int64' },
            { name: 'name', type: 'string' },
          ],
        },
      ],
    })
    const args = ['connector', 'run', 'source-files', 'read', '--config', join(workspace.dir, 'config.yaml')]
    const read = await workspace.run([...args, '--catalog', join(workspace.dir, 'catalog.json')], { env })
    const messages = read.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.deepEqual(
      messages.filter(({ type }) => type === 'RECORD').map(({ record }) => record.data),
      [{ id: 1, name: 'a' }],
    )
    const missing = await workspace.run(['connector', 'discover', ...asked])
    assert.equal(missing.code, 1)
    assert.match(missing.stderr, /resolving the secret FOLDER: .*tributary secrets set FOLDER/)
  })

  it('writes a connector that passes its tests', async () => {
    await symlink(NODE_MODULES, join(workspace.dir, 'node_modules'))
    const made = await workspace.json(['connector', 'new', 'source-acme', '--title', 'Acme CRM'])
    assert.equal(made.code, 0)
    const tested = await workspace.json(['connector', 'test', 'connectors/source-acme'])
    assert.deepEqual([tested.code, (tested.value as { ok: boolean }).ok], [0, true])
    const listed = (await workspace.json(['connector', 'list'])).value as { name: string; title: string }[]
    assert.equal(listed.find(({ name }) => name === 'source-acme')?.title, 'Acme CRM')
  })

  it('writes a destination that passes its tests, and tells its objects', async () => {
    await symlink(NODE_MODULES, join(workspace.dir, 'node_modules'))
    await workspace.write({
      'destinations/acme.yaml': `connector: ./connectors/destination-acme\nconfig: { base_url: "http://127.0.0.1:1", access_token: "\${secret:ACME}" }\n`,
    })
    assert.equal((await workspace.run(['connector', 'new', 'destination-acme'])).code, 0)
    const tested = await workspace.json(['connector', 'test', 'connectors/destination-acme'])
    assert.deepEqual([tested.code, (tested.value as { ok: boolean }).ok], [0, true])
    const listed = (await workspace.json(['connector', 'list'])).value as {
      name: string
      kind: string
      triedOnLiveAccount: boolean
    }[]
    const acme = listed.find(({ name }) => name === 'destination-acme')
    assert.deepEqual([acme?.kind, acme?.triedOnLiveAccount], ['destination', false])
    const env = { TRIBUTARY_SECRET_ACME: 'a token of acme' }
    for (const name of ['acme', 'destinations/acme']) {
      const { code, value } = await workspace.json(['connector', 'discover', name], { env })
      assert.deepEqual([code, value], [0, [CONTACTS]])
    }
    const words = await workspace.run(['connector', 'discover', 'acme'], { env })
    assert.match(words.stdout, /^contacts: Contacts; upsert, remove; found by email; 100 records a call; /)
    const check = await workspace.run(['connector', 'check', 'acme', '--json'], { env })
    const { ok, type, by } = JSON.parse(check.stdout) as { ok: boolean; type: string; by: string }
    assert.deepEqual([check.code, ok, type, by], [1, false, 'SourceUnavailable', 'this process'])
    const unknown = await workspace.run(['connector', 'check', 'destinations/acne'], { env })
    assert.equal(unknown.code, 1)
    assert.match(unknown.stderr, /finding the destination acne: there is no such file; did you mean acme\?/)
  })

  it('says what is missing and what to do', async () => {
    await workspace.write({
      'sources/shop.yaml': `connector: source-postgres
config: { host: db, database: shop, user: reader, password: "\${secret:SHOP_PASSWORD}" }
streams: [{ name: "public.*", sync_mode: full_refresh, destination_sync_mode: overwrite }]
`,
      'destinations/hook.yaml': `connector: destination-webhook
config: { url: "https://example.com/hook", secret: "\${secret:HOOK_SECRET}" }
`,
    })
    const { code, value } = await workspace.json(['doctor'])
    const checks = value as { name: string; ok: boolean; detail: string; remedy?: string }[]
    assert.equal(code, 1)
    assert.deepEqual(
      checks.filter(({ ok }) => !ok).map(({ name, detail, remedy }) => ({ name, detail, remedy })),
      [
        {
          name: 'secrets',
          detail: 'missing: HOOK_SECRET, SHOP_PASSWORD',
          remedy: 'set them, e.g. tributary secrets set HOOK_SECRET',
        },
        ...[
          { name: 'temporal', part: 'Temporal', variable: 'TEMPORAL_ADDRESS' },
          { name: 'clickhouse', part: 'ClickHouse', variable: 'CLICKHOUSE_URL' },
        ].map(({ name, part, variable }) => ({
          name,
          detail: `finding ${part}: no address`,
          remedy: `start the local stack with \`tributary up\`, or set ${variable}`,
        })),
      ],
    )
    assert.deepEqual(
      checks.filter(({ ok }) => ok).map(({ name }) => name),
      ['node', 'disk', 'workspace', 'connectors'],
    )
  })
})

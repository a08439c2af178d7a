/** Connectors that do what none should, each in a process of its own. */
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConnectorError } from '@tributary/connector-sdk'
import { createContext, type OperationContext } from '../context.js'
import { type ApartLimits, askApart } from './ask-apart.js'

const HOLD = new AbortController().signal

/** What each of them does when it is checked. */
const BAD = {
  hangs: 'return new Promise(() => setInterval(() => {}, 1000))',
  spins: 'for (;;);',
  crashes: 'setImmediate(() => { throw new Error("a bug") }); return new Promise(() => {})',
  leaves: 'process.exit(3)',
  'fills-its-heap': 'const all = []; for (;;) all.push(new Array(10_000).fill({}))',
  'fills-buffers': `const all = []
    return new Promise(() => setInterval(() => { all.push(Buffer.alloc(16 << 20, 1)) }, 5))`,
} as const

describe('a connector in a process of its own', function () {
  this.timeout(120_000)
  let workspaceDir: string
  let context: OperationContext
  const temporary = process.env.TMPDIR

  before(async () => {
    workspaceDir = await mkdtemp(join(tmpdir(), 'tributary-apart-'))
    process.env.TMPDIR = join(workspaceDir, 'tmp')
    await mkdir(process.env.TMPDIR)
    context = createContext(workspaceDir, {
      ...process.env,
      TRIBUTARY_MASTER_KEY: 'a key of this test',
      CLICKHOUSE_PASSWORD: 'of the warehouse',
      TRIBUTARY_SECRET_SHOP_PASSWORD: 'hunter2',
      SHOP_REGION: 'eu',
    })
    for (const [name, check] of Object.entries(BAD)) await install(name, `check() { ${check} }, streams: []`)
    await install(
      'works',
      `async check({ config }) { if (config.password !== 'hunter2') throw new Error('refused ' + config.password) },
       streams: async ({ log }) => {
         log.warn('one table cannot be read')
         return Object.keys(process.env).filter((name) => /^(TRIBUTARY|CLICKHOUSE|SHOP)_/.test(name)).map((name) => ({
           name, schema: { type: 'object', properties: {} }, async *read() {} }))
       }`,
    )
    await install(
      'waits',
      `async check({ config }) {
         const { writeFile } = await import('node:fs/promises')
         await writeFile(config.password, String(process.pid))
         return new Promise(() => setInterval(() => {}, 1000))
       }, streams: []`,
    )
  })
  after(async () => {
    if (temporary === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = temporary
    await rm(workspaceDir, { recursive: true, force: true })
  })

  async function install(name: string, body: string): Promise<void> {
    const folder = join(workspaceDir, 'connectors', name)
    await mkdir(folder, { recursive: true })
    const tributary = { kind: 'source', title: name }
    await writeFile(
      join(folder, 'package.json'),
      JSON.stringify({ name, version: '1.0.0', type: 'module', tributary }),
    )
    const spec = { type: 'object', properties: { password: { type: 'string', writeOnly: true } } }
    await writeFile(join(folder, 'index.js'), `export default { spec: ${JSON.stringify(spec)}, ${body} }\n`)
  }

  const ask = (
    name: string,
    verb: 'check' | 'discover',
    options: { config?: object; limits?: Partial<ApartLimits>; signal?: AbortSignal } = {},
  ) =>
    askApart(context, { connector: `./connectors/${name}`, config: { ...options.config } }, verb, {
      signal: options.signal ?? HOLD,
      ...(options.limits && { limits: options.limits }),
    })
  const password = '$' + '{secret:SHOP_PASSWORD}'

  it('answers, with the secrets of its config and none of the server’s own', async () => {
    deepEqual(await ask('works', 'check', { config: { password } }), {
      checked: { kind: 'source' },
      warnings: [],
    })
    const answer = await ask('works', 'discover')
    ok('found' in answer && answer.found.kind === 'source')
    deepEqual(
      [answer.found.streams.map(({ name }) => name), answer.warnings],
      [['SHOP_REGION'], ['one table cannot be read']],
    )
  })

  it('says what went wrong, without its secrets', async () => {
    const wrong = { password: `wrong ${password}` }
    deepEqual(await ask('works', 'check', { config: wrong }), {
      failure: { type: 'Error', message: 'refused ***' },
      warnings: [],
    })
    await rejects(ask('works', 'check', { config: { password: '$' + '{secret:NONE}' } }), {
      name: 'SecretMissing',
    })
  })

  const SAYS: Readonly<Record<keyof typeof BAD, RegExp>> = {
    hangs: /^checking with \.\/connectors\/hangs: its process did not answer within 2 s; /,
    spins: /its process did not answer within 2 s; /,
    crashes: /its process ended unasked \(exit code 1\); /,
    leaves: /its process ended unasked \(exit code 3\); /,
    'fills-its-heap': /its process needed more than 200 MB of memory; /,
    'fills-buffers': /its process needed more than 200 MB of memory; /,
  }
  for (const [name, says] of Object.entries(SAYS)) {
    it(`that ${name.replaceAll('-', ' ')} ends there, and is told of in words`, async () => {
      const timeoutMs = ['hangs', 'spins'].includes(name) ? 2000 : 60_000
      await rejects(ask(name, 'check', { limits: { timeoutMs, memoryMb: 200 } }), (error: unknown) => {
        ok(error instanceof ConnectorError)
        equal(error.kind, 'ContractViolation')
        match(error.message, says)
        return true
      })
    })
  }

  it('ends when nobody waits any more, and leaves no file', async () => {
    const [leave, file] = [new AbortController(), join(workspaceDir, 'pid')]
    const asked = ask('waits', 'check', { config: { password: file }, signal: leave.signal })
    const pid = await written(file)
    leave.abort(new Error('the client went away'))
    await rejects(asked, { message: 'the client went away' })
    let gone: unknown
    try {
      process.kill(pid, 0)
    } catch (error) {
      gone = (error as NodeJS.ErrnoException).code
    }
    deepEqual([gone, await readdir(process.env.TMPDIR!)], ['ESRCH', []])
  })

  it('is one of four at most', async () => {
    const leave = new AbortController()
    const four = Array.from({ length: 4 }, () => ask('hangs', 'check', { signal: leave.signal }))
    const ends = Promise.allSettled(four)
    await rejects(ask('works', 'discover'), { name: 'TooMany' })
    leave.abort()
    await ends
    ok('found' in (await ask('works', 'discover')))
  })
})

async function written(file: string): Promise<number> {
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '')
    if (text !== '') return Number(text)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

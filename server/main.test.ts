import { deepEqual, equal, match } from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { startClickHouse } from '../local/clickhouse/launch.js'

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url))

describe('the process of the server', function () {
  this.timeout(120_000)
  let workspaceDir: string
  let engine: Awaited<ReturnType<typeof startClickHouse>>
  const children: ChildProcess[] = []

  before(async () => {
    workspaceDir = await mkdtemp(join(tmpdir(), 'tributary-server-'))
    const dataDir = join(workspaceDir, '.tributary', 'clickhouse')
    engine = await startClickHouse({ dataDir, user: 'u', password: 'p-of-the-warehouse', infileRoots: [] })
  })
  afterEach(async () => {
    for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
  })
  after(async () => {
    await engine?.stop()
    await rm(workspaceDir, { recursive: true, force: true })
  })

  /** @param supervised with a channel, over which the process says where it is */
  function start(supervised: boolean, env: Readonly<Record<string, string>> = {}) {
    const child = spawn(process.execPath, [MAIN], {
      env: {
        PATH: process.env.PATH,
        TRIBUTARY_WORKSPACE: workspaceDir,
        TRIBUTARY_MASTER_KEY: 'a key of this test alone',
        CLICKHOUSE_URL: engine.url,
        CLICKHOUSE_USER: 'u',
        CLICKHOUSE_PASSWORD: 'p-of-the-warehouse',
        ...env,
      },
      stdio: supervised ? ['ignore', 'ignore', 'pipe', 'ipc'] : ['ignore', 'ignore', 'pipe'],
    })
    children.push(child)
    return { child, said: text(child.stderr!) }
  }

  async function stop({ child, said }: ReturnType<typeof start>) {
    child.kill('SIGTERM')
    const [code] = await once(child, 'exit')
    return { code, said: await said }
  }

  it('shows the way in at its first start by hand, once, and to nobody else', async () => {
    const first = start(false)
    const link = await new Promise<string>((resolve) => {
      let soFar = ''
      first.child.stderr!.on('data', (chunk: Buffer) => {
        soFar += chunk.toString()
        const found = /http:\S+\/sign-in#\S+/.exec(soFar)
        if (found) resolve(found[0])
      })
    })
    const [address, token] = link.split('/sign-in#')
    const signIn = await fetch(`${address}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ link: token }),
    })
    const cookie = signIn.headers.get('set-cookie')!.split(';')[0]!
    const session = (await signIn.json()) as { role: string; csrf: string }
    equal(session.role, 'admin')
    equal((await stop(first)).code, 0)

    // Started again, elsewhere: the session goes on, and there is no second link.
    const second = start(true)
    const [{ url }] = (await once(second.child, 'message')) as [{ url: string }]
    const again = await fetch(`${url}/api/v1/session`, { headers: { cookie } })
    deepEqual([again.status, ((await again.json()) as { csrf: string }).csrf], [200, session.csrf])
    const { code, said } = await stop(second)
    equal(code, 0)
    equal(/sign-in#|p-of-the-warehouse|a key of this test/.test(said), false)
  })

  it('keeps listening to itself where nobody says under which name others reach it', async () => {
    const { child, said } = start(true, { TRIBUTARY_SERVER_HOST: '0.0.0.0' })
    const [code] = await once(child, 'exit')
    equal(code, 1)
    match(await said, /set TRIBUTARY_SERVER_URL to the https address/)
  })
})

import { deepEqual, equal, match } from 'node:assert/strict'
import { startClickHouse } from '../../local/clickhouse/launch.js'
import { createContext } from '../../operations/context.js'
import { migrateWarehouse } from '../../operations/setup.js'
import { CliWorkspace } from './support.js'

interface Link {
  readonly member: { readonly name: string; readonly role: string }
  readonly url: string
}

describe('the commands of access', function () {
  this.timeout(180_000)
  let workspace: CliWorkspace
  let engine: Awaited<ReturnType<typeof startClickHouse>>
  let env: Record<string, string>

  before(async () => {
    workspace = await CliWorkspace.create()
    const credentials = { user: 'u', password: 'p' }
    engine = await startClickHouse({ dataDir: `${workspace.dir}/.data`, ...credentials, infileRoots: [] })
    env = {
      CLICKHOUSE_URL: engine.url,
      CLICKHOUSE_USER: 'u',
      CLICKHOUSE_PASSWORD: 'p',
      TRIBUTARY_SERVER_URL: 'https://cdp.example.com',
    }
    const context = createContext(workspace.dir, env)
    await migrateWarehouse(context)
    await context.close()
  })
  after(async () => {
    await engine?.stop()
    await workspace?.remove()
  })

  const say = async <Value>(...args: string[]) =>
    (await workspace.json(args, { env })).value as Value & { error?: { code: string } }

  it('make the first admin of whoever asks, and let others in', async () => {
    const first = await say<Link>('login-link')
    match(first.url, /^https:\/\/cdp\.example\.com\/sign-in#[\w-]{43}$/)
    equal(first.member.role, 'admin')
    const again = await say<Link>('login-link')
    deepEqual(again.member, first.member)

    const invited = await say<Link>('members', 'invite', 'Ada', '--role', 'marketer')
    deepEqual([invited.member.name, invited.member.role], ['Ada', 'marketer'])
    await say('members', 'role', 'Ada', 'operator')
    const listed = await say<readonly Link['member'][]>('members', 'list')
    deepEqual(listed.map(({ name, role }) => [name, role]).sort(), [
      ['Ada', 'operator'],
      [first.member.name, 'admin'],
    ])
    await say('members', 'remove', 'Ada')
    equal((await say('members', 'remove', 'Ada')).error?.code, 'MemberUnknown')
    equal((await say('members', 'remove', first.member.name)).error?.code, 'LastAdmin')
    equal((await say('members', 'invite', 'Eve', '--role', 'adminn')).error?.code, 'RoleUnknown')
  })

  it('make tokens that are shown once, and revoke them', async () => {
    const created = await say<{ token: string; role: string }>(
      'tokens',
      'create',
      'nightly',
      '--valid',
      '90d',
    )
    match(created.token, /^trb_[\w-]{43}$/)
    equal(created.role, 'viewer')
    equal((await say('tokens', 'create', 'odd', '--valid', 'soon')).error?.code, 'UsageError')
    deepEqual((await say<{ changed: boolean }>('tokens', 'revoke', 'nightly')).changed, true)
    const listed = await workspace.run(['tokens', 'list'], { env })
    equal(listed.stdout.includes(created.token), false)
    match(listed.stdout, /nightly +viewer .* revoked /)
  })

  it('describe the API without any server', async () => {
    const document = await say<{ openapi: string; paths: Record<string, unknown> }>('export', 'openapi')
    equal(document.openapi, '3.1.0')
    equal('/api/v1/session' in document.paths, true)
  })
})

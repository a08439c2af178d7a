import { deepEqual } from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ClickHouseProcess, startClickHouse } from '../../local/clickhouse/launch.js'
import { connectWarehouse, type Warehouse } from '../../warehouse/client.js'
import { migrate } from '../../warehouse/migrations/migrate.js'
import { addMember, changeRole, listMembers, type Member, removeMember } from './members.js'

const by = 'a test'

describe('members', function () {
  this.timeout(120_000)
  let folder: string
  let engine: ClickHouseProcess
  let warehouse: Warehouse

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tributary-members-'))
    const credentials = { user: 'tester', password: 'tester-password' }
    engine = await startClickHouse({ dataDir: join(folder, 'clickhouse'), ...credentials })
    warehouse = connectWarehouse({
      url: engine.url,
      username: credentials.user,
      password: credentials.password,
    })
    await migrate(warehouse)
  })
  after(async () => {
    await warehouse?.close()
    await engine?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const context = { warehouse: async () => warehouse }
  const ways: Readonly<Record<string, (member: Member) => Promise<unknown>>> = {
    'give up their role': ({ id }) => changeRole(context, id, { role: 'viewer', by }),
    'are removed': ({ id }) => removeMember(context, id, { by }),
  }
  for (const [way, go] of Object.entries(ways)) {
    it(`keep an admin where the last two ${way} at the same moment`, async () => {
      await warehouse.command({ query: 'TRUNCATE TABLE tributary.members' })
      const ann = await addMember(context, { name: 'Ann', role: 'admin', by })
      const bea = await addMember(context, { name: 'Bea', role: 'admin', by })
      const gone = await Promise.allSettled([go(ann), go(bea)])
      const left = (await listMembers(context)).filter(({ role }) => role === 'admin')
      deepEqual(
        left.map(({ name }) => name),
        ['Ann', 'Bea'].filter((_name, index) => gone[index]!.status === 'rejected'),
      )
      deepEqual(left.length > 0, true)
    })
  }
})

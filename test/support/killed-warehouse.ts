/** Warehouses that die: an engine killed as a power cut would, and a client killed between two statements. */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startClickHouse } from '../../local/clickhouse/launch.js'
import { connectWarehouse, type Warehouse } from '../../warehouse/client.js'
import { migrate } from '../../warehouse/migrations/migrate.js'

/** An engine that can be killed as a power cut would, and started again on what is on disk. */
export async function openKillableWarehouse() {
  const dataDir = await mkdtemp(join(tmpdir(), 'tributary-engine-'))
  const credentials = { user: 'tester', password: 'tester-password' }
  const start = async () => {
    const engine = await startClickHouse({ dataDir, ...credentials })
    return {
      engine,
      warehouse: connectWarehouse({ url: engine.url, username: 'tester', password: 'tester-password' }),
    }
  }
  let running = await start()
  await migrate(running.warehouse)
  return {
    warehouse: () => running.warehouse,
    async killAndRestart() {
      const exited = once(running.engine.child, 'exit')
      process.kill(running.engine.pid, 'SIGKILL')
      await exited
      await running.warehouse.close()
      running = await start()
    },
    async close() {
      await running.warehouse.close()
      await running.engine.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** The same warehouse, whose client is killed when it has sent so many statements that change something. */
export function dyingAfter(warehouse: Warehouse, statements: number): [Warehouse, wasKilled: () => boolean] {
  let left = statements
  let killed = false
  const dying = new Proxy(warehouse, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown
      if (typeof value !== 'function') return value
      if (!['command', 'insert'].includes(String(name))) return value.bind(target)
      return (...args: unknown[]) => {
        if (left === 0) {
          killed = true
          throw new Error('killed')
        }
        left -= 1
        return value.apply(target, args)
      }
    },
  })
  return [dying, () => killed]
}

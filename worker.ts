/**
 * The worker: configuration, dependencies, one Temporal worker a task queue, and a stop that ends slices at their next
 * checkpoint. It keeps nothing on disk that cannot be lost.
 */
import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Client } from '@temporalio/client'
import { NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker'
import { createActivities } from './activities/index.js'
import { failureInterceptor } from './activities/interceptor.js'
import { allowedAddresses, loadConfig, type RuntimeConfig } from './runtime/config.js'
import { createLogger } from './runtime/logger.js'
import { openSecrets } from './runtime/secrets/open.js'
import { runtimeOptions } from './runtime/telemetry.js'
import { connectionOptions, connectTemporal } from './runtime/temporal-client.js'
import { readWorkflowBundle } from './runtime/workflow-bundle.js'
import { connectWarehouse } from './warehouse/client.js'
import { migrate } from './warehouse/migrations/migrate.js'
import { SYNC_TASK_QUEUE, TASK_QUEUE, WAREHOUSE_TASK_QUEUE } from './workflows/contract.js'

/** Slices are bound by memory: each holds two inserts of up to 32 MB. */
const SYNC_SLOTS = 8
const WAREHOUSE_SLOTS = 8

const logger = createLogger('worker')
Runtime.install(runtimeOptions(logger))
try {
  await run()
  // The native runtime may keep the process alive a little; everything of ours is closed by now.
  process.exit(0)
} catch (error) {
  logger.fatal({ err: error }, 'worker failed')
  process.exit(1)
}

async function run(): Promise<void> {
  const config = await loadConfig(process.env.TRIBUTARY_WORKSPACE ?? process.cwd())
  const warehouse = connectWarehouse(config.warehouse)
  await migrate(warehouse)
  const connection = await NativeConnection.connect(connectionOptions(config.temporal))
  const { client, close } = await connectTemporal(config.temporal, 10_000)
  const draining = new AbortController()
  const scratchRoot =
    config.warehouse.localFileRoots.length > 0 ? join(config.workspaceDir, '.tributary', 'scratch') : tmpdir()
  await mkdir(scratchRoot, { recursive: true })
  const activities = createActivities({
    client,
    warehouse,
    secrets: openSecrets(config.workspaceDir),
    workspaceDir: config.workspaceDir,
    localFileRoots: config.warehouse.localFileRoots,
    allowPrivateAddresses: allowedAddresses(process.env.TRIBUTARY_ALLOW_PRIVATE_ADDRESSES),
    scratchRoot,
    draining: draining.signal,
    ...limits(process.env),
    ...dictionaryUser(config.warehouse),
  })
  const workers = await createWorkers(config, connection, activities)
  const stop = () => {
    if (draining.signal.aborted) return
    logger.info('worker stops: slices end at their next checkpoint')
    draining.abort()
    for (const worker of workers) worker.shutdown()
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  process.once('disconnect', stop)
  const running = Promise.all(workers.map((worker) => worker.run()))
  await Promise.race([running, untilPolling(client, `tributary@${hostname()}:${process.pid}:main`)])
  process.send?.({ ready: true })
  logger.info({ temporal: config.temporal.address, clickhouse: config.warehouse.url }, 'worker ready')
  await running
  await warehouse.close()
  await close()
  await connection.close()
}

async function createWorkers(
  config: RuntimeConfig,
  connection: NativeConnection,
  activities: ReturnType<typeof createActivities>,
): Promise<Worker[]> {
  const { version } = createRequire(import.meta.url)('@temporalio/worker/package.json') as { version: string }
  const code = await readWorkflowBundle(
    fileURLToPath(new URL('./workflow-bundle.js', import.meta.url)),
    version,
  )
  const graceMs = Number(process.env.TRIBUTARY_SHUTDOWN_GRACE_MS ?? 60_000)
  const shared = (role: string): WorkerOptions => ({
    connection,
    namespace: config.temporal.namespace,
    taskQueue: TASK_QUEUE,
    identity: `tributary@${hostname()}:${process.pid}:${role}`,
    interceptors: { activity: [(context) => ({ inbound: failureInterceptor(context) })] },
    // Shown in the pending-activity panel, so it may not lag by the default minute.
    maxHeartbeatThrottleInterval: '10s',
    shutdownGraceTime: graceMs,
    shutdownForceTime: graceMs + 30_000,
    activities,
  })
  return Promise.all([
    Worker.create({
      ...shared('main'),
      workflowBundle: { code },
      maxCachedWorkflows: 200,
      stickyQueueScheduleToStartTimeout: '2s',
      maxConcurrentActivityTaskExecutions: 20,
    }),
    Worker.create({
      ...shared('sync'),
      taskQueue: SYNC_TASK_QUEUE,
      maxConcurrentActivityTaskExecutions: slots(process.env.TRIBUTARY_SYNC_SLOTS, SYNC_SLOTS),
    }),
    Worker.create({
      ...shared('warehouse'),
      taskQueue: WAREHOUSE_TASK_QUEUE,
      maxConcurrentActivityTaskExecutions: WAREHOUSE_SLOTS,
    }),
  ])
}

/** Ready means that the server knows of us: a command that asks for work right after must not be refused. */
async function untilPolling(client: Client, identity: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const { pollers } = await client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: TASK_QUEUE },
      taskQueueType: 1,
    })
    if (pollers?.some((poller) => poller.identity === identity)) return
    await sleep(50)
  }
}

function slots(text: string | undefined, fallback: number): number {
  const count = Number(text ?? fallback)
  return Number.isInteger(count) && count > 0 ? count : fallback
}

/** TRIBUTARY_SLICE_ROWS and TRIBUTARY_HEARTBEAT_MS: smaller ones show in seconds what recovery does in minutes. */
function limits(env: NodeJS.ProcessEnv): { sliceRows?: number; heartbeatMs?: number } {
  const sliceRows = Number(env.TRIBUTARY_SLICE_ROWS)
  const heartbeatMs = Number(env.TRIBUTARY_HEARTBEAT_MS)
  return { ...(sliceRows > 0 && { sliceRows }), ...(heartbeatMs > 0 && { heartbeatMs }) }
}

/** A server reads its own tables for dictionaries as the worker's user; the local engine needs none. */
function dictionaryUser({ localFileRoots, username, password }: RuntimeConfig['warehouse']) {
  return localFileRoots.length > 0 ? {} : { dictionaryUser: { username, password } }
}

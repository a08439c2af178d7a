/**
 * The server's process: configuration, dependencies, listening, and a stop that takes less than a second. It keeps nothing
 * on disk that cannot be lost; sessions outlive it.
 */
import type { AddressInfo } from 'node:net'
import { userInfo } from 'node:os'
import { fileURLToPath } from 'node:url'
import { createContext, type OperationContext } from '../operations/context.js'
import { hasNoMembers, signInLink } from '../operations/members/sign-in.js'
import { migrateWarehouse } from '../operations/setup.js'
import { createLogger } from '../runtime/logger.js'
import { createApp } from './app.js'
import { serverConfig } from './config.js'
import { createServices } from './services.js'

const PAGE = fileURLToPath(new URL('../web/', import.meta.url))

const logger = createLogger('server')
try {
  await run()
} catch (error) {
  logger.fatal({ err: error }, 'server failed')
  process.exit(1)
}

async function run(): Promise<void> {
  const config = serverConfig(process.env)
  const operations = createContext(process.env.TRIBUTARY_WORKSPACE ?? process.cwd())
  await migrateWarehouse(operations)
  const services = await createServices(operations, config)
  const app = await createApp({
    operations,
    services,
    logger,
    pageDir: PAGE,
    trustedProxies: config.trustedProxies,
    ...(config.requestsPerMinute !== undefined && { requestsPerMinute: config.requestsPerMinute }),
    ...graceOf(process.env),
  })
  await app.listen({ host: config.host, port: config.port, listenTextResolver: () => 'server listens' })
  const { port } = app.server.address() as AddressInfo
  const url = config.publicUrl ?? `http://${config.host}:${port}`
  process.send?.({ ready: true, url })
  logger.info({ url }, 'server ready')
  // Whoever started the server by hand is told the way in; a supervisor tells it itself.
  if (process.send === undefined) await showFirstLink(operations, url)

  const stop = async () => {
    await app.close()
    await operations.close()
    process.exit(0)
  }
  let stopping = false
  const onStop = () => {
    if (stopping) return
    stopping = true
    logger.info('server stops')
    stop().catch((error: unknown) => {
      logger.fatal({ err: error }, 'server did not stop in order')
      process.exit(1)
    })
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(signal, onStop)
}

/** Words for a person, not a line of the log. */
async function showFirstLink(operations: OperationContext, serverUrl: string): Promise<void> {
  if (!(await hasNoMembers(operations))) return
  const link = await signInLink(operations, { serverUrl, by: userInfo().username })
  process.stderr.write(`Sign in with this link, once, within 15 minutes: ${link.url}\n`)
}

/** TRIBUTARY_SHUTDOWN_GRACE_MS: what the supervisor has patience for. */
function graceOf(env: NodeJS.ProcessEnv): { readonly graceMs?: number } {
  const graceMs = Number(env.TRIBUTARY_SHUTDOWN_GRACE_MS)
  return graceMs > 0 ? { graceMs } : {}
}

/** A worker of the workflow that does nothing, on the benchmark's own Temporal server. */
import { fileURLToPath } from 'node:url'
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker'
import type { BenchStack } from './stack.js'

const QUEUE = 'bench-nothing'

export interface NoopWorker {
  /** Seconds of one run, from its start to its result. */
  run(): Promise<number>
  stop(): Promise<void>
}

export async function startNoopWorker({ context }: BenchStack): Promise<NoopWorker> {
  Runtime.install({ logger: new DefaultLogger('ERROR') })
  const temporal = await context.temporalConfig()
  const connection = await NativeConnection.connect({ address: temporal.address })
  const worker = await Worker.create({
    connection,
    namespace: temporal.namespace,
    taskQueue: QUEUE,
    workflowsPath: fileURLToPath(new URL('../noop-workflow.js', import.meta.url)),
    activities: { nothing: async () => undefined },
  })
  const running = worker.run()
  const client = await context.temporal()
  let count = 0
  return {
    async run() {
      const startedAt = performance.now()
      await client.workflow.execute('threeActivities', {
        taskQueue: QUEUE,
        workflowId: `nothing-${process.pid}-${count++}`,
      })
      return (performance.now() - startedAt) / 1000
    },
    async stop() {
      worker.shutdown()
      await running
      await connection.close()
    },
  }
}

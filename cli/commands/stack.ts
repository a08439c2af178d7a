/** `up`, `down`, `status`, `worker`: the local stack and its processes. */
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import type { StackStatus } from '../../local/supervisor/control.js'
import { addCommand, type Invocation } from '../command.js'
import { ExitCode, UsageError } from '../errors.js'
import type { Output } from '../output.js'
import { authorOf } from '../people.js'

export function addStackCommands(program: Command): void {
  addCommand(
    program,
    {
      name: 'up',
      summary: 'start Temporal, ClickHouse, workers and the page on this machine',
      details:
        'Runs until Ctrl-C, or in the background with --detach. Servers that TEMPORAL_ADDRESS and CLICKHOUSE_URL name are\nused as they are. Everything is kept in .tributary/ of the workspace.',
      examples: ['up', 'up --detach --workers 2'],
    },
    (invocation, _args, options: UpOptions) => up(invocation, options),
  )
    .option('--detach', 'return when the stack is ready; it goes on in the background')
    .option(
      '--ports <auto|last>',
      'auto: free ports now; last: those of last time where they are free',
      'last',
    )
    .option('--workers <n>', 'number of worker processes', '1')

  addCommand(
    program,
    { name: 'down', summary: 'stop the local stack', examples: ['down'] },
    async ({ workspaceDir, output }) => {
      const { stopStack } = await import('../../local/supervisor/control.js')
      const stopped = await stopStack(workspaceDir)
      output.result({ stopped }, () => (stopped ? 'stopped' : 'nothing was running'))
    },
  )

  addCommand(
    program,
    {
      name: 'status',
      summary: 'show where the local stack is',
      details: 'Exits with 3 when it does not run.',
      examples: ['status', 'status --json'],
    },
    async ({ workspaceDir, output }) => {
      const { stackStatus } = await import('../../local/supervisor/control.js')
      const status = await stackStatus(workspaceDir)
      if (status) {
        showStack(output, status)
        return ExitCode.ok
      }
      output.result(null, () => '')
      output.note(
        `tributary: looking at the stack of ${workspaceDir}: it does not run; start it with tributary up`,
      )
      return ExitCode.unreachable
    },
  )

  addCommand(
    program,
    {
      name: 'worker',
      summary: 'run a worker in the foreground',
      details: 'Stops at SIGTERM or Ctrl-C: slices end at their next checkpoint. Run as many as you like.',
      examples: ['worker', 'worker --workspace /srv/shop'],
    },
    async ({ workspaceDir }) => {
      process.env.TRIBUTARY_WORKSPACE = workspaceDir
      // The composition root of the worker runs as it is loaded, and ends the process.
      await import(new URL('../../worker.js', import.meta.url).href)
      return ExitCode.failed
    },
  )
}

const SERVER_MAIN = fileURLToPath(new URL('../../server/main.js', import.meta.url))

interface UpOptions {
  readonly detach?: boolean
  readonly ports?: string
  readonly workers?: string
}

async function up(invocation: Invocation, options: UpOptions): Promise<void> {
  const { workspaceDir, output } = invocation
  const workers = Number(options.workers)
  if (!Number.isInteger(workers) || workers < 0 || workers > 64) {
    throw new UsageError(
      `reading --workers ${options.workers}: it is no count; write a whole number from 0 to 64`,
    )
  }
  if (options.ports !== 'auto' && options.ports !== 'last') {
    throw new UsageError(`reading --ports ${options.ports}: it is no choice; write auto or last`)
  }
  const { access } = await import('node:fs/promises')
  await access(`${workspaceDir}/tributary.yaml`).catch(() => {
    throw new Error(
      `starting the stack: ${workspaceDir} is no workspace; run tributary init there, or choose another with --workspace`,
    )
  })
  const ports = options.ports === 'auto' ? await freePorts() : undefined
  const stack = { workspaceDir, workers, serverEntry: SERVER_MAIN, ...(ports && { ports }) }
  const log = (message: string) => output.note(output.paintNote('dim', message))
  if (options.detach) {
    const { startDetached } = await import('../../local/supervisor/detach.js')
    showStack(output, await startDetached(stack, { log }))
    await showWayIn(invocation)
    return
  }
  const { runStack } = await import('../../local/supervisor/run.js')
  await runStack(
    stack,
    (status) => {
      showStack(output, status)
      void showWayIn(invocation).finally(() => output.note('Ctrl-C stops it.'))
    },
    { log },
  )
}

async function freePorts() {
  const { freePort } = await import('../../local/ports.js')
  const [temporal, temporalUi, clickhouse, server] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ]
  return { temporal, temporalUi, clickhouse, server }
}

/** Whoever starts the stack may do everything on it: they are shown a link. Scripts make their own. */
async function showWayIn({ workspaceDir, output, context }: Invocation): Promise<void> {
  if (output.json) return
  const { serverAddress, signInLink } = await import('../../operations/members/sign-in.js')
  try {
    const serverUrl = await serverAddress(workspaceDir)
    const link = await signInLink(await context(), { serverUrl, by: authorOf({}) })
    output.note(`Sign in     ${link.url}  (once, within 15 minutes; more with tributary login-link)`)
  } catch (error) {
    output.note(`making a sign-in link: ${(error as Error).message}; try tributary login-link`)
  }
}

function showStack(output: Output, status: StackStatus): void {
  output.result(status, () =>
    [
      `Temporal    ${status.temporal.address}${status.temporal.ui ? `  ${status.temporal.ui}` : ''}`,
      `ClickHouse  ${status.clickhouse.url}  user ${status.clickhouse.user}`,
      ...(status.server ? [`Page        ${status.server.url}`] : []),
      `workers     ${status.workers}`,
    ].join('\n'),
  )
}

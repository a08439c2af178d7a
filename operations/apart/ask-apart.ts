/**
 * Asks a connector in a process of its own, for a server that many people use: a connector that hangs, crashes or takes all
 * memory ends that process and nothing else. It gets the secrets of its config and knows none of the server's own.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ConnectorError, ConnectorErrorKind } from '@tributary/connector-sdk'
import { allowedAddresses } from '../../runtime/config.js'
import { resolveSecrets } from '../../runtime/secrets/provider.js'
import { type ConnectorConfig, withScratch } from '../connector-session.js'
import type { OperationContext } from '../context.js'
import { guardMemory } from './guard-memory.js'
import type { ApartAnswer, ApartQuestion } from './question.js'

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url))

export interface ApartLimits {
  /** How long a person waits. @default 60 s of a check, 120 s of a discovery */
  readonly timeoutMs: number
  /** Of the whole process. @default 768 */
  readonly memoryMb: number
}

const LIMITS: Readonly<Record<ApartQuestion['verb'], ApartLimits>> = {
  check: { timeoutMs: 60_000, memoryMb: 768 },
  discover: { timeoutMs: 120_000, memoryMb: 768 },
}

/** So many at once: each may take its limit of memory. */
const MOST = 4
let asking = 0

/** Too many connectors are being asked at once. */
export class TooManyAsked extends Error {
  override readonly name = 'TooMany'
}

/**
 * @param options.signal ends the process when the reader leaves
 * @throws ConnectorError where the process did not answer, SecretMissing, TooManyAsked, or the signal's reason
 */
export async function askApart(
  context: Pick<OperationContext, 'workspaceDir' | 'secrets' | 'env'>,
  { connector, config }: Pick<ConnectorConfig, 'connector' | 'config'>,
  verb: ApartQuestion['verb'],
  options: { readonly signal: AbortSignal; readonly limits?: Partial<ApartLimits> },
): Promise<ApartAnswer> {
  const { workspaceDir, secrets, env } = context
  if (asking >= MOST)
    throw new TooManyAsked(`asking ${connector}: ${MOST} connectors are being asked already; try again soon`)
  asking += 1
  try {
    const question: ApartQuestion = {
      verb,
      workspaceDir,
      connector,
      config: (await resolveSecrets(config, secrets)) as ApartQuestion['config'],
      allowPrivateAddresses: allowedAddresses(env.TRIBUTARY_ALLOW_PRIVATE_ADDRESSES),
    }
    // The folder of the process's own files goes with it, however it ended.
    return await withScratch((scratch) =>
      answerOf(question, {
        ...options,
        limits: { ...LIMITS[verb], ...options.limits },
        env: { ...withoutOwn(env), TMPDIR: scratch },
      }),
    )
  } finally {
    asking -= 1
  }
}

interface Asking {
  readonly signal: AbortSignal
  readonly limits: ApartLimits
  readonly env: NodeJS.ProcessEnv
}

async function answerOf(question: ApartQuestion, { signal, limits, env }: Asking): Promise<ApartAnswer> {
  signal.throwIfAborted()
  const child = start(question.workspaceDir, limits, env)
  const tooLate = AbortSignal.timeout(limits.timeoutMs)
  const guard = guardMemory(child.pid, limits.memoryMb)
  try {
    return await new Promise<ApartAnswer>((resolve, reject) => {
      const said = (words: string) => reject(unanswered(question, words))
      const memory = `needed more than ${limits.memoryMb} MB of memory`
      child.once('message', (answer) => resolve(answer as ApartAnswer))
      child.once('error', () => said('could not be started'))
      // V8 ends a process whose heap is full by SIGABRT.
      child.once('exit', (code, killed) =>
        said(
          killed === 'SIGABRT' || code === 134 ? memory : `ended unasked (${killed ?? `exit code ${code}`})`,
        ),
      )
      guard.exceeded.addEventListener('abort', () => said(memory), { once: true })
      tooLate.addEventListener('abort', () => said(`did not answer within ${limits.timeoutMs / 1000} s`), {
        once: true,
      })
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      child.send(question, () => undefined)
    })
  } finally {
    guard.stop()
    await end(child)
  }
}

/** The shell's bound on processor time ends a process that spins where its parent died and no timer of its own runs any more. */
function start(cwd: string, { timeoutMs, memoryMb }: ApartLimits, env: NodeJS.ProcessEnv): ChildProcess {
  const seconds = Math.ceil(timeoutMs / 1000) + 10
  return spawn(
    '/bin/sh',
    [
      '-c',
      `ulimit -t ${seconds} && exec "$0" "$@"`,
      process.execPath,
      `--max-old-space-size=${Math.round(memoryMb * 0.75)}`,
      MAIN,
    ],
    { cwd, env, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] },
  )
}

/** Gone when the promise resolves. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}

/** Where the parts are and what the product keeps is nothing that a connector needs to know. */
function withoutOwn(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(TRIBUTARY|CLICKHOUSE|TEMPORAL)_/.test(name)),
  )
}

function unanswered({ verb, connector }: ApartQuestion, words: string): ConnectorError {
  const doing = verb === 'check' ? 'checking' : 'discovering'
  return new ConnectorError(
    ConnectorErrorKind.ContractViolation,
    `${doing} with ${connector}: its process ${words}; see whether the system answers and the config asks for little enough, or tell the connector’s author`,
  )
}

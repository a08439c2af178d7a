/**
 * Runs one server of the local stack as a child process: output goes to a log file, the end is awaited rather than polled,
 * errors carry the tail of the log, and the child never outlives this process for long (guard.ts).
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { guardChild } from './guard.js'

/** How a process ended. */
export interface ProcessExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface ManagedProcess {
  readonly name: string
  readonly pid: number
  readonly child: ChildProcess
  /** Resolves when the process has ended; never rejects. */
  readonly exited: Promise<ProcessExit>
  /** Asks the process to stop, kills it when it does not in time, resolves when it is gone. Idempotent. */
  stop(timeoutMs?: number): Promise<void>
  /** Kills the process with SIGKILL and resolves when it is gone. */
  kill(): Promise<void>
  /** The last lines that this run of the process wrote to its log. */
  tail(): string
}

export interface ProcessOptions {
  /** What the process is called in messages. */
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** Whole environment of the child. @default this process's environment */
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  readonly uid?: number
  readonly gid?: number
  /** Output of the child is appended here. */
  readonly logFile: string
  /** @default SIGTERM */
  readonly stopSignal?: NodeJS.Signals
  /** How long the child may take to stop before it is killed. @default 5000 */
  readonly stopTimeoutMs?: number
  /** Opens a message channel, over which one of our own processes says that it is ready. @default false */
  readonly ipc?: boolean
  /** A folder that the child has open as file descriptor 3: a way in for a child whose user may not enter the folders above it. */
  readonly openFolder?: string
}

const POLL_MS = 20
/** Enough that the first line of a Go panic, which says why, stands above its trace. */
const TAIL_BYTES = 8192
const TAIL_LINES = 40
const MAX_LOG_BYTES = 16 * 1024 * 1024

/**
 * Starts the process in a session of its own, so that Ctrl-C in a terminal reaches only this process, which stops the others in order.
 * @throws when the command cannot be executed
 */
export async function startProcess(options: ProcessOptions): Promise<ManagedProcess> {
  const { name, command, args, logFile, stopSignal = 'SIGTERM', stopTimeoutMs = 5000 } = options
  mkdirSync(dirname(logFile), { recursive: true })
  rotate(logFile)
  const log = openSync(logFile, 'a')
  const logStart = fstatSync(log).size
  const folder = options.openFolder === undefined ? undefined : openSync(options.openFolder, 'r')
  let child: ChildProcess
  try {
    child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      uid: options.uid,
      gid: options.gid,
      detached: true,
      stdio: ['ignore', log, log, options.ipc ? 'ipc' : (folder ?? 'ignore')],
    })
    await once(child, 'spawn')
  } catch (cause) {
    throw new Error(`starting ${name}: ${command} cannot be executed: ${(cause as Error).message}`, { cause })
  } finally {
    closeSync(log)
    if (folder !== undefined) closeSync(folder)
  }
  const pid = child.pid!
  const release = guardChild(pid, stopSignal)
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once('exit', (code, signal) => {
      release()
      resolve({ code, signal })
    })
  })
  const stop = async (timeoutMs = stopTimeoutMs) => {
    child.kill(stopSignal)
    const killer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
    await exited
    clearTimeout(killer)
  }
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  return { name, pid, child, exited, stop, kill, tail: () => readTail(logFile, logStart) }
}

/**
 * Resolves as soon as the probe says yes.
 * @throws when the process ends first, the time is over or the signal comes (the process is then killed); the message ends with the tail of its log
 */
export async function waitUntilReady(
  managed: ManagedProcess,
  probe: () => Promise<boolean>,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + timeoutMs
  let exit: ProcessExit | undefined
  void managed.exited.then((value) => {
    exit = value
  })
  while (!(await probe())) {
    if (exit)
      throw new Error(
        `starting ${managed.name}: it ended (${describeExit(exit)}) before it was ready\n${managed.tail()}`,
      )
    if (signal?.aborted) {
      await managed.kill()
      throw new Error(`starting ${managed.name}: stopped before it was ready`)
    }
    if (performance.now() > deadline) {
      const tail = managed.tail()
      await managed.kill()
      throw new Error(`starting ${managed.name}: not ready after ${timeoutMs / 1000} s\n${tail}`)
    }
    await Promise.race([managed.exited, sleep(POLL_MS)])
  }
}

/** `exit code 3` or `signal SIGKILL`. */
export function describeExit(exit: ProcessExit): string {
  return exit.signal === null ? `exit code ${exit.code}` : `signal ${exit.signal}`
}

/** Keeps one earlier log, so that a workspace that is started for years stays small. */
function rotate(logFile: string): void {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0
  if (size > MAX_LOG_BYTES) renameSync(logFile, `${logFile}.1`)
}

function readTail(file: string, from: number): string {
  try {
    const log = openSync(file, 'r')
    try {
      const { size } = fstatSync(log)
      const start = Math.max(from > size ? 0 : from, size - TAIL_BYTES)
      const bytes = Buffer.alloc(size - start)
      readSync(log, bytes, 0, bytes.length, start)
      return bytes.toString('utf8').trim().split('\n').slice(-TAIL_LINES).join('\n')
    } finally {
      closeSync(log)
    }
  } catch {
    return ''
  }
}

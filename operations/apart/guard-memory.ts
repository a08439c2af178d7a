/** Watches how much memory a process has, all of it: a limit of the heap bounds no buffers. */
import { readFile } from 'node:fs/promises'

const LOOK_EVERY_MS = 100

/** Aborts once the process has more than so much; never where the system does not tell (it has no /proc). */
export function guardMemory(
  pid: number | undefined,
  maxMb: number,
): { readonly exceeded: AbortSignal; stop(): void } {
  const exceeded = new AbortController()
  const look = async () => {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    const [, kilobytes = 0] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? []
    if (Number(kilobytes) > maxMb * 1024) exceeded.abort()
  }
  const timer = setInterval(look, LOOK_EVERY_MS)
  return { exceeded: exceeded.signal, stop: () => clearInterval(timer) }
}

/** A lock between processes by a file that only one of them can make. */
import { mkdir, open, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A lock older than this belongs to a process that died with it, milliseconds. */
const STALE_LOCK_MS = 10_000

/** Does short work, well under ten seconds, while nobody else does work under the same lock. */
export async function withFileLock<Result>(lock: string, work: () => Promise<Result>): Promise<Result> {
  await mkdir(dirname(lock), { recursive: true, mode: 0o700 })
  for (;;) {
    const handle = await open(lock, 'wx').catch(() => undefined)
    if (handle !== undefined) {
      await handle.close()
      break
    }
    const age = await stat(lock).then(
      (info) => Date.now() - info.mtimeMs,
      () => 0,
    )
    if (age > STALE_LOCK_MS) await rm(lock, { force: true })
    else await sleep(20)
  }
  try {
    return await work()
  } finally {
    await rm(lock, { force: true })
  }
}

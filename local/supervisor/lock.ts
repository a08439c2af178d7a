/** One supervisor per workspace: the lock names its holder, so a lock left by a process that is gone is taken over. */
import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { identifyProcess, isAlive, type ProcessIdentity } from '../process-identity.js'

/**
 * Takes the lock for this process; returns the function that gives it back.
 * @throws when another living process holds it
 */
export async function acquireLock(path: string): Promise<() => Promise<void>> {
  await mkdir(dirname(path), { recursive: true })
  const own = JSON.stringify(identifyProcess(process.pid))
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, own)
  try {
    for (;;) {
      try {
        // A link appears with its whole content or not at all, and only where nothing is.
        await link(draft, path)
        return () => rm(path, { force: true })
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
      const holder = await lockHolder(path)
      if (holder && isAlive(holder)) {
        throw new Error(
          `starting the stack: it already runs in this workspace (process ${holder.pid}); \`tributary status\` shows it, \`tributary down\` stops it`,
        )
      }
      await removeStale(path, holder)
    }
  } finally {
    await rm(draft, { force: true })
  }
}

/** The process that holds the lock, living or not. */
export async function lockHolder(path: string): Promise<ProcessIdentity | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  return text ? (JSON.parse(text) as ProcessIdentity) : undefined
}

/** Two processes may find the same stale lock: whoever moved a fresh one away by mistake puts it back. */
async function removeStale(path: string, stale: ProcessIdentity | undefined): Promise<void> {
  const moved = `${path}.${randomUUID()}`
  try {
    await rename(path, moved)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const taken = await lockHolder(moved)
  if (JSON.stringify(taken) !== JSON.stringify(stale)) await link(moved, path).catch(() => undefined)
  await rm(moved, { force: true })
}

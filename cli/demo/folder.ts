/** The folder of a demo: its own while it runs, so that two demos never meet; what killed ones left is cleared away. */
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isAlive } from '../../local/process-identity.js'
import { removeLeftovers } from '../../local/supervisor/control.js'
import { acquireLock, lockHolder } from '../../local/supervisor/lock.js'

export interface DemoFolder {
  /** Absolute where `base` is; empty at first. */
  readonly dir: string
  /** Gives the folder free, and removes it unless somebody wants to look at it. */
  release(keep: boolean): Promise<void>
}

/** `demo`, or `demo-2` and so on while earlier ones run, in the folder `base`. */
export async function claimDemoFolder(base: string): Promise<DemoFolder> {
  await clearAbandoned(base)
  for (let number = 1; ; number += 1) {
    const dir = join(base, number === 1 ? 'demo' : `demo-${number}`)
    const unlock = await tryLock(dir)
    if (unlock === undefined) continue
    await clear(dir)
    return {
      dir,
      async release(keep) {
        if (!keep) await rm(dir, { recursive: true, force: true })
        await unlock()
      },
    }
  }
}

/** Folders of demos that ended without clearing up. */
async function clearAbandoned(base: string): Promise<void> {
  const names = await readdir(base).catch(() => [])
  for (const name of names.filter((entry) => /^demo(-\d+)?$/.test(entry))) {
    const dir = join(base, name)
    const unlock = await tryLock(dir)
    if (unlock === undefined) continue
    await clear(dir)
    await unlock()
  }
}

async function clear(dir: string): Promise<void> {
  await removeLeftovers(dir)
  await rm(dir, { recursive: true, force: true })
}

/** Undefined while another process has it. */
async function tryLock(dir: string): Promise<(() => Promise<void>) | undefined> {
  const path = `${dir}.lock`
  try {
    return await acquireLock(path)
  } catch (error) {
    const holder = await lockHolder(path)
    if (holder && isAlive(holder)) return undefined
    throw error
  }
}

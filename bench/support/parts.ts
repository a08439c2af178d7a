/** Keeps what a benchmark starts, and ends all of it whatever happens: newest first, then the folder. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Part {
  stop(): Promise<void>
}

export interface Parts {
  /** A folder of the benchmark's own. */
  readonly folder: string
  /** Waits for a part that starts and will stop it at the end. */
  start<Started extends Part>(starting: Promise<Started>): Promise<Started>
}

const ends = new Set<() => Promise<void>>()

export async function withParts<Result>(work: (parts: Parts) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-bench-'))
  const started: Part[] = []
  const end = async () => {
    ends.delete(end)
    for (const part of started.splice(0)) await part.stop()
    await rm(folder, { recursive: true, force: true })
  }
  ends.add(end)
  try {
    return await work({
      folder,
      async start(starting) {
        const part = await starting
        started.unshift(part)
        return part
      },
    })
  } finally {
    await end()
  }
}

/** For an interrupted benchmark: ends what runs and removes its folder. */
export async function endAllParts(): Promise<void> {
  await Promise.allSettled([...ends].map((end) => end()))
}

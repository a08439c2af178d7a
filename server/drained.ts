/** Writing to somebody who may read slowly, or not at all. */
import { once } from 'node:events'
import type { Writable } from 'node:stream'

/** Whoever takes nothing for so long is gone, or holds the line to fill our memory. */
const PATIENCE_MS = 60_000

/**
 * Writes, and resolves when there is room for more: a slow reader slows the writer down and fills no memory.
 * @throws the signal's reason, or a TimeoutError where nothing was read for a minute
 */
export async function writeDrained(
  to: Writable,
  text: string,
  signal: AbortSignal,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  if (to.write(text)) return
  const patience = AbortSignal.timeout(patienceMs)
  try {
    await once(to, 'drain', { signal: AbortSignal.any([signal, patience]) })
  } catch (error) {
    throw patience.aborted && !signal.aborted ? patience.reason : error
  }
}

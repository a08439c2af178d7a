/** Waits for a condition of the outside world, by asking again and again. */
import { setTimeout as sleep } from 'node:timers/promises'

/** Throws when it does not come true in time. @param timeoutMs @default 60000 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number = 60_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await condition())) {
    if (Date.now() > deadline)
      throw new Error(`waiting for ${condition}: it did not come true in ${timeoutMs} ms`)
    await sleep(50)
  }
}

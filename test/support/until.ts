/** Waits for a condition of the outside world, by asking again and again. */
import { setTimeout as sleep } from 'node:timers/promises'

/** Throws when it does not come true in time. @param timeoutMs @default 180000, so that a busy machine is not taken for a fault */
export async function until(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number = 180_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await condition())) {
    if (Date.now() > deadline)
      throw new Error(`waiting for ${condition}: it did not come true in ${timeoutMs} ms`)
    await sleep(50)
  }
}

/** Looks at views again and again while something happens: a count that is wrong for a moment would be seen. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Expected } from '../../examples/grocer/expected.js'
import { checkStream, sameFigures } from './checks.js'
import { measure } from './rows.js'
import type { Stage } from './stage.js'

export interface Watched<Result> {
  readonly result: Result
  /** How often every view was looked at. */
  readonly looks: number
  /** What was seen that should not have been, each once. */
  readonly wrong: readonly string[]
}

const PAUSE_MS = 50

export async function whileWatching<Result>(
  stage: Pick<Stage, 'context'>,
  expected: Expected,
  work: () => Promise<Result>,
): Promise<Watched<Result>> {
  const wrong = new Set<string>()
  let looks = 0
  let ended = false
  const watching = (async () => {
    do {
      for (const [stream, wanted] of Object.entries(expected)) {
        const found = await measure(stage, stream, wanted)
        if (!sameFigures(found, wanted)) wrong.add(`${stream}: ${checkStream('', found, wanted).detail}`)
      }
      looks += 1
      await sleep(PAUSE_MS)
    } while (!ended)
  })()
  // Whoever waits for it below hears of it; until then it is no unhandled failure.
  watching.catch(() => undefined)
  try {
    const result = await work()
    ended = true
    await watching
    return { result, looks, wrong: [...wrong] }
  } finally {
    ended = true
    await watching.catch(() => undefined)
  }
}

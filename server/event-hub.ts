/**
 * Hints that something changed, for pages that are open: what they show they fetch anew. Changes through this server are
 * told at once; those of workers and other servers are looked for while somebody listens.
 */
import type { ChangeMarks } from '../operations/change-marks.js'
import { ANYTHING, type ChangeHint, HintQueue } from './hint-queue.js'

export interface EventHub {
  publish(hint: ChangeHint): void
  /** Hints from now on, until the signal. */
  subscribe(signal: AbortSignal): AsyncIterable<ChangeHint>
}

const LOOK_EVERY_MS = 2000

/** @param look what there is to see now, by type and id */
export function createEventHub(look: () => Promise<ChangeMarks>, everyMs = LOOK_EVERY_MS): EventHub {
  const queues = new Set<HintQueue>()
  const publish = (hint: ChangeHint) => {
    for (const queue of queues) queue.put(hint)
  }
  let watch: NodeJS.Timeout | undefined
  let seen: ChangeMarks | undefined
  let looking = false

  const compare = async () => {
    if (looking) return
    looking = true
    try {
      const now = await look()
      // Nobody knows what changed between the reader's own look and this first one.
      for (const hint of seen ? differences(seen, now) : [ANYTHING]) publish(hint)
      seen = now
    } catch {
      // Whoever asks for the thing itself is told what does not answer; when it does again, all of it is read anew.
      seen = undefined
    } finally {
      looking = false
    }
  }
  // What was seen is kept while nobody listens: whoever comes next is told what changed since.
  const join = (queue: HintQueue) => {
    queues.add(queue)
    if (queues.size > 1) return
    void compare()
    watch = setInterval(compare, everyMs)
  }
  const leave = (queue: HintQueue) => {
    queues.delete(queue)
    if (queues.size === 0) clearInterval(watch)
  }

  return {
    publish,
    async *subscribe(signal) {
      const queue = new HintQueue(signal)
      join(queue)
      try {
        yield* queue.hints()
      } finally {
        leave(queue)
      }
    },
  }
}

function differences(before: ChangeMarks, after: ChangeMarks): readonly ChangeHint[] {
  const keys = new Set([...before.keys(), ...after.keys()])
  const changed = [...keys].filter((key) => before.get(key) !== after.get(key))
  return changed.map((key) => {
    const [type, ...id] = key.split(' ')
    return { type: type as ChangeHint['type'], id: id.join(' ') }
  })
}

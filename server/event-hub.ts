/**
 * Hints that something changed, for pages that are open: what they show they fetch anew. Changes through this server are
 * told at once; those of workers and other servers are looked for while somebody listens.
 */
import { EventEmitter, on } from 'node:events'
import type { ChangeMarks } from '../operations/change-marks.js'

/** What may have changed, and of which thing; an empty id: of any. */
export interface ChangeHint {
  readonly type: 'run' | 'refresh' | 'activation' | 'workspace'
  readonly id: string
}

export interface EventHub {
  publish(hint: ChangeHint): void
  /** Hints from now on, until the signal. */
  subscribe(signal: AbortSignal): AsyncIterable<ChangeHint>
}

const LOOK_EVERY_MS = 2000

/** @param look what there is to see now, by type and id */
export function createEventHub(look: () => Promise<ChangeMarks>, everyMs = LOOK_EVERY_MS): EventHub {
  const emitter = new EventEmitter().setMaxListeners(0)
  const publish = (hint: ChangeHint) => void emitter.emit('hint', hint)
  let listeners = 0
  let watch: NodeJS.Timeout | undefined
  let seen: ChangeMarks | undefined
  let looking = false

  const compare = async () => {
    if (looking) return
    looking = true
    try {
      const now = await look()
      if (seen) for (const hint of differences(seen, now)) publish(hint)
      seen = now
    } catch {
      // Whoever asks for the thing itself is told what does not answer.
    } finally {
      looking = false
    }
  }
  const join = () => {
    listeners += 1
    if (listeners > 1) return
    seen = undefined
    void compare()
    watch = setInterval(compare, everyMs)
  }
  const leave = () => {
    listeners -= 1
    if (listeners === 0) clearInterval(watch)
  }

  return {
    publish,
    async *subscribe(signal) {
      join()
      try {
        for await (const [hint] of on(emitter, 'hint', { signal })) yield hint as ChangeHint
      } catch (error) {
        if (!signal.aborted) throw error
      } finally {
        leave()
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

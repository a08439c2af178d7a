/** What the server says by itself (server-sent events), for as long as somebody listens. */
import { backoffMs } from './backoff.js'
import { isConnected, onConnection } from './connection.js'

interface FollowOptions {
  readonly path: string
  /** Called with every event's text. */
  readonly hear: (text: string) => void
  /** Called when the line is there again: what was said meanwhile is lost. */
  readonly onAgain?: () => void
  readonly onBreak?: () => void
}

/** A line that held so long broke for a reason of its own: it is taken up again at once. */
const HELD_MS = 10_000

/**
 * Listens until the function that it gives is called. A line that breaks is taken up again with growing pauses; one to a server
 * that is away is given up, as it may be dead without a word; and a page that nobody sees has none, since a browser has six
 * connections for all its tabs and a seventh one would never open.
 */
export function follow({ path, hear, onAgain, onBreak }: FollowOptions): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let attempt = 0
  let isFirst = true
  const listen = () => {
    let openedAt = Number.POSITIVE_INFINITY
    source = new EventSource(path)
    source.onopen = () => {
      openedAt = performance.now()
      if (!isFirst) onAgain?.()
      isFirst = false
    }
    source.onmessage = ({ data }: MessageEvent<string>) => hear(data)
    source.onerror = () => {
      hangUp()
      if (performance.now() - openedAt > HELD_MS) attempt = 0
      timer = setTimeout(listen, backoffMs(attempt++, Math.random()))
      onBreak?.()
    }
  }
  const hangUp = () => {
    source?.close()
    clearTimeout(timer)
  }
  let isOn = false
  const turn = () => {
    const wanted = isConnected() && !document.hidden
    if (wanted === isOn) return
    isOn = wanted
    hangUp()
    attempt = 0
    if (wanted) listen()
  }
  const stopWatching = onConnection(turn)
  document.addEventListener('visibilitychange', turn)
  turn()
  return () => {
    document.removeEventListener('visibilitychange', turn)
    stopWatching()
    hangUp()
  }
}

/** Reads that the server is too busy for, or the member asked too often for, are asked again when it says; none waits on a dead line. */
import { connection, onConnection } from './connection.js'

/** Longer than this nobody waits without a word, milliseconds. */
const LONGEST_MS = 60_000
const MOST_TRIES = 3

/** `fetch`, which for a read waits as long as a refusal (429) says. Changes are told at once: whoever made one decides. */
export async function patientFetch(request: Request): Promise<Response> {
  for (let tries = 1; ; tries += 1) {
    const response = await (request.method === 'GET' ? fetchWhileThere(request) : fetch(request.clone()))
    const waitMs = request.method === 'GET' && tries < MOST_TRIES ? pauseOf(response) : undefined
    if (waitMs === undefined) return response
    await sleep(waitMs, request.signal)
  }
}

/** Given up once the server is found away: what it left unanswered may never be answered. It is read again when the server is back. */
async function fetchWhileThere(request: Request): Promise<Response> {
  const away = new AbortController()
  const stop = onConnection(() => {
    if (connection() === 'lost') away.abort(new Error('the server is away'))
  })
  try {
    return await fetch(request.clone(), { signal: AbortSignal.any([request.signal, away.signal]) })
  } finally {
    stop()
  }
}

/** Spread over a second, so that a page does not come with all its reads at once; undefined: not to be asked again. */
function pauseOf({ status, headers }: Response): number | undefined {
  const said = headers.get('retry-after')
  if (status !== 429 || said === null || !/^\d+$/.test(said)) return undefined
  const waitMs = Number(said) * 1000
  return waitMs <= LONGEST_MS ? waitMs + Math.random() * 1000 : undefined
}

/** Rejects with the signal's reason once the reader leaves. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    const leave = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave, { once: true })
  })
}

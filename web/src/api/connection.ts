/**
 * Whether the server answers, and reaches what it works with. When a request finds that it does not, reads wait, and the server
 * is asked with growing pauses until all is back; then everything shown is read again by itself.
 */
import { onlineManager } from '@tanstack/react-query'
import { backoffMs } from './backoff.js'
import type { components } from './schema.js'

/** Nothing can be read. `lost`: the server does not answer; `without data`: it answers that what it reads from does not. */
type Away = 'lost' | 'without data'

/** All can be read, and nothing new would be done. */
type Lack = 'without Temporal' | 'without workers'

export type Connection = 'there' | Away | Lack

/** A server that is there answers this one question well within it, milliseconds. */
const PATIENCE_MS = 8_000
/** How often a page that is looked at asks: lines and reads can wait for ever on a server that stands still. */
const PULSE_MS = 10_000

const listeners = new Set<() => void>()
let away: Away = 'lost'
let lack: Lack | undefined
let probing = false

// A browser without a network reaches a server on its own machine all the same: only the server's silence counts.
onlineManager.setEventListener(() => undefined)

/** Called when a request found no server. Doing it again while the server is away changes nothing. */
export function reportLost(): void {
  if (!probing) wait('lost')
}

/** Called when something hints that the server or its data may be gone: it is asked before anybody is told. */
export async function suspectLost(): Promise<void> {
  const found = await look()
  if (probing) return
  if (isAway(found)) wait(found)
  else tell(found)
}

export function connection(): Connection {
  return onlineManager.isOnline() ? (lack ?? 'there') : away
}

/** True while the server answers, with data. */
export function isConnected(): boolean {
  return onlineManager.isOnline()
}

/** Calls `listener` whenever the connection changes; returns how to stop. */
export function onConnection(listener: () => void): () => void {
  listeners.add(listener)
  const stop = onlineManager.subscribe(listener)
  return () => {
    listeners.delete(listener)
    stop()
  }
}

/** Asks at once and now and then, as long as the page is looked at; returns how to stop. */
export function keepPulse(): () => void {
  const beat = () => {
    if (isConnected() && !document.hidden) void suspectLost()
  }
  beat()
  const timer = setInterval(beat, PULSE_MS)
  window.addEventListener('offline', beat)
  return () => {
    clearInterval(timer)
    window.removeEventListener('offline', beat)
  }
}

function wait(found: Away): void {
  probing = true
  away = found
  onlineManager.setOnline(false)
  void probe(0)
}

async function probe(attempt: number): Promise<void> {
  const found = await look()
  if (!isAway(found)) {
    probing = false
    onlineManager.setOnline(true)
    tell(found)
    return
  }
  if (found !== away) {
    away = found
    for (const listener of listeners) listener()
  }
  setTimeout(() => void probe(attempt + 1), backoffMs(attempt, Math.random()))
}

function tell(found: Lack | 'there'): void {
  const now = found === 'there' ? undefined : found
  if (now === lack) return
  lack = now
  for (const listener of listeners) listener()
}

function isAway(found: Connection): found is Away {
  return found === 'lost' || found === 'without data'
}

/** Any other answer of the server's own means that all is there, a refusal too. */
async function look(): Promise<Connection> {
  try {
    const answer = await fetch('/api/v1/vitals', {
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    if (answer.status === 502 || answer.status === 504) return 'lost'
    if (answer.status === 503) return 'without data'
    return answer.ok ? lackOf((await answer.json()) as components['schemas']['Vitals']) : 'there'
  } catch {
    return 'lost'
  }
}

function lackOf({ temporal, workers }: components['schemas']['Vitals']): Connection {
  if (!temporal) return 'without Temporal'
  return workers === false ? 'without workers' : 'there'
}

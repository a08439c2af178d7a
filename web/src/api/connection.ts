/**
 * Whether the server answers, and reaches its data. When a request finds that it does not, reads wait, and the server is asked
 * with growing pauses until all is back; then everything shown is read again by itself.
 */
import { onlineManager } from '@tanstack/react-query'
import { backoffMs } from './backoff.js'

/** `lost`: the server does not answer; `without data`: it answers that what it reads from does not. */
export type Connection = 'there' | 'lost' | 'without data'

/** A server that is there answers this one question well within it, milliseconds. */
const PATIENCE_MS = 8_000
/** How often a page that is looked at asks: lines and reads can wait for ever on a server that stands still. */
const PULSE_MS = 10_000

const listeners = new Set<() => void>()
let away: Exclude<Connection, 'there'> = 'lost'
let probing = false

/** Called when a request found no server. Doing it again while the server is away changes nothing. */
export function reportLost(): void {
  if (!probing) wait('lost')
}

/** Called when something hints that the server or its data may be gone: it is asked before anybody is told. */
export async function suspectLost(): Promise<void> {
  const found = await look()
  if (!probing && found !== 'there') wait(found)
}

export function connection(): Connection {
  return onlineManager.isOnline() ? 'there' : away
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

/** Asks now and then, as long as the page is looked at; returns how to stop. */
export function keepPulse(): () => void {
  const timer = setInterval(() => {
    if (isConnected() && !document.hidden) void suspectLost()
  }, PULSE_MS)
  return () => clearInterval(timer)
}

function wait(found: Exclude<Connection, 'there'>): void {
  probing = true
  away = found
  onlineManager.setOnline(false)
  void probe(0)
}

async function probe(attempt: number): Promise<void> {
  const found = await look()
  if (found === 'there') {
    probing = false
    onlineManager.setOnline(true)
    return
  }
  if (found !== away) {
    away = found
    for (const listener of listeners) listener()
  }
  setTimeout(() => void probe(attempt + 1), backoffMs(attempt, Math.random()))
}

/** Any other answer of the server's own means that all is there, a refusal too. */
async function look(): Promise<Connection> {
  try {
    const { status } = await fetch('/api/v1/session', {
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    if (status === 502 || status === 504) return 'lost'
    return status === 503 ? 'without data' : 'there'
  } catch {
    return 'lost'
  }
}

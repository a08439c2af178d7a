/**
 * Whether the server answers. When a request finds it gone, reads wait, and the server is asked with growing pauses until it
 * is back; then everything shown is read again by itself.
 */
import { onlineManager } from '@tanstack/react-query'
import { backoffMs } from './backoff.js'

let probing = false

/** Called when a request found no server. Doing it again while the server is away changes nothing. */
export function reportLost(): void {
  if (probing) return
  probing = true
  onlineManager.setOnline(false)
  void probe(0)
}

/** Called when something else than an answer hints that the server may be gone: it is asked before anybody is told. */
export async function suspectLost(): Promise<void> {
  if (!probing && !(await answers())) reportLost()
}

/** True while the server answers. */
export function isConnected(): boolean {
  return onlineManager.isOnline()
}

/** Calls `listener` whenever the server goes or comes back; returns how to stop. */
export function onConnection(listener: () => void): () => void {
  return onlineManager.subscribe(listener)
}

async function probe(attempt: number): Promise<void> {
  if (await answers()) {
    probing = false
    onlineManager.setOnline(true)
    return
  }
  setTimeout(() => void probe(attempt + 1), backoffMs(attempt, Math.random()))
}

/** Any answer of the server's own means that it is there, a refusal too. */
async function answers(): Promise<boolean> {
  try {
    const response = await fetch('/api/v1/session', { credentials: 'same-origin', cache: 'no-store' })
    return response.status !== 502 && response.status !== 504
  } catch {
    return false
  }
}

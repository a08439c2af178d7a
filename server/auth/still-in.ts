/** Streams outlive the request that opened them: they end soon after whoever reads them may not read them any more. */
import type { FastifyRequest } from 'fastify'
import { SessionIdle, SignInNeeded } from '../errors.js'
import { type IdentifyBy, type Identity, identify } from './identity.js'

const LOOK_EVERY_MS = 2000

/**
 * Does the work with a signal that aborts once the reader signed out, was removed, has another role or another token, or
 * their time is over: what a role may see is decided once a stream.
 */
export async function whileIn(
  request: FastifyRequest,
  services: IdentifyBy,
  options: { readonly evenIdle: boolean },
  work: (out: AbortSignal) => Promise<void>,
): Promise<void> {
  const { role } = request.identity!
  const out = new AbortController()
  const watch = setInterval(async () => {
    if (await isOut(role, () => identify(request, services, options))) out.abort(new SignInNeeded())
  }, LOOK_EVERY_MS)
  try {
    await work(out.signal)
  } finally {
    clearInterval(watch)
  }
}

/** Where nobody can tell, since the warehouse is away, nothing new comes either. */
async function isOut(role: Identity['role'], identity: () => Promise<Identity>): Promise<boolean> {
  try {
    return (await identity()).role !== role
  } catch (error) {
    return error instanceof SignInNeeded || error instanceof SessionIdle
  }
}

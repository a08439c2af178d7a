/** Secrets that this side chooses: a spec's `x-generate` says how one is made, so that nobody has to think one up. */
import type { JsonSchema } from './types.js'

const MAKERS: Readonly<Record<string, () => string>> = {
  /** https://www.standardwebhooks.com: 24 to 64 random bytes as base64. */
  'standard-webhooks': () => `whsec_${btoa(String.fromCharCode(...randomBytes(32)))}`,
}

/** Makes a value for a secret; undefined where only the other side can give it. */
export function makerOf(schema: JsonSchema): (() => string) | undefined {
  const scheme: unknown = schema['x-generate']
  return typeof scheme === 'string' && Object.hasOwn(MAKERS, scheme) ? MAKERS[scheme] : undefined
}

function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count))
}

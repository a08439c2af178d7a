/** Takes secret values out of text before it reaches a log or an error. */

import { isDeepStrictEqual } from 'node:util'

/** Shorter values are left alone: masking every `a` would destroy all messages and protect nothing. */
const SHORTEST_SECRET = 4
const MASK = '***'

export type Redact = <T>(value: T) => T

/**
 * A function that masks the given secrets, also in their URL-encoded, base64 and JSON-escaped forms, in text and in the text
 * inside plain objects, arrays and errors (whose message and stack are changed in place).
 */
export function createRedactor(secrets: readonly string[]): Redact {
  const forms = [
    ...new Set(secrets.filter((secret) => secret.length >= SHORTEST_SECRET).flatMap(encodedForms)),
  ].sort((a, b) => b.length - a.length)
  if (forms.length === 0) return (value) => value
  const pattern = new RegExp(forms.map((form) => form.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g')
  const mask = (text: string): string => text.replace(pattern, MASK)

  const redact = (value: unknown, seen: Set<object>): unknown => {
    if (typeof value === 'string') return mask(value)
    if (typeof value !== 'object' || value === null || seen.has(value)) return value
    seen.add(value)
    if (value instanceof Error) return redactError(value, (inner) => redact(inner, seen))
    if (Array.isArray(value)) return value.map((item) => redact(item, seen))
    const prototype = Object.getPrototypeOf(value)
    if (prototype !== Object.prototype && prototype !== null) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [mask(key), redact(item, seen)]))
  }
  return <T>(value: T) => redact(value, new Set()) as T
}

/** Changes the error in place where that is possible: who holds it must not see the secret either. */
function redactError(error: Error, redact: (value: unknown) => unknown): Error {
  const fields = ['message', 'stack', 'cause', ...Object.keys(error)]
  for (const key of new Set(fields)) {
    // An error of any library: its fields are looked at by name.
    const before = (error as unknown as Record<string, unknown>)[key]
    const after = redact(before)
    if (after === before || isSameShape(before, after)) continue
    // DOMException and the like have read-only messages.
    if (!Reflect.set(error, key, after)) return new Error(String(redact(error.message)))
  }
  return error
}

/** Copies of objects and lists that nothing was masked in need not replace the original. */
function isSameShape(before: unknown, after: unknown): boolean {
  return typeof before === 'object' && before !== null && isDeepStrictEqual(before, after)
}

function encodedForms(secret: string): string[] {
  const encoded = [
    secret,
    encode(() => encodeURIComponent(secret)),
    encode(() => encodeURI(secret)),
    new URLSearchParams([['', secret]]).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('base64'),
  ]
  return encoded.filter((form) => form.length >= SHORTEST_SECRET)
}

/** A lone surrogate cannot be URL-encoded; then there is no such form to mask. */
function encode(run: () => string): string {
  try {
    return run()
  } catch {
    return ''
  }
}

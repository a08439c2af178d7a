/** States as Airbyte passes them in: a list of messages, or the one object of older platforms. */
import type { JsonObject } from '../json.js'

/** The state of each stream, by name. Absent or empty means: start over. Unknown shapes are no state. */
export function statesByStream(state: unknown): ReadonlyMap<string, JsonObject> {
  const states = new Map<string, JsonObject>()
  const keep = (entry: unknown): void => {
    const name = at(at(entry, 'stream_descriptor'), 'name')
    const value = at(entry, 'stream_state')
    if (typeof name === 'string' && isObject(value)) states.set(name, value as JsonObject)
  }
  for (const item of Array.isArray(state) ? (state as unknown[]) : [state]) {
    // A state file may hold whole messages or their states.
    const message = at(item, 'state') ?? item
    keep(at(message, 'stream'))
    const global = at(at(message, 'global'), 'stream_states')
    if (Array.isArray(global)) global.forEach(keep)
    const legacy = at(message, 'data')
    if (isObject(legacy)) {
      for (const [name, value] of Object.entries(legacy)) {
        if (isObject(value)) states.set(name, value as JsonObject)
      }
    }
  }
  return states
}

function at(value: unknown, key: string): unknown {
  return isObject(value) ? value[key] : undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

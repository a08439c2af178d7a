/** Ready-made faults for a fault server: what vendors, networks and clocks do to a reader. */
import type { Fault, FaultRequest, FaultResponse } from './fault-server.js'

/** Answers the first matching request of each path with `response`. */
export function once(
  response: FaultResponse,
  matches: (request: FaultRequest) => boolean = () => true,
): Fault {
  const hit = new Set<string>()
  return (request) => {
    if (hit.has(request.path) || !matches(request)) return undefined
    hit.add(request.path)
    return response
  }
}

/** Answers every matching request after the first of its path with `response`, the first time. */
export function onceInTheMiddle(response: FaultResponse, matches: (request: FaultRequest) => boolean): Fault {
  const after = once(response, matches)
  const first = new Set<string>()
  return (request, answer) => {
    if (!matches(request)) return undefined
    if (first.has(request.path)) return after(request, answer)
    first.add(request.path)
    return undefined
  }
}

/** Cuts the body of the second answer of each path in the middle (of the first, when there is only one). */
export function cutOnce(matches: (request: FaultRequest) => boolean): Fault {
  const hit = new Set<string>()
  return async (request, answer) => {
    if (hit.has(request.path) || !matches(request)) return undefined
    hit.add(request.path)
    const response = await answer()
    return { ...response, cutAfter: Math.floor(bodyText(response).length / 2) }
  }
}

/** Gives the first page again in place of the second, as a listing does whose items move while it is read. */
export function duplicatedPage(matches: (request: FaultRequest) => boolean): Fault {
  const pages = new Map<string, { first: FaultResponse; repeated: boolean }>()
  return async (request, answer) => {
    if (!matches(request)) return undefined
    const page = pages.get(request.path)
    if (!page) {
      const first = await answer()
      pages.set(request.path, { first, repeated: false })
      return first
    }
    if (page.repeated) return undefined
    page.repeated = true
    return page.first
  }
}

/** Every answer says that the server's clock is off by `ms`. */
export function clockSkew(ms: number): Fault {
  return async (_, answer) => {
    const response = await answer()
    const date = new Date(Date.now() + ms).toUTCString()
    return { ...response, headers: { ...response.headers, date } }
  }
}

/** Changes every object in JSON answers. */
export function changedObjects(change: (object: Record<string, unknown>) => Record<string, unknown>): Fault {
  return async (_, answer) => {
    const response = await answer()
    if (typeof response.body === 'string' || Buffer.isBuffer(response.body)) return response
    return { ...response, body: mapObjects(response.body, change) }
  }
}

function mapObjects(
  value: unknown,
  change: (object: Record<string, unknown>) => Record<string, unknown>,
): unknown {
  if (Array.isArray(value)) return value.map((item) => mapObjects(item, change))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]) => [key, mapObjects(item, change)])
  return change(Object.fromEntries(entries) as Record<string, unknown>)
}

function bodyText({ body }: FaultResponse): string {
  return typeof body === 'string'
    ? body
    : Buffer.isBuffer(body)
      ? body.toString('latin1')
      : JSON.stringify(body ?? '')
}

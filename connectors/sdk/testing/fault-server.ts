/**
 * A local HTTP server for tests: it replays a vendor's shapes and injects faults. It listens on a free port of
 * 127.0.0.1 and records what was asked of it.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a route sees of a request. */
export interface FaultRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  /** Path and query as they came, encoded as they were. */
  readonly target: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
  /** The body as it came. */
  readonly bytes: Buffer
  /** How many requests this path had before this one. */
  readonly count: number
}

/** What is answered: JSON for values, bytes as they are for text and buffers. */
export interface FaultResponse {
  /** @default 200 */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Strings and buffers are sent as they are, anything else as JSON. */
  readonly body?: unknown
  /** Wait before the answer, milliseconds. */
  readonly delayMs?: number
  /** Cut the connection after so many bytes of the body. 0: after the headers. */
  readonly cutAfter?: number
  /** Cut the connection before any answer. */
  readonly hangUp?: boolean
}

export type Route = (request: FaultRequest) => FaultResponse | Promise<FaultResponse>

/** Decides about a request before its route does; undefined leaves it to the route. */
export type Fault = (
  request: FaultRequest,
  answer: () => Promise<FaultResponse>,
) => FaultResponse | undefined | Promise<FaultResponse | undefined>

export interface FaultServer {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string
  /** Every request since the start or the last `reset`. */
  readonly requests: readonly FaultRequest[]
  /** Connections that are open now. */
  openConnections(): Promise<number>
  /** Puts a fault in front of all routes until `reset`. Later faults come first. */
  inject(fault: Fault): undefined
  /** Takes the faults away and forgets the requests. */
  reset(): void
  /** Stops the server and cuts what is still open. */
  close(): Promise<void>
}

/**
 * Starts a server. Routes are keyed by path, `/orders`, or by method and path, `POST /orders`; `*` at the end of a path
 * matches any rest. What has no route is a 404.
 */
export async function createFaultServer(routes: Readonly<Record<string, Route>>): Promise<FaultServer> {
  const requests: FaultRequest[] = []
  const faults: Fault[] = []
  const server = createServer((incoming, outgoing) => {
    void handle(incoming, outgoing).catch(() => outgoing.destroy())
  })

  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const url = new URL(incoming.url ?? '/', 'http://server')
    const bytes = Buffer.concat(chunks)
    const request: FaultRequest = {
      method: incoming.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      target: incoming.url ?? '/',
      headers: incoming.headers,
      body: bytes.toString('utf8'),
      bytes,
      count: requests.filter(({ path }) => path === url.pathname).length,
    }
    requests.push(request)
    const route = routeFor(routes, request)
    const answer = async (): Promise<FaultResponse> => route(request)
    for (const fault of faults.toReversed()) {
      const response = await fault(request, answer)
      if (response) return send(outgoing, response)
    }
    return send(outgoing, await answer())
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    openConnections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    inject(fault) {
      faults.push(fault)
      return undefined
    },
    reset() {
      faults.length = 0
      requests.length = 0
    },
    close: () => close(server),
  }
}

function routeFor(routes: Readonly<Record<string, Route>>, request: FaultRequest): Route {
  const exact = routes[`${request.method} ${request.path}`] ?? routes[request.path]
  if (exact) return exact
  const prefix = Object.keys(routes)
    .filter((key) => key.endsWith('*'))
    .sort((a, b) => b.length - a.length)
    .find((key) => {
      const start = key.slice(0, -1)
      return request.path.startsWith(start) || `${request.method} ${request.path}`.startsWith(start)
    })
  return prefix === undefined ? () => ({ status: 404, body: { error: 'no such path' } }) : routes[prefix]!
}

async function send(outgoing: ServerResponse, response: FaultResponse): Promise<void> {
  if (response.hangUp) {
    outgoing.destroy()
    return
  }
  if (response.delayMs) await new Promise((resolve) => setTimeout(resolve, response.delayMs))
  const raw = typeof response.body === 'string' || Buffer.isBuffer(response.body)
  const body = raw
    ? Buffer.from(response.body as string | Buffer)
    : Buffer.from(response.body === undefined ? '' : JSON.stringify(response.body))
  outgoing.writeHead(response.status ?? 200, {
    'content-type': raw ? 'text/plain; charset=utf-8' : 'application/json',
    'content-length': body.length,
    ...response.headers,
  })
  if (response.cutAfter === undefined) {
    outgoing.end(body)
    return
  }
  // The cut comes after the part has left, or the client would see no answer at all.
  outgoing.flushHeaders()
  await new Promise((resolve) => outgoing.write(body.subarray(0, Math.max(1, response.cutAfter!)), resolve))
  outgoing.destroy()
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

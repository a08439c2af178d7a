/** ClickHouse's HTTP interface over the embedded engine: routes, authentication, one answer for every request. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { readWork } from './body.js'
import type { Engine } from './engine.js'
import { ClickHouseException, toException } from './errors.js'
import { authenticate, type Credentials, readQueryRequest, requestUrl } from './request.js'
import { QueryResponse, sendException } from './response.js'
import type { Runner } from './runner.js'
import type { Spool } from './spool.js'

/** The parts a server works with. */
export interface ServerParts {
  readonly engine: Engine
  readonly runner: Runner
  readonly spool: Spool
  readonly credentials: Credentials
  log(message: string, fields: Readonly<Record<string, unknown>>): void
}

/** A server and what is in its hands. */
export interface ClickHouseServer {
  readonly http: Server
  /** Refuses new requests from now on; resolves when the running ones are answered; kills them after `graceMs`. */
  drain(graceMs: number): Promise<void>
}

const MAX_HEADER_BYTES = 8 << 20
const KEEP_ALIVE_MS = 60_000
const CUT_AFTER_KILL_MS = 1000

const notFound = (path: string) =>
  new ClickHouseException(36, 'BAD_ARGUMENTS', `There is no handle ${path}. Use / or /ping`, 404)

/** Creates the server; the caller makes it listen, on loopback. */
export const createClickHouseServer = (parts: ServerParts): ClickHouseServer => {
  const { engine, runner, spool, credentials } = parts
  const open = new Map<AbortController, Promise<void>>()
  let draining = false

  const query = async (request: IncomingMessage, response: ServerResponse, url: URL, signal: AbortSignal) => {
    authenticate(request, url, credentials)
    const asked = readQueryRequest(request, url)
    const answer = new QueryResponse(response, asked, engine)
    try {
      const work = await readWork(request, asked, spool)
      const summary = await runner.run(asked, work, answer, signal).finally(() => work.discard())
      // Last of all: a client that has its answer finds its session free and its data gone from the spool.
      await answer.finish(summary)
    } catch (error) {
      await answer.fail(toException(error))
    }
  }

  const handle = async (
    request: IncomingMessage,
    response: ServerResponse,
    signal: AbortSignal,
  ): Promise<void> => {
    const url = requestUrl(request)
    if (draining) throw new ClickHouseException(236, 'ABORTED', 'The server is shutting down', 503)
    const health = url.pathname === '/ping' || url.pathname === '/replicas_status'
    if (health || (url.pathname === '/' && url.search === '' && request.method !== 'POST')) {
      response.setHeader('Content-Type', 'text/html; charset=UTF-8')
      response.end('Ok.\n')
      return
    }
    if (url.pathname !== '/' && url.pathname !== '/query') throw notFound(url.pathname)
    await query(request, response, url, signal)
  }

  const serve = async (
    request: IncomingMessage,
    response: ServerResponse,
    signal: AbortSignal,
  ): Promise<void> => {
    try {
      await handle(request, response, signal)
    } catch (error) {
      sendException(response, toException(error), engine.version)
    }
    // What is left of the body is read off, so that the client gets its answer and may use the connection again.
    request.on('error', () => undefined)
    request.resume()
    if (!response.writableFinished && !response.destroyed) await once(response, 'close')
  }

  const http = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: 0,
  })
  http.on('request', (request, response) => {
    const controller = new AbortController()
    response.once('close', () => {
      if (!response.writableFinished) controller.abort()
    })
    response.on('error', () => undefined)
    const served = serve(request, response, controller.signal)
      .catch((error: unknown) => {
        parts.log('answering a request failed', { error: String(error) })
        response.destroy()
      })
      .finally(() => open.delete(controller))
    open.set(controller, served)
  })
  http.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const status =
      error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request'
    if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`)
    else socket.destroy()
  })

  const drain = async (graceMs: number): Promise<void> => {
    draining = true
    http.close()
    http.closeIdleConnections()
    const kill = setTimeout(() => {
      for (const controller of open.keys()) controller.abort()
    }, graceMs)
    // Those whose answers are not even read.
    const cut = setTimeout(() => http.closeAllConnections(), graceMs + CUT_AFTER_KILL_MS)
    await Promise.allSettled(open.values())
    clearTimeout(kill)
    clearTimeout(cut)
    http.closeAllConnections()
  }
  return { http, drain }
}

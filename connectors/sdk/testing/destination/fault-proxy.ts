/** A proxy before a vendor that speaks HTTP: a fault server whose only route is the vendor. */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import {
  createFaultServer,
  type FaultRequest,
  type FaultResponse,
  type FaultServer,
} from '../fault-server.js'

/** Headers that speak of one connection (RFC 9110, 7.6.1), and what the proxy writes anew. */
const HOP_HEADERS = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-length',
])

/** Starts a proxy that forwards every request to the vendor at `url`, unless a fault answers it. */
export function createFaultProxy(url: string): Promise<FaultServer> {
  return createFaultServer({ '*': (request) => forward(new URL(url), request) })
}

function forward(vendor: URL, { method, target, headers, bytes }: FaultRequest): Promise<FaultResponse> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        host: vendor.hostname,
        port: vendor.port,
        method,
        // Signatures are made of these very characters.
        path: `${vendor.pathname === '/' ? '' : vendor.pathname}${target}`,
        headers: { ...endToEnd(headers), 'content-length': String(bytes.length) },
        agent: false,
      },
      (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('error', reject)
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 502,
            headers: endToEnd(incoming.headers),
            body: Buffer.concat(chunks),
          }),
        )
      },
    )
    outgoing.on('error', reject)
    outgoing.end(bytes)
  })
}

function endToEnd(headers: IncomingHttpHeaders): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !HOP_HEADERS.has(name))
  return Object.fromEntries(kept.map(([name, value]) => [name, [value ?? ''].flat().join(', ')]))
}

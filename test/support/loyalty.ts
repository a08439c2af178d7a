/** The grocer example's loyalty API behind a gate that can ask its clients to wait, as vendors do when a quota is used up. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { readLoyaltyData } from '../../examples/grocer/loyalty-api/programme.js'
import { startLoyaltyApi } from '../../examples/grocer/loyalty-api/server.js'

const ROOT = new URL('../../../', import.meta.url)

export interface GatedLoyalty {
  /** The source file of a workspace; its secret is LOYALTY_SECRET. */
  readonly sourceFile: string
  readonly secret: string
  readonly members: number
  /** After so many more pages of a listing, answers 429 for some seconds, and says how long. */
  limitAfter(pages: number, seconds: number): void
  /** Listing requests that were let through, by query. */
  readonly passed: readonly string[]
  stop(): Promise<void>
}

/** @param members how many of the example's members the programme has */
export async function startGatedLoyalty(members: number): Promise<GatedLoyalty> {
  const data = await readLoyaltyData(fileURLToPath(new URL('examples/grocer/data', ROOT)))
  const api = await startLoyaltyApi({
    data: { members: data.members.slice(0, members), points: [] },
    requestsPerSecond: 1000,
  })
  const passed: string[] = []
  let limit: { pages: number; seconds: number; untilMs?: number } | undefined
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/v1/members')) {
      if (limit?.untilMs === undefined && limit?.pages === 0)
        limit.untilMs = Date.now() + limit.seconds * 1000
      const waitMs = (limit?.untilMs ?? 0) - Date.now()
      if (waitMs > 0) {
        response.writeHead(429, { 'retry-after': String(Math.ceil(waitMs / 1000)) }).end()
        return
      }
      if (limit?.untilMs !== undefined) limit = undefined
      if (limit) limit.pages -= 1
      passed.push(request.url)
    }
    forward(api.url, request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const connector = fileURLToPath(new URL('examples/grocer/connectors/source-loyalty', ROOT))
  return {
    sourceFile: `connector: ${connector}
config: { base_url: "${url}", client_id: ${api.clientId}, client_secret: "\${secret:LOYALTY_SECRET}" }
schedule: manual
streams: [{ name: members, sync_mode: incremental, destination_sync_mode: append_dedup }]
`,
    secret: api.clientSecret,
    members: Math.min(members, data.members.length),
    limitAfter(pages, seconds) {
      limit = { pages, seconds }
    },
    passed,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await api.stop()
    },
  }
}

async function forward(target: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const { authorization, 'content-type': type } = request.headers
  const answer = await fetch(`${target}${request.url}`, {
    method: request.method ?? 'GET',
    headers: { ...(authorization && { authorization }), ...(type && { 'content-type': type }) },
    ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
  })
  const body = Buffer.from(await answer.arrayBuffer())
  response.writeHead(answer.status, {
    'content-type': answer.headers.get('content-type') ?? 'application/json',
  })
  response.end(body)
}

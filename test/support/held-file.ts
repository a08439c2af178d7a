/** A file on the web that comes only when the test lets it: a sync of it goes on as long as that takes. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface HeldFile {
  readonly url: string
  /** From now on the file is answered, also to those who wait for it. */
  release(): void
  stop(): Promise<void>
}

/** On a port of its own; asking for the headers alone is never held. */
export async function startHeldFile(text: string): Promise<HeldFile> {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const server = createServer(async (request, response) => {
    response.writeHead(200, {
      'content-type': 'application/x-ndjson',
      'content-length': Buffer.byteLength(text),
    })
    if (request.method === 'HEAD') return response.end()
    response.flushHeaders()
    await released
    return response.end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/rows.ndjson`,
    release,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

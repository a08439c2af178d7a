/** A receiver of webhooks in a process of its own: reads every message to its end, answers at once, and counts. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

let messages = 0
let bytes = 0
const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.end(JSON.stringify({ messages, bytes }))
    return
  }
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  request.on('end', () => {
    messages += 1
    response.end('{}')
  })
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
// It ends with whoever started it.
process.on('disconnect', () => process.exit(0))

import { deepEqual, equal, rejects } from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { patientFetch } from './patient-fetch.js'

describe('a read that is refused for its number', () => {
  let server: Server
  let url: string
  let asked: string[]
  /** What the first answers say; the others are let in. */
  let refusals: readonly (string | undefined)[]

  before(async () => {
    server = createServer((request, response) => {
      asked.push(request.method ?? '')
      const refusal = asked.length <= refusals.length ? refusals[asked.length - 1] : 'none'
      if (refusal === 'none') response.end('in')
      else response.writeHead(429, refusal === undefined ? {} : { 'retry-after': refusal }).end('later')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  })
  after(() => server.close())
  beforeEach(() => {
    asked = []
  })

  it('is asked again when the server says', async () => {
    refusals = ['0', '0']
    const response = await patientFetch(new Request(url))
    deepEqual([response.status, await response.text(), asked.length], [200, 'in', 3])
  })

  it('is told at last, and at once where nobody would wait so long or nothing is said', async () => {
    for (const [refused, tries] of [
      [['0', '0', '0'], 3],
      [['3600'], 1],
      [['soon'], 1],
      [[undefined], 1],
    ] as const) {
      asked = []
      refusals = refused
      equal((await patientFetch(new Request(url))).status, 429)
      equal(asked.length, tries)
    }
  })

  it('is told at once of a change', async () => {
    refusals = ['0']
    equal((await patientFetch(new Request(url, { method: 'POST', body: '{}' }))).status, 429)
    deepEqual(asked, ['POST'])
  })

  it('ends when its reader leaves', async () => {
    refusals = ['30']
    const reader = new AbortController()
    const read = patientFetch(new Request(url, { signal: reader.signal }))
    reader.abort(new Error('left'))
    await rejects(read, { message: 'left' })
  })
})

/** What a browser fetches when it opens an address for the first time, as it is sent and as it would be in gzip. */
import { get } from 'node:http'
import type { Browser } from 'playwright-core'
import type { Session } from './browser.js'

export interface Weight {
  /** Bytes of all bodies for a browser that takes gzip and nothing better. */
  readonly gzipped: number
  /** Bytes that came over the wire, headers included. */
  readonly sent: number
}

/** @param address on the server; what never ends, the line of events, is not counted */
export async function firstLoad(browser: Browser, session: Session, address: string): Promise<Weight> {
  const browsing = await browser.newContext({ storageState: session })
  try {
    const page = await browsing.newPage()
    const urls: string[] = []
    page.on('response', (response) => {
      if (response.request().resourceType() !== 'eventsource') urls.push(response.url())
    })
    const protocol = await browsing.newCDPSession(page)
    let sent = 0
    protocol.on('Network.loadingFinished', ({ encodedDataLength }) => {
      sent += encodedDataLength
    })
    await protocol.send('Network.enable')
    await page.goto(address)
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    await page.locator('#main [role="status"] [aria-hidden]').first().waitFor({ state: 'detached' })
    const cookie = session.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
    const sizes = await Promise.all(
      urls.filter((url) => !url.startsWith('data:')).map((url) => bytesOf(url, cookie)),
    )
    return { gzipped: sizes.reduce((sum, size) => sum + size, 0), sent }
  } finally {
    await browsing.close()
  }
}

function bytesOf(url: string, cookie: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { cookie, 'accept-encoding': 'gzip' }
    const request = get(url, { headers }, (response) => {
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      response.on('end', () => resolve(bytes))
    })
    request.on('error', reject)
  })
}

/** A local ClickHouse of a test's own, and raw requests to it. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { type IncomingHttpHeaders, type IncomingMessage, type RequestOptions, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { type ClickHouseOptions, type ClickHouseProcess, startClickHouse } from './launch.js'

/** An answer read whole. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  readonly text: string
}

/** What to send; `search` is what stands behind the question mark. */
export interface Sent {
  readonly method?: string
  readonly path?: string
  readonly search?: Readonly<Record<string, string | number>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
}

/** A running engine in a temporary folder. */
export class TestEngine {
  readonly folder = mkdtempSync(join(tmpdir(), 'clickhouse-'))
  readonly dataDir = join(this.folder, 'data')
  readonly headers = { 'X-ClickHouse-User': 'tributary', 'X-ClickHouse-Key': 'secret' }
  #running: ClickHouseProcess | undefined

  get running(): ClickHouseProcess {
    if (this.#running === undefined) throw new Error('the engine is not started')
    return this.#running
  }

  async start(options: Partial<ClickHouseOptions> = {}): Promise<ClickHouseProcess> {
    this.#running = await startClickHouse({
      dataDir: this.dataDir,
      user: 'tributary',
      password: 'secret',
      ...options,
    })
    return this.#running
  }

  /** Stops the engine and removes its folder. */
  async remove(): Promise<void> {
    await this.#running?.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** The request options for `sent`, with the user's headers unless it brings its own. */
  options(sent: Sent): RequestOptions {
    const { hostname, port } = new URL(this.running.url)
    const search = new URLSearchParams()
    for (const [name, value] of Object.entries(sent.search ?? {})) search.set(name, String(value))
    const path = `${sent.path ?? '/'}?${search}`
    return {
      hostname,
      port,
      path,
      method: sent.method ?? 'POST',
      headers: { ...(sent.headers ?? this.headers) },
    }
  }

  /** Sends a request and reads its answer; rejects when the connection breaks. */
  async send(sent: Sent): Promise<Answer> {
    const outgoing = request(this.options(sent))
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once('response', resolve)
      outgoing.once('error', reject)
      outgoing.end(sent.body)
    })
    const bytes = await buffer(response)
    return { status: response.statusCode ?? 0, headers: response.headers, bytes, text: bytes.toString() }
  }

  /** Runs a statement and gives its text. @throws with the engine's message */
  async query(query: string, search: Readonly<Record<string, string | number>> = {}): Promise<string> {
    const { status, text } = await this.send({ search, body: query })
    if (status !== 200) throw new Error(text)
    return text
  }

  /** The files of inserts and results that are left in the spool. */
  spooled(): string[] {
    return readdirSync(join(this.dataDir, 'spool')).filter((name) => name !== 'pipes')
  }
}

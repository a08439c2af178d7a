/**
 * The grocer's mailing tool: takes signed messages about recipients as the Standard Webhooks scheme has them, checks each
 * signature by code of its own, and keeps who is to be mailed.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface MailerOptions {
  /**
   * Takes each message once, however often it comes.
   * @default true
   */
  readonly deduplicates?: boolean
  /** Asked before a message is taken: another status than 200 is answered instead. @default everything is taken */
  readonly answer?: (message: MailerMessage) => MailerAnswer | Promise<MailerAnswer>
}

/** What to do with a message. */
export type MailerAnswer =
  | { readonly take: true }
  | { readonly take: false; readonly status: number; readonly headers?: Readonly<Record<string, string>> }

export interface MailerRecord {
  readonly match: Readonly<Record<string, unknown>>
  readonly fields: Readonly<Record<string, unknown>>
  readonly event?: 'entered' | 'left'
  readonly compensates?: string
}

export interface MailerMessage {
  readonly id: string
  readonly type: string
  readonly operation?: 'upsert' | 'remove' | 'append'
  readonly activation?: string
  readonly run?: string
  readonly records?: readonly MailerRecord[]
}

export interface Mailer {
  readonly url: string
  /** What messages must be signed with: `whsec_` and base64. */
  readonly secret: string
  /** Fields by match values as JSON. */
  readonly recipients: ReadonlyMap<string, MailerRecord['fields']>
  /** Appended events in the order in which they came. */
  readonly events: readonly MailerRecord[]
  /** How often each message was taken. */
  readonly taken: ReadonlyMap<string, number>
  stop(): Promise<void>
}

/** As old as a message's time may be, seconds. */
const TOLERANCE_SECONDS = 300

/** Starts it on a free port of this machine. */
export async function startMailer(options: MailerOptions = {}): Promise<Mailer> {
  const key = randomBytes(32)
  const recipients = new Map<string, MailerRecord['fields']>()
  const events: MailerRecord[] = []
  const taken = new Map<string, number>()

  const take = ({ id, operation, records = [] }: MailerMessage): void => {
    const times = (taken.get(id) ?? 0) + 1
    taken.set(id, times)
    if (times > 1 && (options.deduplicates ?? true)) return
    for (const record of records) {
      const match = JSON.stringify(record.match)
      if (operation === 'append') events.push(record)
      else if (operation === 'remove') recipients.delete(match)
      else recipients.set(match, { ...recipients.get(match), ...record.fields })
    }
  }

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request)
    if (!isSigned(request, body, key)) return end(response, 401)
    const message = JSON.parse(body.toString('utf8')) as MailerMessage
    if (message.type === 'ping') return end(response, 200)
    const answer = (await options.answer?.(message)) ?? { take: true }
    if (!answer.take) return end(response, answer.status, answer.headers)
    take(message)
    end(response, 200)
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => end(response, 400))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/recipients`,
    secret: `whsec_${key.toString('base64')}`,
    recipients,
    events,
    taken,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function isSigned({ headers }: IncomingMessage, body: Buffer, key: Buffer): boolean {
  const id = String(headers['webhook-id'])
  const timestamp = String(headers['webhook-timestamp'])
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return false
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest()
  return String(headers['webhook-signature'])
    .split(' ')
    .filter((part) => part.startsWith('v1,'))
    .map((part) => Buffer.from(part.slice('v1,'.length), 'base64'))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected))
}

function end(response: ServerResponse, status: number, headers: Readonly<Record<string, string>> = {}): void {
  if (!response.headersSent) response.writeHead(status, headers).end()
}

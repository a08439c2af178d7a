/**
 * A receiver as the README tells people to write one: it verifies the signature over the bytes, takes every webhook-id once
 * where it is told to, and answers as documented. Written from the specification, not from the sender's code.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type DestinationRecord, type JsonSchema, validateConfig } from '@tributary/connector-sdk'
import {
  createFaultServer,
  type FaultRequest,
  type FaultResponse,
  type FaultServer,
} from '@tributary/connector-sdk/testing'

const SCHEMA = JSON.parse(
  readFileSync(new URL('../schemas/message.schema.json', import.meta.url), 'utf8'),
) as JsonSchema

/** Old timestamps are refused (the specification's libraries allow as much). */
const TOLERANCE_SECONDS = 5 * 60

export interface ReceivedMessage {
  readonly type: string
  readonly id: string
  readonly activation?: string
  readonly run?: string
  readonly operation?: string
  readonly records?: readonly DestinationRecord[]
  readonly record?: DestinationRecord
}

export interface Receiver {
  readonly server: FaultServer
  readonly url: string
  /** Records by their match, as upserts and removes left them. */
  readonly held: Map<string, DestinationRecord>
  /** Appended events in order. */
  readonly events: DestinationRecord[]
  /** Messages that were verified, repeated ones too. */
  readonly messages: ReceivedMessage[]
  /** Answers a verified message; undefined takes it. */
  answer: (message: ReceivedMessage, request: FaultRequest) => FaultResponse | undefined
  /** Takes those records of a message that are chosen. */
  take(message: ReceivedMessage, chosen?: (record: DestinationRecord) => boolean): void
  clear(): void
}

/** @param deduplicates takes every webhook-id once */
export async function startReceiver(secret: string, deduplicates = true): Promise<Receiver> {
  const held = new Map<string, DestinationRecord>()
  const events: DestinationRecord[] = []
  const messages: ReceivedMessage[] = []
  const seen = new Set<string>()
  const server = await createFaultServer({
    'POST /hook': (request) => {
      if (!isVerified(request, secret)) return { status: 401, body: { error: 'signature' } }
      const message = JSON.parse(request.body) as ReceivedMessage
      validateConfig(SCHEMA, message)
      if (message.id !== request.headers['webhook-id']) return { status: 500 }
      messages.push(message)
      const answer = receiver.answer(message, request)
      if (answer) return answer
      if (!deduplicates || !seen.has(message.id)) take(message)
      seen.add(message.id)
      return { status: 204 }
    },
  })
  const take: Receiver['take'] = ({ operation, records, record }, chosen = () => true) => {
    for (const one of (records ?? (record ? [record] : [])).filter(chosen)) {
      const key = JSON.stringify(one.match)
      if (operation === 'append') events.push(one)
      else if (operation === 'remove') held.delete(key)
      else held.set(key, { ...one, fields: { ...held.get(key)?.fields, ...one.fields } })
    }
  }
  const receiver: Receiver = {
    server,
    url: `${server.url}/hook`,
    held,
    events,
    messages,
    answer: () => undefined,
    take,
    clear() {
      held.clear()
      events.length = 0
      messages.length = 0
      seen.clear()
      receiver.answer = () => undefined
    },
  }
  return receiver
}

function isVerified({ headers, body }: FaultRequest, secret: string): boolean {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    String(headers[name]),
  ) as [string, string, string]
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) < TOLERANCE_SECONDS)) return false
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest()
  return signatures.split(' ').some((one) => {
    const [version, text = ''] = one.split(',')
    const given = Buffer.from(text, 'base64')
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected)
  })
}

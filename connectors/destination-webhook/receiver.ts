/** The receiver: posts messages to it and tells what it answers. */
import {
  type ConnectorContext,
  ConnectorErrorKind,
  type DestinationRecord,
  type HttpClient,
} from '@tributary/connector-sdk'
import { type Answer, isAnswer, readAnswer } from './answer.js'
import type { Message } from './message.js'
import { signing } from './sign.js'
import type { WebhookConfig } from './spec.js'

/** Of an answer: a word for each of ten thousand records and its reason. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024

/** Connections stay open from batch to batch, as long as the context lives. */
const clients = new WeakMap<ConnectorContext<WebhookConfig>, HttpClient>()

/**
 * Posts a message and reads the answer. The same message may be posted again; it has the same id then.
 * @throws ConnectorError when the answer says nothing of single records
 */
export async function post(
  context: ConnectorContext<WebhookConfig>,
  { id, body }: Message,
  records: readonly DestinationRecord[],
): Promise<Answer> {
  const { status, data } = await clientOf(context).request<string>({
    method: 'POST',
    url: '',
    data: body,
    headers: { 'content-type': 'application/json', 'webhook-id': id, 'idempotency-key': id },
    responseType: 'text',
    validateStatus: records.length === 0 ? (code) => code >= 200 && code < 300 : isAnswer,
    // a receiver that does not know an id again gets no message twice without the run's knowing
    idempotent: context.config.deduplicates ?? false,
  })
  return readAnswer(status, typeof data === 'string' ? data : '', records)
}

function clientOf(context: ConnectorContext<WebhookConfig>): HttpClient {
  const known = clients.get(context)
  if (known) return known
  const { config } = context
  const client = context.http({
    baseUrl: config.url,
    headers: lowerCase(config.headers ?? {}),
    auth: signing([config.secret, config.previous_secret].filter((secret) => secret !== undefined)),
    timeoutMs: milliseconds(config.timeout ?? '30s'),
    concurrency: config.concurrency ?? 8,
    maxResponseBytes: MAX_ANSWER_BYTES,
    ...(config.requests_per_second !== undefined && { requestsPerSecond: config.requests_per_second }),
    classify: ({ status }) => (isMisaddressed(status) ? ConnectorErrorKind.ConfigInvalid : undefined),
  })
  clients.set(context, client)
  return client
}

/** So that a header of the config never stands beside one of the message's own, which wins. */
function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

/** Statuses that say: not here, not so, never. Others keep their common meaning. */
function isMisaddressed(status: number): boolean {
  return [404, 405, 406, 410, 411, 415, 431, 501].includes(status)
}

function milliseconds(duration: string): number {
  return Number.parseInt(duration, 10) * (duration.endsWith('m') ? 60_000 : 1000)
}

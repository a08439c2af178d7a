/** Long answers in gzip, for whoever takes it: lists say the same words again and again, and networks are slower than processors. */
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Shorter ones fit into a packet or two as they are; the session's token is among those, and is never compressed. */
const WORTH_IT = 4096
/** Most of the gain for a fifth of the work of the default. */
const LEVEL = 3

const compress = promisify(gzip)

/** What to send, with its headers set. */
export async function compressed(
  request: FastifyRequest,
  reply: FastifyReply,
  text: string,
): Promise<string | Buffer> {
  if (text.length < WORTH_IT) return text
  reply.header('vary', 'accept-encoding')
  if (!takesGzip(request.headers['accept-encoding'])) return text
  reply.header('content-encoding', 'gzip')
  return compress(text, { level: LEVEL })
}

function takesGzip(accepted: string | string[] = ''): boolean {
  const named = /(?:^|[,\s])gzip\s*(?:;\s*q=([\d.]+))?\s*(?:,|$)/i.exec(String(accepted))
  return named !== null && Number(named[1] ?? 1) > 0
}

/** What operators say to a sync that goes on: leave a stream out, read more or fewer at once. */
import { setParallelism, skipStream } from '../../operations/steer.js'
import { defineRoute } from '../route.js'
import { count, described, object, oneOf, shortText, text } from '../schema.js'
import { idParam } from './workspace-shapes.js'

const parallelism = described(count, {
  description: 'Streams that are read at once',
  minimum: 1,
  maximum: 64,
})

export const steeringRoutes = [
  defineRoute({
    method: 'POST',
    path: '/api/v1/sources/:id/streams/:stream/skip',
    role: 'operator',
    summary: 'End one stream of the running sync at its next checkpoint; the others go on',
    params: object({ id: shortText, stream: shortText }),
    response: object({
      source: text,
      stream: text,
      status: oneOf('waiting', 'running', 'sleeping', 'succeeded', 'failed', 'cancelled', 'skipped'),
    }),
    audit: ({ params }) => ({ action: 'skip stream', subject: params.id, detail: params.stream }),
    async handle({ operations }, { params }) {
      const { source, stream } = await skipStream(operations, params.id, params.stream)
      return { source, stream: stream.name, status: stream.status }
    },
  }),
  defineRoute({
    method: 'PUT',
    path: '/api/v1/sources/:id/parallelism',
    role: 'operator',
    summary: 'How many streams the running sync reads at once; the file says it for those to come',
    params: idParam,
    body: object({ parallelism }),
    response: object({ source: text, parallelism }),
    audit: ({ params, body }) => ({
      action: 'parallelism',
      subject: params.id,
      detail: String(body.parallelism),
    }),
    handle: ({ operations }, { params, body }) => setParallelism(operations, params.id, body.parallelism),
  }),
]

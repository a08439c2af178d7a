/** Hints that something changed, for open pages. */
import { defineEvents } from '../route.js'
import { described, named, object, oneOf, text } from '../schema.js'

const hint = named(
  'ChangeHint',
  object({
    type: oneOf('run', 'refresh', 'activation', 'workspace'),
    id: described(text, { description: 'Of the run (workflow id) or activation; empty: any' }),
  }),
)

export const liveRoutes = [
  defineEvents({
    path: '/api/v1/events',
    role: 'viewer',
    summary: 'Hints that something changed, as it changes (server-sent events)',
    event: hint,
    handle: async ({ services, signal }) => services.events.subscribe(signal),
  }),
]

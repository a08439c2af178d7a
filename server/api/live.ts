/** For open pages: hints that something changed, and whether what they live on is there. */
import { defineEvents, defineRoute } from '../route.js'
import { boolean, described, named, nullable, object, oneOf, text } from '../schema.js'

const hint = named(
  'ChangeHint',
  object({
    type: oneOf('run', 'refresh', 'activation', 'workspace'),
    id: described(text, { description: 'Of the run (workflow id) or activation; empty: any' }),
  }),
)

const vitals = named(
  'Vitals',
  object({
    temporal: described(boolean, {
      description: 'Temporal answers: what is said of schedules and runs is how they are now',
    }),
    workers: described(nullable(boolean), {
      description: 'Workers take work from every queue; null where Temporal does not say',
    }),
  }),
)

export const liveRoutes = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/vitals',
    role: 'viewer',
    summary: 'Whether anything that is asked for would be done; without its data the server says so with 503',
    response: vitals,
    handle: async ({ services }) => services.vitals(),
  }),
  defineEvents({
    path: '/api/v1/events',
    role: 'viewer',
    summary: 'Hints that something changed, as it changes (server-sent events)',
    event: hint,
    handle: async ({ services, signal }) => services.events.subscribe(signal),
  }),
]

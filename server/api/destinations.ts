/** Destinations: the tools that segments are sent to; secrets go in and never come out. */
import { type DestinationFile, destinationFileSchema } from '@tributary/schemas'
import { destinationObjects, listDestinations } from '../../operations/activations/destinations.js'
import { checkApart } from '../../operations/apart/connectors.js'
import {
  connectedConfig,
  deleteConnected,
  readConnected,
  writeConnected,
} from '../../operations/connected-documents.js'
import { askerOf, defineRoute } from '../route.js'
import { described, fileSchema, list, named, nullable, object, text } from '../schema.js'
import { ASKING_MS } from '../within.js'
import { checkResult, discoveredObject } from './connectors.js'
import { draftRoutes } from './draft-routes.js'
import { draftState, etag, idParam } from './workspace-shapes.js'

const destinationFile = fileSchema<DestinationFile>('DestinationFile', destinationFileSchema)

const listedDestination = named(
  'ListedDestination',
  object({
    id: text,
    state: draftState,
    etag: described(nullable(etag), { description: 'Of the draft; null: there is none any more' }),
    connector: described(nullable(text), { description: 'Null: the file has not the shape' }),
    title: described(nullable(text), { description: 'What the connector is called; null: not installed' }),
    activations: described(list(text), { description: 'Ids of activations that send to it' }),
  }),
)

export const destinationRoutes = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/destinations',
    role: 'viewer',
    summary: 'Destinations and drafts of destinations, by id',
    response: object({ destinations: list(listedDestination) }),
    handle: async ({ operations }) => ({ destinations: await listDestinations(operations) }),
  }),
  ...draftRoutes<DestinationFile>({
    folder: 'destinations',
    one: 'a destination',
    definition: destinationFile,
    read: (context, id) => readConnected(context, 'destination', id),
    write: (context, id, edit) =>
      writeConnected(context.operations, askerOf(context), 'destination', id, edit),
    remove: (context, id, expected) => deleteConnected(context, 'destination', id, expected),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/destinations/:id/check',
    role: 'marketer',
    summary: 'Whether a destination can be written to, by its draft',
    params: idParam,
    response: checkResult,
    handle: async ({ operations, signal }, { params }) =>
      checkApart(operations, await connectedConfig(operations, 'destination', params.id), signal),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/destinations/:id/objects',
    role: 'marketer',
    summary: 'What can be written there, and which fields each has: asked of the destination',
    patienceMs: ASKING_MS,
    params: idParam,
    response: object({
      objects: list(discoveredObject),
      warnings: described(list(text), { description: 'What could not be read' }),
    }),
    handle: ({ operations, signal }, { params }) => destinationObjects(operations, params.id, signal),
  }),
]

/** Connectors that can be chosen, what one asks for, and whether a config works before anybody keeps it. */
import { checkApart, discoverApart } from '../../operations/apart/connectors.js'
import { triedConfig } from '../../operations/connected-documents.js'
import { catalogueDetails, listCatalogue } from '../../operations/connector-catalogue.js'
import type { ConnectorConfig } from '../../operations/connector-session.js'
import { askerOf, defineRoute, type RouteContext } from '../route.js'
import {
  boolean,
  count,
  described,
  dictionary,
  either,
  json,
  list,
  named,
  nullable,
  number,
  object,
  oneOf,
  shortText,
  text,
  type ValueOf,
} from '../schema.js'
import { ASKING_MS } from '../within.js'

const kind = oneOf('source', 'destination')
export const config = described(dictionary(json), {
  description: 'As the spec of the connector says; secrets as they were typed, or as references',
})

const entryProperties = {
  name: described(text, { examples: ['source-postgres'] }),
  reference: described(text, { description: 'What a file of the workspace calls it' }),
  kind,
  title: text,
  description: text,
  version: text,
  status: described(nullable(text), { description: 'How far it is', examples: ['beta'] }),
  triedOnLiveAccount: described(nullable(boolean), {
    description: 'Whether it was run against a real account of its vendor; null where there are no accounts',
  }),
  icon: described(nullable(text), { description: 'A picture as a data: address' }),
}
const catalogueEntrySchema = named('Connector', object(entryProperties))
const detailsSchema = named(
  'ConnectorDetails',
  object({
    ...entryProperties,
    spec: described(dictionary(json), {
      description: 'JSON Schema of its config; secrets are writeOnly',
    }),
    guide: described(nullable(text), { description: 'Markdown' }),
  }),
)

const draft = object(
  {
    id: described(shortText, { description: 'Of the source or destination that it is for', maxLength: 63 }),
    config,
  },
  ['id'],
)

export const checkResult = named(
  'ConnectorCheck',
  object(
    {
      ok: boolean,
      message: described(text, { description: 'What works, or what does not and what to do' }),
      type: described(text, { description: 'Kind of the failure', examples: ['AuthExpired'] }),
      seconds: number,
      warnings: list(text),
      by: described(oneOf('worker', 'this process'), { description: 'Who asked' }),
    },
    ['type', 'warnings'],
  ),
)

export const discoveredStream = named(
  'DiscoveredStream',
  object(
    {
      name: text,
      primaryKey: list(text),
      cursor: described(nullable(text), {
        description: 'Its own; null where one of the candidates is chosen, or there is none',
      }),
      cursorCandidates: list(text),
      resumable: boolean,
      fields: list(object({ name: text, type: text })),
      unreadable: described(text, { description: 'Why nothing of it can be read now' }),
    },
    ['unreadable'],
  ),
)

const discoveredField = object(
  {
    name: text,
    type: text,
    title: text,
    description: text,
    required: boolean,
    hashed: described(boolean, { description: 'Only the hash of its value leaves' }),
    personal: boolean,
    oneOf: list(text),
    maxLength: count,
  },
  ['title', 'description', 'oneOf', 'maxLength'],
)

export const discoveredObject = named(
  'DiscoveredObject',
  object(
    {
      name: text,
      title: text,
      description: text,
      operations: list(text),
      matchKeys: described(list(list(text)), {
        description: 'Fields, or combinations of fields, by which records are found; empty: by any',
      }),
      openFields: boolean,
      idempotency: text,
      undo: text,
      batch: described(count, { description: 'Most records of one call' }),
      fields: list(discoveredField),
    },
    ['description'],
  ),
)

export const discovered = named(
  'Discovered',
  either(
    object({ kind: oneOf('source'), streams: list(discoveredStream), warnings: list(text) }),
    object({ kind: oneOf('destination'), objects: list(discoveredObject), warnings: list(text) }),
  ),
)

export const connectorRoutes = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/connectors',
    role: 'viewer',
    summary: 'Connectors that are installed',
    query: object({ kind }, ['kind']),
    response: object({ connectors: list(catalogueEntrySchema) }),
    async handle({ operations }, { query }) {
      const all = await listCatalogue(operations)
      return { connectors: all.filter((entry) => query.kind === undefined || entry.kind === query.kind) }
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/connectors/:name/spec',
    role: 'viewer',
    summary: 'What a connector asks for',
    params: object({ name: shortText }),
    response: detailsSchema,
    handle: ({ operations }, { params }) => catalogueDetails(operations, params.name),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/connectors/:name/check',
    role: 'marketer',
    summary: 'Whether a config works; secrets that were typed are kept as references and come back as such',
    params: object({ name: shortText }),
    body: draft,
    response: object({ check: checkResult, config }),
    async handle(context, { params, body }) {
      const asked = await draftConfig(context, params.name, body)
      return { check: await checkApart(context.operations, asked, context.signal), config: asked.config }
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/connectors/:name/discover',
    role: 'marketer',
    summary: 'The streams of a source, or the objects of a destination, with a config that nobody kept yet',
    patienceMs: ASKING_MS,
    params: object({ name: shortText }),
    body: draft,
    response: object({ discovered, config }),
    async handle(context, { params, body }) {
      const asked = await draftConfig(context, params.name, body)
      return { discovered: await discoverWith(context, asked), config: asked.config }
    },
  }),
]

/** The answer of a connector, with what it warned of. */
export async function discoverWith({ operations, signal }: RouteContext, asked: ConnectorConfig) {
  const { discovered, warnings } = await discoverApart(operations, asked, signal)
  return { ...discovered, warnings }
}

/** Only what the catalogue has: a name leads to code that runs here. */
async function draftConfig(
  context: RouteContext,
  name: string,
  { id = 'new', config: given }: ValueOf<typeof draft>,
): Promise<ConnectorConfig> {
  const { operations } = context
  return triedConfig(operations, askerOf(context), await catalogueDetails(operations, name), id, given)
}

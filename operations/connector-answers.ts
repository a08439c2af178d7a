/** What an opened connector answers: whether its config works, and what there is to read or write. */
import { checkDestination, discover, type OwnedConnectorContext, objectsOf } from '@tributary/connector-sdk'
import type { Checked } from '../workflows/command-contract.js'
import { type AskOptions, type OpenedConnector, withConnector } from './connector-session.js'
import type { OperationContext } from './context.js'
import { type DiscoveredObject, describeObject, fieldType } from './discovered-objects.js'

type AnswersContext = Pick<OperationContext, 'workspaceDir'>
type OpenContext = OwnedConnectorContext<Record<string, unknown>>

/** @throws ConnectorError where the config does not work */
export async function checkOpened(
  context: AnswersContext,
  opened: OpenedConnector,
  options?: AskOptions,
): Promise<Checked> {
  const { connector } = opened
  if ('source' in connector) {
    await withConnector(context, opened, (open) => connector.source.check(open), options)
    return { kind: 'source' }
  }
  const check = (open: OpenContext) => checkDestination(connector.destination, open)
  const account = await withConnector(context, opened, check, options)
  return { kind: 'destination', ...(account !== undefined && { account }) }
}

export interface DiscoveredStream {
  readonly name: string
  readonly primaryKey: readonly string[]
  /** The source's own cursor; null where a person chooses one of the candidates, or there is none. */
  readonly cursor: string | null
  readonly cursorCandidates: readonly string[]
  readonly resumable: boolean
  readonly fields: readonly { readonly name: string; readonly type: string }[]
  /** Why nothing of it can be read now; absent where it can. */
  readonly unreadable?: string
}

export type Discovered =
  | { readonly kind: 'source'; readonly streams: readonly DiscoveredStream[] }
  | { readonly kind: 'destination'; readonly objects: readonly DiscoveredObject[] }

/** @throws ConnectorError */
export async function discoverOpened(
  context: AnswersContext,
  opened: OpenedConnector,
  options?: AskOptions,
): Promise<Discovered> {
  const { connector } = opened
  if ('destination' in connector) {
    const find = (open: OpenContext) => objectsOf(connector.destination, open)
    const objects = await withConnector(context, opened, find, options)
    return { kind: 'destination', objects: objects.map(describeObject) }
  }
  const find = (open: OpenContext) => discover(connector.source, open)
  const found = await withConnector(context, opened, find, options)
  const streams = found.map(({ name, primaryKey, cursor, resumable, schema, unreadable }) => ({
    name,
    primaryKey: primaryKey ?? [],
    cursor: cursor?.field ?? null,
    cursorCandidates: cursor?.candidates ?? [],
    resumable: resumable !== false,
    fields: Object.entries(schema.properties).map(([field, definition]) => ({
      name: field,
      type: fieldType(definition),
    })),
    ...(unreadable && { unreadable: unreadable.message }),
  }))
  return { kind: 'source', streams }
}

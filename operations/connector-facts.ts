/** What a workspace check needs to know of a connector, from the connector itself. */
import { loadConnector, loadDestination } from '@tributary/connector-sdk'
import type { Schema } from '../runtime/validation.js'
import type { LoadConnector, LoadDestination } from '../workspace/connector-checks.js'

/** Finds connectors as a worker with this workspace does. */
export function connectorFacts(workspaceDir: string): LoadConnector {
  return async (reference) => {
    const { title, source } = await loadConnector(reference, workspaceDir)
    const streams = typeof source.streams === 'function' ? undefined : source.streams
    return {
      title,
      spec: source.spec as Schema,
      ...(streams && {
        streams: streams.map(({ name, primaryKey, cursor }) => ({
          name,
          ...(primaryKey && { primaryKey }),
          ...(cursor?.field !== undefined && { cursorField: cursor.field }),
        })),
      }),
    }
  }
}

/** The same for destinations. */
export function destinationFacts(workspaceDir: string): LoadDestination {
  return async (reference) => {
    const { title, destination } = await loadDestination(reference, workspaceDir)
    return { title, spec: destination.spec as Schema }
  }
}

/** How the streams of a workspace are written: what a stream keeps depends on it. */
import type { Stream } from '@tributary/schemas'
import { streamEntry, type Workspace } from './workspace.js'

/** Undefined for a stream that no source of the workspace reads. */
export function streamModes(
  workspace: Pick<Workspace, 'sources'>,
): (key: {
  readonly source: string
  readonly stream: string
}) => Stream['destination_sync_mode'] | undefined {
  const sources = new Map(workspace.sources.map(({ id, definition }) => [id, definition]))
  return ({ source, stream }) => {
    const definition = sources.get(source)
    return definition && streamEntry(definition, stream)?.destination_sync_mode
  }
}

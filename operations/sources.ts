/** Published sources by name, and messages about names that do not exist. */
import { matchesGlob, nearestName } from '@tributary/schemas'
import { latestRevision } from '../warehouse/revisions.js'
import { openWorkspace, type Source } from '../workspace/workspace.js'
import type { OperationContext } from './context.js'

export type SourcesContext = Pick<OperationContext, 'warehouse'>

/** The published workspace has no such source. */
export class SourceUnknown extends Error {
  override readonly name = 'SourceUnknown'
}

/** The source has no such stream. */
export class StreamUnknown extends Error {
  override readonly name = 'StreamUnknown'
}

/** Every source of the newest published revision; empty before the first. */
export async function publishedSources({ warehouse }: SourcesContext): Promise<readonly Source[]> {
  const latest = await latestRevision(await warehouse())
  return latest ? openWorkspace(latest.files).sources : []
}

/** @throws SourceUnknown with the nearest name */
export async function knownSource(context: SourcesContext, id: string): Promise<Source> {
  const sources = await publishedSources(context)
  const found = sources.find((source) => source.id === id)
  if (found) return found
  const names = sources.map((source) => source.id)
  throw new SourceUnknown(
    `finding the source ${id}: it is not published; ${hint(id, names, 'tributary apply')}`,
  )
}

/** A source file names its streams, or patterns of them. @throws StreamUnknown with the nearest name */
export function assertStreams({ id, definition }: Source, streams: readonly string[]): void {
  const names = definition.streams.map(({ name }) => name)
  const unknown = streams.find((stream) => !names.some((name) => matchesGlob(name, stream)))
  if (unknown === undefined) return
  throw new StreamUnknown(
    `finding the stream ${unknown} of ${id}: sources/${id}.yaml names none like it; ${hint(unknown, names, `tributary connector discover ${id}`)}`,
  )
}

function hint(name: string, names: readonly string[], command: string): string {
  const meant = nearestName(name, names)
  if (meant !== undefined) return `did you mean ${meant}?`
  return names.length === 0 ? `run ${command}` : `there are ${names.join(', ')}`
}

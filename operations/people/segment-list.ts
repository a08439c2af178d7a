/** Every segment as the page lists them: published ones with size and trend, drafts with what became of them. */
import type { SegmentFile } from '@tributary/schemas'
import { dailySizes, publishedSizes, type SizePoint } from '../../profiles/segments/refresh/sizes.js'
import { type SegmentTitles, sentenceOf } from '../../profiles/segments/sentence.js'
import { parseYaml } from '../../workspace/document.js'
import { fileOf, idOf, readFiles, type WorkspaceFiles } from '../../workspace/files.js'
import { etagOf } from '../../workspace/write-file.js'
import { publishedRevision } from '../published-workspace.js'
import { type DraftState, draftState, type FilesContext } from '../workspace-files.js'

export interface ListedSegment {
  readonly id: string
  /** What people call it: as the draft says, or what is published. */
  readonly name: string
  readonly description: string | null
  readonly state: DraftState
  /** Of the draft; null where there is none any more. */
  readonly etag: string | null
  /** Members of what is published; null before it was evaluated. */
  readonly size: number | null
  /** ISO 8601: the moment that the members are of. */
  readonly evaluatedAt: string | null
  /** Why it keeps its last good members. */
  readonly error: string | null
  /** The draft in plain words; null where it cannot be read. */
  readonly sentence: string | null
  /** A point a day, oldest first. */
  readonly trend: readonly SizePoint[]
  /** Ids of activations that send it, published or drafts. */
  readonly activations: readonly string[]
}

const TREND_DAYS = 30
const DAY_MS = 86_400_000

/** By name. */
export async function listSegmentsAndDrafts(context: FilesContext): Promise<readonly ListedSegment[]> {
  const warehouse = await context.warehouse()
  const [{ files }, latest] = await Promise.all([
    readFiles(context.workspaceDir),
    publishedRevision(warehouse),
  ])
  const published = latest?.revision.files ?? {}
  const timeZone = latest?.workspace.timeZone ?? 'UTC'
  const [sizes, trends] = await Promise.all([
    publishedSizes(warehouse),
    dailySizes(warehouse, { since: new Date(Date.now() - TREND_DAYS * DAY_MS), timeZone }),
  ])
  const senders = sendersBySegment({ ...published, ...files })
  const paths = new Set([...Object.keys(files), ...Object.keys(published)])
  const definitions = new Map(
    [...paths].flatMap((file): [string, SegmentFile | undefined][] => {
      const id = idOf('segments', file)
      return id === undefined ? [] : [[id, readSegment(files[file] ?? published[file]!)]]
    }),
  )
  const segments = [...definitions].map(([id, definition]): ListedSegment => {
    const file = fileOf('segments', id)
    // What is not published is refreshed no more.
    const size = published[file] === undefined ? undefined : sizes.get(id)
    return {
      id,
      name: definition?.name ?? id,
      description: definition?.description ?? null,
      state: draftState(files[file], published[file]),
      etag: files[file] === undefined ? null : etagOf(files[file]),
      size: size?.size ?? null,
      evaluatedAt: size?.at ?? null,
      error: size?.error || null,
      sentence: sentenceOrNull(definition, (other) => definitions.get(other)?.name),
      trend: size === undefined ? [] : (trends.get(id) ?? []),
      activations: senders.get(id) ?? [],
    }
  })
  return segments.sort((a, b) => a.name.localeCompare(b.name))
}

/** Something that has a name, or nothing: drafts may be anything. */
function readSegment(text: string): SegmentFile | undefined {
  const value = readYaml(text) as Partial<SegmentFile> | null | undefined
  return typeof value?.name === 'string' ? (value as SegmentFile) : undefined
}

function sentenceOrNull(definition: SegmentFile | undefined, titles: SegmentTitles): string | null {
  try {
    return definition === undefined ? null : sentenceOf(definition, titles)
  } catch {
    // A draft that is not right has no sentence.
    return null
  }
}

function sendersBySegment(files: WorkspaceFiles): ReadonlyMap<string, readonly string[]> {
  const senders = new Map<string, string[]>()
  for (const file of Object.keys(files).sort()) {
    const id = idOf('activations', file)
    const { segment } = (id === undefined ? {} : (readYaml(files[file]!) ?? {})) as {
      readonly segment?: unknown
    }
    if (typeof segment === 'string') senders.set(segment, [...(senders.get(segment) ?? []), id!])
  }
  return senders
}

function readYaml(text: string): unknown {
  try {
    return parseYaml(text)
  } catch {
    return undefined
  }
}

/** Ids of activations that send a segment, drafts and published ones. */
export async function segmentSenders(context: FilesContext, id: string): Promise<readonly string[]> {
  const [{ files }, latest] = await Promise.all([
    readFiles(context.workspaceDir),
    context.warehouse().then(publishedRevision),
  ])
  return sendersBySegment({ ...latest?.revision.files, ...files }).get(id) ?? []
}

/**
 * The catalogue of a source as a run sees it. Discovery asks the source, so the streams of one run share an answer: the
 * cache is small, short-lived, per process, and only spares work.
 */
import { discover, type StreamDefinition } from '@tributary/connector-sdk'
import type { ActivityDeps } from './deps.js'
import { configInvalid } from './failures.js'
import { type OpenedSource, openPublishedSource, withSourceContext } from './opened-source.js'

export type SourceStream = StreamDefinition<Record<string, unknown>>

export interface SourceCatalog {
  readonly source: OpenedSource
  readonly streams: readonly SourceStream[]
}

/** Long enough for the activities of one run to meet, short enough for the next run to see a changed source. */
const CACHE_MS = 30_000
const CACHE_ENTRIES = 50

interface CacheEntry {
  readonly expiresAtMs: number
  readonly catalog: Promise<SourceCatalog>
}

export class Catalogs {
  readonly #entries = new Map<string, CacheEntry>()

  constructor(private readonly deps: ActivityDeps) {}

  /** The catalogue of a source in a revision, discovered now: the first activity of a run asks so. */
  async discover(id: string, revision: string | undefined, signal: AbortSignal): Promise<SourceCatalog> {
    const source = await openPublishedSource(this.deps, id, revision)
    return this.#remember(source, discoverStreams(this.deps, source, signal))
  }

  /** The same, from the cache where it is fresh. */
  async get(id: string, revision: string, signal: AbortSignal): Promise<SourceCatalog> {
    const entry = this.#entries.get(cacheKey(id, revision))
    if (entry !== undefined && entry.expiresAtMs > Date.now()) return entry.catalog
    return this.discover(id, revision, signal)
  }

  #remember(source: OpenedSource, streams: Promise<readonly SourceStream[]>): Promise<SourceCatalog> {
    const key = cacheKey(source.id, source.revision)
    const catalog = streams.then((streams) => ({ source, streams }))
    this.#entries.delete(key)
    this.#entries.set(key, { catalog, expiresAtMs: Date.now() + CACHE_MS })
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= CACHE_ENTRIES) break
      this.#entries.delete(oldest)
    }
    catalog.catch(() => this.#entries.delete(key))
    return catalog
  }
}

export function discoverStreams(
  deps: ActivityDeps,
  source: OpenedSource,
  signal: AbortSignal,
): Promise<readonly SourceStream[]> {
  return withSourceContext(deps, source, signal, (context) => discover(source.connector.source, context))
}

/** Throws where the source has no such stream any more. */
export function findStream(catalog: SourceCatalog, name: string): SourceStream {
  const stream = catalog.streams.find((candidate) => candidate.name === name)
  if (stream !== undefined) return stream
  throw configInvalid(
    `opening the stream ${name}: ${catalog.source.id} has none of this name; it may have been dropped or renamed at the source: see \`tributary connector discover ${catalog.source.id}\``,
  )
}

const cacheKey = (id: string, revision: string): string => `${id}@${revision}`

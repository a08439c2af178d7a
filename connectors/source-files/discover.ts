/** Which streams a location holds, and what their fields are. */
import {
  type ConnectorContext,
  ConnectorError,
  defineStream,
  isConnectorError,
  type StreamDefinition,
} from '@tributary/connector-sdk'
import picomatch from 'picomatch'
import { csvOptions, type FileFormat, type StreamConfig } from './config.js'
import { fileKind } from './formats/file-kind.js'
import type { FileEntry, FileLocation } from './locations/location.js'
import { openLocation } from './locations/open-location.js'
import { readFiles } from './reading/read-files.js'
import { compareFiles, parseState, pendingBytes } from './reading/read-state.js'
import { sampleFiles } from './schema/sample-files.js'
import { SampleSchema } from './schema/sample-schema.js'
import type { FilesConfig } from './spec.js'

/**
 * The streams of the config, or one for each folder and file where it names none. A stream that cannot be read is among
 * them, and says why. Throws ConnectorError where nothing at all can be found.
 */
export async function discover(
  context: ConnectorContext<FilesConfig>,
): Promise<StreamDefinition<FilesConfig>[]> {
  const location = openLocation(context)
  const listing = await location.list()
  const streams =
    context.config.streams ??
    streamsOf(listing, 'url' in context.config.location || 'urls' in context.config.location)
  const names = new Set<string>()
  const definitions: StreamDefinition<FilesConfig>[] = []
  for (const config of streams) {
    if (names.has(config.name))
      throw new ConnectorError(
        'ConfigInvalid',
        `discovering ${config.name}: two streams have this name; rename one`,
      )
    names.add(config.name)
    definitions.push(await streamOrFault(config, location, listing, context))
  }
  return definitions
}

/** What is wrong with the settings of one stream is no reason to leave the others. */
async function streamOrFault(
  ...asked: Parameters<typeof streamDefinition>
): Promise<StreamDefinition<FilesConfig>> {
  const [{ name }, , , { log }] = asked
  try {
    return await streamDefinition(...asked)
  } catch (error) {
    if (!isConnectorError(error) || error.kind !== 'ConfigInvalid') throw error
    log.warn(error.message, { stream: name })
    return unreadableStream(name, error, true)
  }
}

async function streamDefinition(
  config: StreamConfig,
  location: FileLocation,
  listing: readonly FileEntry[],
  context: ConnectorContext<FilesConfig>,
): Promise<StreamDefinition<FilesConfig>> {
  const matches = picomatch(config.glob.replace(/^\.?\//, ''))
  const files = listing.filter((entry) => matches(entry.name)).toSorted(compareFiles)
  const format = config.format ?? commonFormat(config, files)
  const sample = new SampleSchema()
  const problems = await sampleFiles(files, sample, { location, config, format, signal: context.signal })
  for (const { message } of problems) context.log.warn(message, { stream: config.name })
  if (files.length === 0) for (const column of csvOptions(config).columns ?? []) sample.field(column)
  const primaryKey = config.primary_key ?? []
  const schema = sample.schema(config.schema ?? {}, primaryKey)
  if (Object.keys(schema.properties).length === 0) return emptyStream(config.name, files, problems)
  const missing = primaryKey.find((field) => !(field in schema.properties))
  if (missing !== undefined && files.length > 0)
    throw new ConnectorError(
      'ConfigInvalid',
      `discovering ${config.name}: its files have no field ${missing}; correct primary_key`,
    )
  const fields = { properties: schema.properties, required: primaryKey }
  return defineStream<FilesConfig>({
    name: config.name,
    schema,
    ...(primaryKey.length > 0 && { primaryKey }),
    cursor: {},
    estimate: async (read) => ({ bytes: pendingBytes(parseState(read.state), files) }),
    read: (read) => readFiles({ config, format, matches, location: openLocation(read), fields }, read),
  })
}

/** A stream none of whose files shows a field: nothing of it can be loaded, and why is what it says. */
function emptyStream(
  name: string,
  files: readonly FileEntry[],
  problems: readonly ConnectorError[],
): StreamDefinition<FilesConfig> {
  const why =
    problems.length > 0
      ? problems.map(({ message }) => message).join('; ')
      : `reading ${name}: ${files.length === 0 ? 'no file matches' : 'its files are empty'}; it is read when one holds data`
  const denied = problems.length > 0 && problems.every(({ kind }) => kind === 'PermissionDenied')
  const error = new ConnectorError(denied ? 'PermissionDenied' : 'SchemaIncompatible', why)
  return unreadableStream(name, error, problems.length > 0)
}

/** @param holdsData false: a read of it ends with nothing, and is no failure. */
function unreadableStream(
  name: string,
  unreadable: ConnectorError,
  holdsData: boolean,
): StreamDefinition<FilesConfig> {
  return defineStream<FilesConfig>({
    name,
    schema: { type: 'object', properties: {} },
    cursor: {},
    unreadable,
    // biome-ignore lint/correctness/useYield: there is nothing to yield
    async *read() {
      if (holdsData) throw unreadable
    },
  })
}

function commonFormat(config: StreamConfig, files: readonly FileEntry[]): FileFormat {
  const formats = new Set(files.map((entry) => fileKind(entry.name).format))
  const [format] = formats
  if (formats.size > 1 || (files.length > 0 && format === undefined))
    throw new ConnectorError(
      'ConfigInvalid',
      `discovering ${config.name}: its files have ${formats.size > 1 ? 'several formats' : 'an unknown extension'}; narrow glob or name the format`,
    )
  return format ?? fileKind(config.glob).format ?? 'csv'
}

/**
 * Files in the same first-level folder are one stream, and so is each file beside them. Addresses of the web have no
 * such folders: each file is a stream.
 */
function streamsOf(listing: readonly FileEntry[], single: boolean): StreamConfig[] {
  const groups = new Map<string, { name: string; format: FileFormat; globs: Set<string> }>()
  for (const entry of listing.toSorted(compareNames)) {
    const { format, stem } = fileKind(entry.name)
    if (format === undefined) continue
    const slash = single ? -1 : entry.name.indexOf('/')
    const folder = slash < 0 ? undefined : entry.name.slice(0, slash)
    const name = folder ?? stem.slice(stem.lastIndexOf('/') + 1)
    const extension = entry.name.slice(stem.length)
    const glob = folder === undefined ? escapeGlob(entry.name) : `${escapeGlob(folder)}/**/*${extension}`
    const group = groups.get(`${name}\0${format}`) ?? { name, format, globs: new Set() }
    groups.set(`${name}\0${format}`, group)
    group.globs.add(glob)
  }
  const all = [...groups.values()]
  return all.map(({ name, format, globs }) => ({
    name: all.filter((other) => other.name === name).length > 1 ? `${name}_${format}` : name,
    glob: globs.size === 1 ? [...globs][0]! : `{${[...globs].join(',')}}`,
    format,
  }))
}

function compareNames(a: FileEntry, b: FileEntry): number {
  return a.name < b.name ? -1 : 1
}

function escapeGlob(text: string): string {
  return text.replace(/[\\*?[\]{}()!+@|,]/g, '\\$&')
}

/** A change that waits to be published, in the words of the page: what an engineer reads of it names keys of files. */
import type { components } from '../api/schema.js'
import { sentenceOf } from './words.js'

export type Change = components['schemas']['Change']

const WORDS: Readonly<Record<string, (change: Change) => string>> = {
  source_added: ({ source }) => `New source ${source}`,
  source_removed: ({ source }) => `Source ${source} goes; what it loaded stays`,
  connector_changed: ({ source }) => `Source ${source} is read by another connector`,
  config_changed: ({ source }) => `Source ${source}: its connection is changed`,
  schedule_changed: ({ message }) => `Source ${message}`,
  parallelism_changed: ({ source }) => `Source ${source}: how much is read at once is changed`,
  stream_added: ({ source, stream }) => `Source ${source}: ${stream} is read, too`,
  stream_removed: ({ source, stream }) =>
    `Source ${source}: ${stream} is read no more; what was loaded of it stays`,
  stream_changed: ({ source, stream }) => `Source ${source}: how ${stream} is read is changed`,
  streams_reordered: ({ source }) => `Source ${source}: the order of its streams is changed`,
  mapping_added: ({ mapping }) => `New mapping ${mapping}`,
  mapping_changed: ({ mapping }) => `Mapping ${mapping} is changed; all its rows are read again`,
  mapping_removed: ({ mapping }) => `Mapping ${mapping} goes, with the events and traits that came by it`,
  segment_added: ({ segment }) => `New segment ${segment}`,
  segment_changed: ({ segment }) => `Segment ${segment} is changed; its people are counted again`,
  segment_removed: ({ segment }) => `Segment ${segment} goes; its history stays`,
  identity_changed: () => 'The rules of who is who are changed; everybody is recognised again',
  destination_added: ({ destination }) => `New destination ${destination}`,
  destination_config_changed: ({ destination }) => `Destination ${destination}: its connection is changed`,
  destination_removed: ({ destination }) => `Destination ${destination} goes; what was sent there stays`,
}

/** One sentence; of kinds that say it in plain words themselves, theirs. */
export function changeWords(change: Change): string {
  return sentenceOf(WORDS[change.kind]?.(change) ?? change.message)
}

/** What would change if a workspace were applied, in words and as JSON. Config values and conditions are never shown. */
import { canonicalJson, type SourceFile, type Stream } from '@tributary/schemas'
import { type Change, type ChangeKind, changedKeys, valueChange } from './change.js'
import type { WorkspaceFiles } from './files.js'
import { activationChanges, type HeldRecords } from './plan-activations.js'
import { scheduleWords } from './schedule-words.js'
import { type Definition, openWorkspace, type Workspace } from './workspace.js'

/** Settings of a stream whose values may be shown. */
const SHOWN_KEYS = [
  'sync_mode',
  'destination_sync_mode',
  'cursor_field',
  'primary_key',
  'lookback',
  'schema_change',
]

/**
 * The changes from one set of checked files to the next, workspace first, then by source. Empty exactly when both mean the
 * same.
 * @param previous absent: nothing has been published yet
 * @param held how many records stay where activations leave; absent: nobody counted
 */
export function planRevision(
  previous: WorkspaceFiles | undefined,
  next: WorkspaceFiles,
  held?: HeldRecords,
): readonly Change[] {
  const before = previous && openWorkspace(previous)
  const after = openWorkspace(next)
  const ids = new Set([...(before?.sources ?? []), ...after.sources].map(({ id }) => id))
  const zones: Zones = { before: before?.timeZone ?? after.timeZone, after: after.timeZone }
  const sources = [...ids].sort().flatMap((id) => {
    const [old, current] = [before, after].map(
      (side) => side?.sources.find((source) => source.id === id)?.definition,
    )
    return sourceChanges(id, old, current, zones)
  })
  return [
    ...(before ? workspaceChanges(before, after) : []),
    ...sources,
    ...peopleChanges(before, after),
    ...definitionChanges('mapping', before?.mappings ?? [], after.mappings),
    ...definitionChanges('segment', before?.segments ?? [], after.segments),
    ...activationChanges(before, after, held),
  ]
}

interface Zones {
  readonly before: string
  readonly after: string
}

function workspaceChanges(before: Workspace, after: Workspace): Change[] {
  return changedKeys(before.settings, after.settings).map((key) => ({
    kind: 'workspace_changed',
    message: `workspace: ${valueChange(before.settings, after.settings, key)}`,
  }))
}

function sourceChanges(
  source: string,
  before: SourceFile | undefined,
  after: SourceFile | undefined,
  zones: Zones,
): Change[] {
  if (!after) return [{ kind: 'source_removed', source, message: `remove source ${source}; its tables stay` }]
  if (!before) {
    const streams = `${after.streams.length} stream ${after.streams.length === 1 ? 'entry' : 'entries'}`
    const when = scheduleWords(after.schedule, zones.after)
    return [
      {
        kind: 'source_added',
        source,
        message: `add source ${source}: ${after.connector}, ${streams}, ${when}`,
      },
    ]
  }
  return changedKeys(before, after).flatMap((key): Change[] => {
    switch (key) {
      case 'connector':
        return [
          { kind: 'connector_changed', source, message: `${source}: ${valueChange(before, after, key)}` },
        ]
      case 'config': {
        const keys = changedKeys(before.config ?? {}, after.config ?? {}).join(', ') || 'none set'
        return [{ kind: 'config_changed', source, message: `${source}: config changed (${keys})` }]
      }
      case 'schedule': {
        const words = `${scheduleWords(before.schedule, zones.before)} → ${scheduleWords(after.schedule, zones.after)}`
        return [{ kind: 'schedule_changed', source, message: `${source}: schedule ${words}` }]
      }
      case 'streams':
        return streamChanges(source, before.streams, after.streams)
      default:
        return [
          { kind: 'parallelism_changed', source, message: `${source}: ${valueChange(before, after, key)}` },
        ]
    }
  })
}

function streamChanges(source: string, before: readonly Stream[], after: readonly Stream[]): Change[] {
  const old = new Map(before.map((stream) => [stream.name, stream]))
  const current = new Map(after.map((stream) => [stream.name, stream]))
  const removed = before
    .filter(({ name }) => !current.has(name))
    .map(({ name }): Change => change('stream_removed', source, name, 'remove; its table stays'))
  const others = after.flatMap((stream): Change[] => {
    const previous = old.get(stream.name)
    if (!previous) {
      const modes = `add, ${stream.sync_mode} to ${stream.destination_sync_mode}`
      return [change('stream_added', source, stream.name, modes)]
    }
    const keys = changedKeys(previous, stream)
    if (keys.length === 0) return []
    const words = keys.map((key) =>
      SHOWN_KEYS.includes(key) ? valueChange(previous, stream, key) : `${key} changed`,
    )
    return [change('stream_changed', source, stream.name, words.join(', '))]
  })
  const kept = (streams: readonly Stream[]) =>
    streams.map(({ name }) => name).filter((name) => old.has(name) && current.has(name))
  if (canonicalJson(kept(before)) === canonicalJson(kept(after))) return [...removed, ...others]
  const message = `${source}: order of streams changed; the first entry that matches a stream wins`
  return [...removed, ...others, { kind: 'streams_reordered', source, message }]
}

function change(kind: ChangeKind, source: string, stream: string, words: string): Change {
  return { kind, source, stream, message: `${source}, stream ${stream}: ${words}` }
}

/** What says who is who, and what holds of people. */
function peopleChanges(before: Workspace | undefined, after: Workspace): Change[] {
  const changes: Change[] = []
  const rules = changedKeys(before?.identity?.identifiers ?? {}, after.identity?.identifiers ?? {})
  const blocks = changedKeys(before?.identity?.block ?? {}, after.identity?.block ?? {})
  const typesOf = (of: Workspace | undefined) => Object.keys(of?.identity?.identifiers ?? {})
  const isKept = (type: string) => typesOf(before).includes(type) && typesOf(after).includes(type)
  const order = typesOf(before).filter(isKept).join() !== typesOf(after).filter(isKept).join()
  if (rules.length + blocks.length > 0 || order) {
    const what = [...rules, ...blocks.map((key) => `blocked ${key}`), ...(order ? ['order'] : [])].join(', ')
    changes.push({
      kind: 'identity_changed',
      message: `identity: ${what} changed; everybody is resolved anew`,
    })
  }
  const traits = (['traits', 'computed'] as const).flatMap((part) =>
    changedKeys(before?.traits[part] ?? {}, after.traits[part] ?? {}),
  )
  if (traits.length > 0) {
    changes.push({ kind: 'traits_changed', message: `traits: ${traits.join(', ')} changed` })
  }
  return changes
}

const EFFECT = {
  mapping: { changed: 'its stream is mapped anew', removed: 'its events and traits go' },
  segment: { changed: 'it is evaluated over the whole history', removed: 'its history stays' },
} as const

function definitionChanges<File extends object>(
  about: 'mapping' | 'segment',
  before: readonly Definition<File>[],
  after: readonly Definition<File>[],
): Change[] {
  const old = new Map(before.map(({ id, definition }) => [id, definition]))
  const current = new Map(after.map(({ id, definition }) => [id, definition]))
  const change = (kind: ChangeKind, id: string, message: string): Change => ({ kind, [about]: id, message })
  return [...new Set([...old.keys(), ...current.keys()])].sort().flatMap((id) => {
    const [previous, next] = [old.get(id), current.get(id)]
    if (!next) return [change(`${about}_removed`, id, `remove ${about} ${id}; ${EFFECT[about].removed}`)]
    if (!previous) return [change(`${about}_added`, id, `add ${about} ${id}`)]
    const keys = changedKeys(previous, next)
    if (keys.length === 0) return []
    return [
      change(`${about}_changed`, id, `${about} ${id}: ${keys.join(', ')} changed; ${EFFECT[about].changed}`),
    ]
  })
}

/** What would change of destinations and activations, and what becomes of the records that were sent. */
import {
  type ActivationFile,
  canonicalJson,
  type DestinationFile,
  isSecretReference,
} from '@tributary/schemas'
import { type Change, changedKeys, valueChange } from './change.js'
import { scheduleWords } from './schedule-words.js'
import type { Activation, Definition, Workspace } from './workspace.js'

/** How many records a place holds, by the activation that sent them. */
export type HeldRecords = ReadonlyMap<string, number>

interface Zones {
  readonly before: string
  readonly after: string
}

/** Activations of `before` that leave their place: removed, or sent to another destination, object or by other match fields. */
export function leavingActivations(
  before: Pick<Workspace, 'activations'> | undefined,
  after: Pick<Workspace, 'activations'>,
): readonly Activation[] {
  const current = byId(after.activations)
  return (before?.activations ?? []).filter(({ id, definition }) => {
    const next = current.get(id)
    return next === undefined || isMoved(definition, next)
  })
}

/** Activations of both that keep their place, where the destination of that name may be somewhere else now. */
export function stayingActivations(
  before: Pick<Workspace, 'activations' | 'destinations'> | undefined,
  after: Pick<Workspace, 'activations' | 'destinations'>,
): readonly Activation[] {
  const changed = new Set(
    paired(before?.destinations ?? [], after.destinations)
      .filter(([, old, current]) => old && current && mayBeElsewhere(old, current))
      .map(([id]) => id),
  )
  const previous = byId(before?.activations ?? [])
  return after.activations.filter(({ id, definition }) => {
    const old = previous.get(id)
    return old !== undefined && !isMoved(old, definition) && changed.has(definition.destination)
  })
}

/** @param held what the places hold that are left, or may be somewhere else; absent: nobody counted */
export function activationChanges(
  before: Workspace | undefined,
  after: Workspace,
  held: HeldRecords = new Map(),
): Change[] {
  const zones: Zones = { before: before?.timeZone ?? after.timeZone, after: after.timeZone }
  return [
    ...paired(before?.destinations ?? [], after.destinations).flatMap(([id, old, current]) => {
      const counts = stayingActivations(before, after)
        .filter(({ definition }) => definition.destination === id)
        .flatMap((activation) => held.get(activation.id) ?? [])
      return destinationChanges(
        id,
        old,
        current,
        counts.reduce((sum, count) => sum + count, 0),
      )
    }),
    ...paired(before?.activations ?? [], after.activations).flatMap(
      ([activation, old, current]): Change[] => {
        const message = activationSentence(activation, old, current, zones, held.get(activation))
        if (message === undefined) return []
        if (!old) return [{ kind: 'activation_added', activation, message }]
        if (!current) return [{ kind: 'activation_removed', activation, message }]
        const kind = isMoved(old, current) ? 'activation_moved' : 'activation_changed'
        return [{ kind, activation, message }]
      },
    ),
  ]
}

function destinationChanges(
  destination: string,
  before: DestinationFile | undefined,
  after: DestinationFile | undefined,
  held: number,
): Change[] {
  if (!after) {
    const message = `remove destination ${destination}; what was sent there stays`
    return [{ kind: 'destination_removed', destination, message }]
  }
  if (!before) {
    return [
      {
        kind: 'destination_added',
        destination,
        message: `add destination ${destination}: ${after.connector}`,
      },
    ]
  }
  const records = held === 1 ? '1 record that was' : `${held.toLocaleString('en-US')} records that were`
  const effect =
    held > 0
      ? `; ${records} acknowledged before count as there: if this is another place, write it as a destination of another name, and all is sent`
      : ''
  return changedKeys(before, after).map((key): Change => {
    if (key === 'config') {
      const keys = changedKeys(before.config ?? {}, after.config ?? {}).join(', ') || 'none set'
      const message = `destination ${destination}: config changed (${keys})${effect}`
      return { kind: 'destination_config_changed', destination, message }
    }
    const message = `destination ${destination}: ${valueChange(before, after, key)}; what was acknowledged before is taken to be there`
    return { kind: 'destination_changed', destination, message }
  })
}

/** Addresses, accounts and databases are texts, or objects of texts; secrets, numbers and switches name no place. */
function mayBeElsewhere(before: DestinationFile, after: DestinationFile): boolean {
  const [old, current] = [before.config ?? {}, after.config ?? {}]
  const names = (value: unknown) =>
    typeof value === 'string' ? !isSecretReference(value) : typeof value === 'object' && value !== null
  return changedKeys(old, current).some((key) => names(old[key]) || names(current[key]))
}

function activationSentence(
  id: string,
  before: ActivationFile | undefined,
  after: ActivationFile | undefined,
  zones: Zones,
  held: number | undefined,
): string | undefined {
  if (!after) {
    return `remove activation ${id}; ${staying(before!, held)}, and so does its history`
  }
  if (!before) {
    const { segment, mode, trigger } = after
    return `add activation ${id}: ${segment} to ${placeOf(after)}, ${mode}, ${triggerWords(trigger, zones.after)}`
  }
  const keys = changedKeys(before, after)
  if (keys.length === 0) return undefined
  const words = keys.map((key) => keyWords(key, before, after, zones)).join(', ')
  const effect = isMoved(before, after)
    ? `; ${staying(before, held)}, and everything is sent anew`
    : effectOf(keys)
  return `activation ${id}: ${words}${effect}`
}

/** Values may hold constants about the business; of fields only the names are shown. */
function keyWords(key: string, before: ActivationFile, after: ActivationFile, zones: Zones): string {
  switch (key) {
    case 'segment':
    case 'destination':
    case 'object':
    case 'mode':
      return valueChange(before, after, key)
    case 'trigger':
      return `trigger ${triggerWords(before.trigger, zones.before)} → ${triggerWords(after.trigger, zones.after)}`
    case 'match':
    case 'fields':
      return `${key} changed (${changedKeys(before[key] ?? {}, after[key] ?? {}).join(', ') || 'none set'})`
    default:
      return `${key} changed`
  }
}

/** What a change that keeps the place brings about with the next run. */
function effectOf(keys: readonly string[]): string {
  const has = (...names: readonly string[]) => names.some((name) => keys.includes(name))
  if (has('segment', 'match', 'consent', 'holdout')) return '; who is sent changes with the next run'
  if (has('fields')) return '; records whose values differ are sent again'
  return ''
}

function staying(definition: ActivationFile, held: number | undefined): string {
  if (held === undefined) return `what was sent stays in ${placeOf(definition)}`
  const records = held === 1 ? '1 record stays' : `${held.toLocaleString('en-US')} records stay`
  return `${records} in ${placeOf(definition)}`
}

/** `after each refresh`, `by hand`, `every 15m`. */
export function triggerWords(trigger: ActivationFile['trigger'], workspaceTimeZone: string): string {
  if (trigger === 'after_refresh') return 'after each refresh'
  return scheduleWords(typeof trigger === 'object' ? trigger.schedule : 'manual', workspaceTimeZone)
}

function placeOf({ destination, object }: ActivationFile): string {
  return `${destination}/${object}`
}

/** What was acknowledged of one destination, object and set of match fields says nothing of another. */
function isMoved(before: ActivationFile, after: ActivationFile): boolean {
  const target = ({ destination, object, match }: ActivationFile) =>
    canonicalJson([destination, object, Object.keys(match).sort()])
  return target(before) !== target(after)
}

function byId<File>(definitions: readonly Definition<File>[]): ReadonlyMap<string, File> {
  return new Map(definitions.map(({ id, definition }) => [id, definition]))
}

/** Every id of either side with what it was and what it is. */
function paired<File>(
  before: readonly Definition<File>[],
  after: readonly Definition<File>[],
): [id: string, before: File | undefined, after: File | undefined][] {
  const [old, current] = [byId(before), byId(after)]
  const ids = [...new Set([...old.keys(), ...current.keys()])].sort()
  return ids.map((id) => [id, old.get(id), current.get(id)])
}

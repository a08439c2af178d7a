/** A change of a workspace in words, and how two values of a file are compared. */
import { canonicalJson } from '@tributary/schemas'

export type ChangeKind =
  | 'workspace_changed'
  | 'source_added'
  | 'source_removed'
  | 'connector_changed'
  | 'config_changed'
  | 'schedule_changed'
  | 'parallelism_changed'
  | 'stream_added'
  | 'stream_removed'
  | 'stream_changed'
  | 'streams_reordered'
  | 'mapping_added'
  | 'mapping_changed'
  | 'mapping_removed'
  | 'segment_added'
  | 'segment_changed'
  | 'segment_removed'
  | 'identity_changed'
  | 'traits_changed'
  | 'destination_added'
  | 'destination_changed'
  | 'destination_config_changed'
  | 'destination_removed'
  | 'activation_added'
  | 'activation_changed'
  | 'activation_moved'
  | 'activation_removed'

export interface Change {
  readonly kind: ChangeKind
  readonly source?: string
  readonly stream?: string
  readonly mapping?: string
  readonly segment?: string
  readonly destination?: string
  readonly activation?: string
  /** One sentence without values of configs. */
  readonly message: string
}

/** Keys whose values differ, sorted. */
export function changedKeys(before: object, after: object): string[] {
  const [old, current] = [before, after] as [Record<string, unknown>, Record<string, unknown>]
  const keys = new Set([...Object.keys(old), ...Object.keys(current)])
  return [...keys].sort().filter((key) => canonicalJson(old[key]) !== canonicalJson(current[key]))
}

/** `cursor_field default → updated_at`. */
export function valueChange(before: object, after: object, key: string): string {
  return `${key} ${shown(before, key)} → ${shown(after, key)}`
}

function shown(values: object, key: string): string {
  const value = (values as Record<string, unknown>)[key]
  if (value === undefined) return 'default'
  return typeof value === 'string' ? value : canonicalJson(value)
}

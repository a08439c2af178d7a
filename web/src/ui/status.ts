/** The words and tones of every status that the API gives. */

/** What a colour says: fine, going on, needs a look, failed, not in use. */
export type Tone = 'good' | 'progress' | 'attention' | 'bad' | 'idle'

const KNOWN: Readonly<Record<string, readonly [label: string, tone: Tone]>> = {
  succeeded: ['Succeeded', 'good'],
  completed: ['Succeeded', 'good'],
  applied: ['Sent', 'good'],
  ok: ['Fine', 'good'],
  fresh: ['Up to date', 'good'],
  active: ['Active', 'good'],
  running: ['Running', 'progress'],
  queued: ['Waiting to start', 'progress'],
  planned: ['Dry run', 'progress'],
  partial: ['Partly done', 'attention'],
  stale: ['Late', 'attention'],
  awaiting_approval: ['Waits for approval', 'attention'],
  paused: ['Paused', 'idle'],
  cancelled: ['Cancelled', 'idle'],
  canceled: ['Cancelled', 'idle'],
  unchanged: ['Nothing to do', 'idle'],
  undone: ['Undone', 'idle'],
  skipped: ['Skipped', 'idle'],
  never: ['Never ran', 'idle'],
  manual: ['By hand', 'idle'],
  draft: ['Draft', 'idle'],
  idle: ['Ready', 'idle'],
  'waiting for approval': ['Waits for approval', 'attention'],
  published: ['Published', 'good'],
  new: ['Not published yet', 'progress'],
  changed: ['Changed, not published', 'progress'],
  removed: ['Removed, not published', 'progress'],
  refused: ['Refused', 'bad'],
  revoked: ['Revoked', 'idle'],
  expired: ['Expired', 'idle'],
  stopped: ['Stopped', 'bad'],
  failed: ['Failed', 'bad'],
  timed_out: ['Took too long', 'bad'],
  terminated: ['Ended by force', 'bad'],
}

/** What to show for a status; one that is not known is shown as it is, with spaces. */
export function statusOf(status: string): { readonly label: string; readonly tone: Tone } {
  const known = KNOWN[status.toLowerCase()]
  if (known !== undefined) return { label: known[0], tone: known[1] }
  const words = status.replaceAll('_', ' ')
  return { label: words.charAt(0).toUpperCase() + words.slice(1), tone: 'idle' }
}

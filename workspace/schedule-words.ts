/** A schedule as people say it. */
import type { Schedule } from '@tributary/schemas'

/** `by hand`, `every 15m`, `at 0 * * * * (Europe/Paris)`. */
export function scheduleWords(schedule: Schedule | undefined, workspaceTimeZone: string): string {
  if (schedule === undefined || schedule === 'manual') return 'by hand'
  const details =
    'every' in schedule
      ? [schedule.offset && `offset ${schedule.offset}`]
      : [schedule.time_zone ?? workspaceTimeZone]
  details.push(schedule.jitter && `jitter ${schedule.jitter}`)
  details.push(schedule.catchup_window && `catch-up ${schedule.catchup_window}`)
  const suffix = details.filter(Boolean).join(', ')
  const words = 'every' in schedule ? `every ${schedule.every}` : `at ${schedule.cron}`
  return suffix ? `${words} (${suffix})` : words
}

import { equal } from 'node:assert/strict'
import type { Schedule } from '@tributary/schemas'
import { plainSchedule } from './plain-schedule.js'

describe('a schedule in plain words', () => {
  const cases: readonly (readonly [Schedule | undefined, string])[] = [
    [undefined, 'by hand'],
    ['manual', 'by hand'],
    [{ every: '15m' }, 'every 15 minutes'],
    [{ every: '60m' }, 'every hour'],
    [{ every: '90m', jitter: '1m' }, 'every 90 minutes'],
    [{ cron: '0 * * * *' }, 'every hour (Europe/Paris)'],
    [{ cron: '5 * * * *' }, 'every hour at :05 (Europe/Paris)'],
    [{ cron: '*/20 * * * *', time_zone: 'UTC' }, 'every 20 minutes (UTC)'],
    [{ cron: '*/25 * * * *' }, 'at */25 * * * * (Europe/Paris)'],
    [{ cron: '0 */6 * * *' }, 'every 6 hours (Europe/Paris)'],
    [{ cron: '30 6 * * *' }, 'every day at 06:30 (Europe/Paris)'],
    [{ cron: '30 6 * * 1-5' }, 'Monday to Friday at 06:30 (Europe/Paris)'],
    [{ cron: '0 18 * * 1,3,7' }, 'every Monday, Wednesday and Sunday at 18:00 (Europe/Paris)'],
    [{ cron: '@daily' }, 'every day at 00:00 (Europe/Paris)'],
    [{ cron: '15 */6 * * *' }, 'every 6 hours at :15 (Europe/Paris)'],
    [{ cron: '0 6,18 * * *' }, 'every day at 06:00 and 18:00 (Europe/Paris)'],
    [{ cron: '0 9 * * MON,WED' }, 'every Monday and Wednesday at 09:00 (Europe/Paris)'],
    [{ cron: '0 9-17 * * *' }, 'at 0 9-17 * * * (Europe/Paris)'],
    [{ cron: 'no cron' }, 'at no cron (Europe/Paris)'],
    [{ cron: '0 2 1 * *' }, 'on day 1 of each month at 02:00 (Europe/Paris)'],
    [{ cron: '0 2 1 * 1' }, 'at 0 2 1 * 1 (Europe/Paris)'],
    [{ cron: '0 6 * 1 *' }, 'at 0 6 * 1 * (Europe/Paris)'],
  ]
  for (const [schedule, words] of cases) {
    it(`says ${words}`, () => equal(plainSchedule(schedule, 'Europe/Paris'), words))
  }
})

import { deepEqual, equal } from 'node:assert/strict'
import fc from 'fast-check'
import {
  choiceProblem,
  readSchedule,
  type Schedule,
  type ScheduleChoice,
  sayChoice,
  writeSchedule,
} from './schedule.js'

describe('a schedule in words', () => {
  const READ: readonly (readonly [Schedule | undefined, ScheduleChoice, string])[] = [
    [undefined, { kind: 'manual' }, 'only when somebody asks'],
    ['manual', { kind: 'manual' }, 'only when somebody asks'],
    [{ every: '15m' }, { kind: 'interval', count: 15, unit: 'minutes' }, 'every 15 minutes'],
    [{ every: '60m' }, { kind: 'interval', count: 1, unit: 'hours' }, 'every hour'],
    [{ every: '10s' }, { kind: 'interval', count: 10, unit: 'seconds' }, 'every 10 seconds'],
    [{ every: '90m' }, { kind: 'interval', count: 90, unit: 'minutes' }, 'every 90 minutes'],
    [
      { cron: '30 6 * * *' },
      { kind: 'days', at: '06:30', weekdays: [1, 2, 3, 4, 5, 6, 0] },
      'every day at 06:30',
    ],
    [
      { cron: '0 7 * * 1-5' },
      { kind: 'days', at: '07:00', weekdays: [1, 2, 3, 4, 5] },
      'Monday to Friday at 07:00',
    ],
    [
      { cron: '5 22 * * 7,3' },
      { kind: 'days', at: '22:05', weekdays: [3, 0] },
      'every Wednesday and Sunday at 22:05',
    ],
    [{ cron: '0 4 1 * *' }, { kind: 'monthly', at: '04:00', day: 1 }, 'on day 1 of each month at 04:00'],
    [{ cron: '*/10 * * * *' }, { kind: 'expression', cron: '*/10 * * * *' }, 'at */10 * * * *'],
    [{ cron: '0 6 1 * 1' }, { kind: 'expression', cron: '0 6 1 * 1' }, 'at 0 6 1 * 1'],
  ]
  for (const [schedule, choice, words] of READ) {
    it(`reads ${JSON.stringify(schedule)}`, () => {
      deepEqual(readSchedule(schedule), choice)
      equal(sayChoice(choice), words)
    })
  }

  it('keeps what the form does not ask for', () => {
    const before: Schedule = {
      cron: '0 * * * *',
      time_zone: 'Europe/Paris',
      jitter: '3m',
      catchup_window: '1h',
    }
    deepEqual(writeSchedule({ kind: 'days', at: '06:05', weekdays: [1, 2, 3, 4, 5] }, before), {
      cron: '5 6 * * 1-5',
      time_zone: 'Europe/Paris',
      jitter: '3m',
      catchup_window: '1h',
    })
    deepEqual(writeSchedule({ kind: 'interval', count: 2, unit: 'hours' }, before), {
      every: '2h',
      jitter: '3m',
      catchup_window: '1h',
    })
  })

  it('leaves a schedule that says the same as it was written', () => {
    const written: readonly Schedule[] = [{ every: '60m' }, { every: '30s' }, { cron: '0  6 * * 0-6' }]
    deepEqual(
      written.map((before) => writeSchedule(readSchedule(before), before)),
      written,
    )
  })

  it('reads back every choice that it wrote', () => {
    const choice = fc.oneof<fc.Arbitrary<ScheduleChoice>[]>(
      fc.record({
        kind: fc.constant('interval' as const),
        count: fc.integer({ min: 1, max: 23 }),
        unit: fc.constantFrom('minutes' as const, 'hours' as const, 'days' as const),
      }),
      fc.record({
        kind: fc.constant('days' as const),
        at: time(),
        weekdays: fc.subarray([1, 2, 3, 4, 5, 6, 0], { minLength: 1 }),
      }),
      fc.record({ kind: fc.constant('monthly' as const), at: time(), day: fc.integer({ min: 1, max: 31 }) }),
    )
    fc.assert(fc.property(choice, (chosen) => deepEqual(readSchedule(writeSchedule(chosen)), { ...chosen })))
  })

  it('says what is missing', () => {
    const choices: readonly ScheduleChoice[] = [
      { kind: 'interval', count: 0, unit: 'hours' },
      { kind: 'interval', count: 9, unit: 'seconds' },
      { kind: 'days', at: '', weekdays: [1] },
      { kind: 'days', at: '06:00', weekdays: [] },
      { kind: 'monthly', at: '06:00', day: 32 },
      { kind: 'expression', cron: '0 6' },
      { kind: 'manual' },
    ]
    deepEqual(choices.map(choiceProblem), [
      'Type a whole number, 1 or more.',
      'At least 10 seconds.',
      'Type a time of day, for example 06:30.',
      'Choose at least one day.',
      'Type a day from 1 to 31.',
      'Five parts are needed: minute, hour, day of month, month, day of week. For example 30 6 * * 1-5.',
      undefined,
    ])
  })
})

function time(): fc.Arbitrary<string> {
  return fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'))
}

/** Every kind of condition: how it is built by hand, and what the file then says. */
import { asked, ever, length, performed, range, type Steps, text, texts, trait, when } from './fields.js'

/** Kind in the menu, what is done, and the condition as the reference of segment files has it. */
export const CONDITIONS: Readonly<
  Record<string, readonly (readonly [kind: string, steps: Steps, written: unknown])[]>
> = {
  'traits of text': [
    ['trait', trait('city', 'is', text('Paris')), { trait: 'city', eq: 'Paris' }],
    ['trait', trait('city', 'is not', text('Lyon')), { trait: 'city', not_eq: 'Lyon' }],
    ['trait', trait('city', 'is one of', texts('Paris', 'Lyon')), { trait: 'city', in: ['Paris', 'Lyon'] }],
    ['trait', trait('city', 'is none of', texts('Nice')), { trait: 'city', not_in: ['Nice'] }],
    ['trait', trait('city', 'contains', text('ari')), { trait: 'city', contains: 'ari' }],
    ['trait', trait('city', 'does not contain', text('yo')), { trait: 'city', not_contains: 'yo' }],
    ['trait', trait('city', 'starts with', text('P')), { trait: 'city', starts_with: 'P' }],
    ['trait', trait('city', 'ends with', text('s')), { trait: 'city', ends_with: 's' }],
    ['trait', trait('city', 'matches the pattern', text('^P.*s$')), { trait: 'city', matches: '^P.*s$' }],
    ['trait', trait('city', 'is known'), { trait: 'city', exists: true }],
    ['trait', trait('name', 'is unknown'), { trait: 'name', absent: true }],
  ],
  'traits that are numbers, truth values and lists': [
    ['trait', trait('spent', 'is', text('10')), { trait: 'spent', eq: 10 }],
    ['trait', trait('spent', 'is one of', texts('10', '20')), { trait: 'spent', in: [10, 20] }],
    ['trait', trait('spent', 'is more than', text('10')), { trait: 'spent', gt: 10 }],
    ['trait', trait('spent', 'is at least', text('10.5')), { trait: 'spent', gte: 10.5 }],
    ['trait', trait('spent', 'is less than', text('1000')), { trait: 'spent', lt: 1000 }],
    ['trait', trait('spent', 'is at most', text('100')), { trait: 'spent', lte: 100 }],
    ['trait', trait('spent', 'is between', range('10', '80')), { trait: 'spent', between: [10, 80] }],
    ['trait', trait('member', 'is', (fields, of) => fields.choose(of, 'no')), { trait: 'member', eq: false }],
    ['trait', trait('tags', 'has any of', texts('wine', 'tea')), { trait: 'tags', any_of: ['wine', 'tea'] }],
    ['trait', trait('tags', 'has all of', texts('wine')), { trait: 'tags', all_of: ['wine'] }],
  ],
  'traits that are times': [
    ['trait', trait('joined', 'is before', text('2026-03-01')), { trait: 'joined', before: '2026-03-01' }],
    ['trait', trait('joined', 'is after', text('2026-01-01')), { trait: 'joined', after: '2026-01-01' }],
    [
      'trait',
      trait('joined', 'is at least', async (fields, of) => {
        await fields.press(`${of}: with a time of day`)
        await fields.type(of, '2026-01-01T08:30')
      }),
      { trait: 'joined', gte: '2026-01-01T08:30' },
    ],
    [
      'trait',
      trait('joined', 'is between', range('2026-01-01', '2026-01-31')),
      { trait: 'joined', between: ['2026-01-01', '2026-01-31'] },
    ],
    [
      'trait',
      trait('joined', 'is within the last', length('2', 'years')),
      { trait: 'joined', within_last: '2y' },
    ],
    [
      'trait',
      trait('joined', 'is longer ago than', length('12', 'hours')),
      { trait: 'joined', before_last: '12h' },
    ],
    [
      'trait',
      trait('joined', 'is within the next', length('7', 'days')),
      { trait: 'joined', within_next: '7d' },
    ],
    [
      'trait',
      trait('joined', 'is further away than', length('90', 'minutes')),
      { trait: 'joined', after_next: '90m' },
    ],
  ],
  'events, how often and how much': [
    ['performed', performed('Order Completed'), { performed: 'Order Completed', within: '30d' }],
    [
      'performed',
      performed('Order Completed', asked('never'), ever),
      { performed: 'Order Completed', times: { eq: 0 } },
    ],
    [
      'performed',
      performed('Order Completed', asked('so many times'), ever, async (fields) => {
        await fields.choose('Comparison of the number of times', 'at most')
        await fields.type('Times', '5')
      }),
      { performed: 'Order Completed', times: { lte: 5 } },
    ],
    [
      'performed',
      performed('Order Completed', asked('so many times'), ever, async (fields) => {
        await fields.choose('Comparison of the number of times', 'between')
        await fields.type('Times', '1')
        await fields.type('Times, at most', '4')
      }),
      { performed: 'Order Completed', times: { between: [1, 4] } },
    ],
    [
      'performed',
      performed('Order Completed', asked('so much'), ever, async (fields) => {
        await fields.choose('Property that is computed with', 'total')
        await fields.choose('Comparison of what is computed', 'is more than')
        await fields.type('Value to compare with', '50')
      }),
      { performed: 'Order Completed', aggregate: { sum: 'total' }, gt: 50 },
    ],
    [
      'performed',
      performed('Order Completed', asked('so much'), ever, async (fields) => {
        await fields.choose('What is computed', 'average of')
        await fields.choose('Property that is computed with', 'total')
        await fields.check('their own trait')
        await fields.choose('Trait to compare with', 'spent')
      }),
      { performed: 'Order Completed', aggregate: { avg: 'total' }, gte: { trait: 'spent' } },
    ],
    [
      'performed',
      performed('Order Completed', asked('so much'), ever, async (fields) => {
        await fields.choose('What is computed', 'most frequent')
        await fields.choose('Property that is computed with', 'channel')
        await fields.type('Value to compare with', 'web')
      }),
      { performed: 'Order Completed', aggregate: { most_frequent: 'channel' }, eq: 'web' },
    ],
    [
      'performed',
      performed('Order Completed', asked('so much'), ever, async (fields) => {
        await fields.choose('What is computed', 'number of times')
        await fields.type('Value to compare with', '1')
      }),
      { performed: 'Order Completed', aggregate: 'count', gte: 1 },
    ],
    [
      'performed',
      performed('Order Completed', asked('for the first time'), ever),
      { performed: 'Order Completed', occurrence: 'first' },
    ],
    [
      'performed',
      performed('Order Completed', asked('for the last time'), ever, async (fields) => {
        await fields.press('only where …')
        await fields.choose('Property', 'channel')
        await fields.type('Value of channel', 'store')
        await fields.press('and where …')
        await fields.choose('Property', 'gift')
        await fields.choose('Value of gift', 'yes')
      }),
      {
        performed: 'Order Completed',
        occurrence: 'last',
        where: [
          { property: 'channel', eq: 'store' },
          { property: 'gift', eq: true },
        ],
      },
    ],
  ],
  'windows of every kind': [
    [
      'performed',
      performed(
        'Order Completed',
        when('in the last', (fields) => length('6', 'hours')(fields, 'Length of time')),
      ),
      { performed: 'Order Completed', within: '6h' },
    ],
    [
      'performed',
      performed(
        'Order Completed',
        when('between … and … ago', async (fields) => {
          await length('60', 'days')(fields, 'From so long ago')
          await length('10', 'days')(fields, 'To so long ago')
        }),
      ),
      { performed: 'Order Completed', between: { from: '60d', to: '10d' } },
    ],
    [
      'performed',
      performed(
        'Order Completed',
        when('between two dates', async (fields) => {
          await fields.type('From', '2026-01-01')
          await fields.type('To, included', '2026-01-31')
        }),
      ),
      { performed: 'Order Completed', since: '2026-01-01', until: '2026-01-31' },
    ],
    [
      'performed',
      performed(
        'Order Completed',
        when('between two dates', (fields) => fields.type('From', '2026-01-01')),
      ),
      { performed: 'Order Completed', since: '2026-01-01' },
    ],
    [
      'performed',
      performed(
        'Order Completed',
        when('in the calendar’s', (fields) => fields.choose('Period', 'last quarter')),
      ),
      { performed: 'Order Completed', calendar: 'last_quarter' },
    ],
  ],
  'everything else': [
    [
      'sequence',
      async (fields) => {
        await fields.choose('Step 1: event', 'Cart Updated')
        await fields.choose('Step 2: event', 'Order Completed')
        await fields.choose('Step 2: happened or not', 'then did not do')
        await length('1', 'days')(fields, 'Length of time of the sequence')
      },
      { sequence: [{ performed: 'Cart Updated' }, { not: { performed: 'Order Completed' } }], within: '1d' },
    ],
    [
      'sequence',
      async (fields) => {
        await fields.choose('Step 1: event', 'Cart Updated')
        await fields.choose('Step 2: event', 'Order Completed')
      },
      { sequence: [{ performed: 'Cart Updated' }, { performed: 'Order Completed' }], within: '7d' },
    ],
    ['segment', (fields) => fields.choose('Segment', 'Parisians'), { segment: 'parisians' }],
    ['consent', async () => undefined, { consent: 'marketing' }],
    [
      'identifier',
      (fields) => fields.choose('Known or not', 'have no'),
      { identifier: 'email', absent: true },
    ],
    ['list', (fields) => fields.choose('List', 'vip'), { list: 'vip' }],
    ['random', (fields) => fields.type('Share in percent', '12.5'), { random: { share: 0.125 } }],
    ['everyone', async () => undefined, { everyone: true }],
  ],
}

/** `segment history`: a segment's size over time, and who came and went. */
import type { Command } from 'commander'
import type { SegmentHistory } from '../../operations/people/history.js'
import { wholeNumber } from '../arguments.js'
import { addCommand } from '../command.js'
import { formatCount, formatTime, table } from '../format.js'

interface HistoryOptions {
  readonly from?: string
  readonly to?: string
  readonly every?: string
  readonly changes?: number | true
}

/** Of `--changes` without a number. */
const CHANGES = 100

export function addSegmentHistoryCommand(group: Command): void {
  addCommand(
    group,
    {
      name: 'history <name>',
      summary: 'its size over time, who came and went, and why',
      details:
        'Dates are days of the workspace’s zone. People are named by the ids that they had then; tributary profile\nshow finds who they are today.',
      examples: [
        'segment history vip --from 2026-01-01 --every 1d',
        'segment history vip --from 2026-01-31 --to 2026-02-01 --changes',
      ],
    },
    async (invocation, [name], { from, to, every, changes }: HistoryOptions) => {
      const { segmentHistory } = await import('../../operations/people/history.js')
      const history = await segmentHistory(await invocation.context(), name!, {
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
        ...(every !== undefined && { every }),
        ...(changes !== undefined && { changes: changes === true ? CHANGES : changes }),
      })
      invocation.output.result(history, () => historyWords(history))
    },
  )
    .option('--from <time>', 'from this moment on (default: the beginning)')
    .option('--to <time>', 'until before this moment (default: now)')
    .option('--every <duration>', 'one line for each such time, e.g. 1d (default: each evaluation)')
    .option(
      '--changes [n]',
      `also who came or went, the newest so many (default: ${CHANGES})`,
      wholeNumber('--changes'),
    )
}

function historyWords({ trend, counts, changes }: SegmentHistory): string {
  const right = (title: string) => ({ title, align: 'right' as const })
  return [
    table(
      [{ title: 'evaluated' }, right('size'), right('entered'), right('left')],
      trend.map(({ at, ...point }) => [
        formatTime(at),
        ...[point.size, point.entered, point.left].map(formatCount),
      ]),
    ),
    ...(counts.length === 0
      ? []
      : ['', ...counts.map(({ change, cause, people }) => `${formatCount(people)} ${change} by ${cause}`)]),
    ...(changes.length === 0
      ? []
      : [
          '',
          table(
            ['at', 'profile', 'called', 'change', 'cause'].map((title) => ({ title })),
            changes.map(({ at, profile, name, change, cause }) => [
              formatTime(at),
              profile,
              name ?? '',
              change,
              cause,
            ]),
          ),
        ]),
  ].join('\n')
}

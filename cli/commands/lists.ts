/** `list show|add|remove`: static lists of people. */
import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { ListChanged } from '../../operations/people/lists.js'
import { wholeNumber } from '../arguments.js'
import { addCommand } from '../command.js'
import { UsageError } from '../errors.js'
import { formatCount, formatTime, table } from '../format.js'
import { type RecordFlags, recordOptions, refreshSentence, withRecordOptions } from '../people.js'

export function addListCommands(program: Command): void {
  const group = program.command('list').summary('put people on static lists, and take them off')

  addCommand(
    group,
    {
      name: 'show [list]',
      summary: 'all lists, or what is on one',
      examples: ['list show', 'list show vip --limit 100000 --json'],
    },
    async (invocation, [list], { limit }: { readonly limit: number }) => {
      const { showLists, showOneList } = await import('../../operations/people/lists.js')
      const context = await invocation.context()
      if (list === undefined) {
        const lists = await showLists(context)
        invocation.output.result(lists, () =>
          lists.length === 0
            ? 'no lists; put somebody on one with tributary list add'
            : table(
                [{ title: 'list' }, { title: 'entries', align: 'right' }, { title: 'changed' }],
                lists.map((row) => [row.list, formatCount(row.entries), formatTime(row.changedAt)]),
              ),
        )
        return
      }
      const shown = await showOneList(context, list, limit)
      invocation.output.result(shown, () =>
        [
          table(
            [{ title: 'type' }, { title: 'value' }],
            shown.entries.map(({ type, value }) => [type, value]),
          ),
          ...(shown.size > shown.entries.length
            ? [`${formatCount(shown.entries.length)} of ${formatCount(shown.size)}; see --limit`]
            : []),
        ].join('\n'),
      )
    },
  ).option('--limit <n>', 'entries at most', wholeNumber('--limit'), 1000)

  for (const [name, summary] of [
    ['add', 'put people on a list, by what identifies them'],
    ['remove', 'take people off a list'],
  ] as const) {
    withRecordOptions(
      addCommand(
        group,
        {
          name: `${name} <list> <type> [values...]`,
          summary,
          details:
            'Values are compared as identity.yaml says; they may be of people who are not known yet. Said twice,\nit changes nothing.',
          examples: [
            `list ${name} vip email ada@example.com ben@example.com`,
            `list ${name} vip email --file people.txt`,
          ],
        },
        async (invocation, args, options: RecordFlags & { readonly file?: string }) => {
          const [list, type, ...given] = args.filter((value) => value !== undefined)
          const values = [...given, ...(options.file === undefined ? [] : await valuesIn(options.file))]
          if (values.length === 0) {
            throw new UsageError(`reading the arguments: there is no value; write some, or --file <path>`)
          }
          const { changeList } = await import('../../operations/people/lists.js')
          const { author, refresh } = recordOptions(options)
          const result = await changeList(await invocation.context(), name, list!, {
            type: type!,
            values,
            author,
            refresh,
          })
          invocation.output.result(result, () => changeWords(result, name))
        },
      ).option('--file <path>', 'one value a line'),
    )
  }
}

async function valuesIn(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(`reading ${path}: the file cannot be read; check its path`, { cause: error })
  })
  return text.split(/\r?\n/).filter((line) => line.trim() !== '')
}

function changeWords({ list, changed, unchanged, refused, refresh }: ListChanged, name: string): string {
  const done = name === 'add' ? 'put on' : 'taken off'
  return [
    `${formatCount(changed)} ${done} ${list}, ${formatCount(unchanged)} as they were, ${formatCount(refused.length)} refused`,
    ...refused.slice(0, 20).map(({ type, value }) => `${type} ${value} identifies nobody`),
    ...(changed > 0 ? [refreshSentence(refresh)] : []),
  ].join('\n')
}

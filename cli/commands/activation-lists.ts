/** `activate list|status|history|rejects`: what activations do, did, and could not do. */
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import type { ActivationLine, ActivationStatus } from '../../operations/activations/list.js'
import type { activationRejects } from '../../operations/activations/rejects.js'
import {
  changesWords,
  historyTable,
  outcomeWord,
  planLines,
  progressLine,
  recordWords,
  reportLines,
} from '../activation-words.js'
import { wholeNumber } from '../arguments.js'
import { addCommand, type Invocation } from '../command.js'
import { formatCount, formatTime, shorten, table } from '../format.js'
import { untilInterrupted } from '../interrupt.js'
import type { Paint } from '../output.js'
import { LiveProgress } from '../progress.js'

const FOLLOW_MS = 1_000

export function addActivationListCommands(group: Command): void {
  addListCommand(group)
  addStatusCommand(group)
  addHistoryCommand(group)
  addRejectsCommand(group)
}

function addListCommand(group: Command): void {
  addCommand(
    group,
    {
      name: 'list',
      summary: 'every activation: what it does now, and how its last run ended',
      examples: ['activate list'],
    },
    async (invocation) => {
      const { listActivations } = await import('../../operations/activations/list.js')
      const lines = await listActivations(await invocation.context())
      invocation.output.result(lines, () => listWords(lines, invocation.output.paint))
    },
  )
}

function listWords(lines: readonly ActivationLine[], paint: Paint): string {
  if (lines.length === 0) return 'no activations; write activations/<name>.yaml and run tributary apply'
  return table(
    ['activation', 'segment', 'to', 'mode', 'runs', 'now', 'last run', 'at'].map((title) => ({ title })),
    lines.map((line) => [
      line.id,
      line.segment,
      `${line.destination}/${line.object}`,
      line.mode,
      line.trigger,
      stateWords(line, paint),
      line.lastOutcome === null ? '—' : outcomeWord(line.lastOutcome, paint),
      line.lastAt === null ? '' : formatTime(line.lastAt),
    ]),
  )
}

function stateWords({ state, hold, waiting }: ActivationLine, paint: Paint): string {
  if (waiting) return `${outcomeWord(state, paint)} (${changesWords(waiting)})`
  return `${outcomeWord(state, paint)}${hold ? ` by ${hold.by}: ${shorten(hold.reason, 40)}` : ''}`
}

function addStatusCommand(group: Command): void {
  addCommand(
    group,
    {
      name: 'status <activation>',
      summary: 'where an activation stands: its plan, its run, its records',
      details: 'With --follow: its run in one line, redrawn, until it ends or Ctrl-C.',
      examples: ['activate status winback', 'activate status winback --follow'],
    },
    async (invocation, [activation], { follow }: { readonly follow?: boolean }) => {
      const { activationStatus } = await import('../../operations/activations/list.js')
      const context = await invocation.context()
      const look = () => activationStatus(context, activation!)
      const status = follow ? await untilIdle(invocation, look) : await look()
      invocation.output.result(status, () => statusLines(status, invocation.output.paint).join('\n'))
    },
  ).option('--follow', 'wait for the end of the run that goes on')
}

async function untilIdle(
  { output }: Invocation,
  look: () => Promise<ActivationStatus>,
): Promise<ActivationStatus> {
  const live = new LiveProgress(output)
  try {
    return await untilInterrupted('stopped following', async (signal) => {
      for (;;) {
        const status = await look()
        signal.throwIfAborted()
        if (status.running === null) return status
        if (status.running.progress) live.say(progressLine(status.running.progress))
        await sleep(FOLLOW_MS, undefined, { signal }).catch(() => signal.throwIfAborted())
      }
    })
  } finally {
    live.clear()
  }
}

function statusLines(status: ActivationStatus, paint: Paint): string[] {
  const {
    id,
    segment,
    destination,
    object,
    mode,
    trigger,
    nextAt,
    records,
    acknowledgedAt,
    running,
    hold,
    last,
  } = status
  const next = nextAt === null ? '' : `, next ${formatTime(nextAt)}`
  return [
    `${id}: ${segment} → ${destination}/${object} (${mode}), ${trigger}${next}`,
    `${formatCount(records)} ${records === 1 ? 'record' : 'records'} there${acknowledgedAt === null ? '' : `, last acknowledged ${formatTime(acknowledgedAt)}`}`,
    ...(hold ? [paint('yellow', `paused by ${hold.by}, ${formatTime(hold.at)}: ${hold.reason}`)] : []),
    ...(running ? runningLines(status, running, paint) : []),
    ...(last ? ['', 'last run:', ...reportLines(last, paint)] : running ? [] : ['it has not run yet']),
  ]
}

function runningLines(
  { id, waiting }: ActivationStatus,
  { startedAt, progress }: NonNullable<ActivationStatus['running']>,
  paint: Paint,
): string[] {
  const head = progress ? progressLine(progress) : `${id}: running; no worker can tell now where it stands`
  return [
    '',
    `${paint('cyan', head)}, since ${formatTime(startedAt)}`,
    ...(progress?.plan ? planLines(progress.plan, paint) : []),
    ...(waiting
      ? [paint('yellow', `decide with tributary activate approve ${id} or tributary activate refuse ${id}`)]
      : []),
  ]
}

function addHistoryCommand(group: Command): void {
  addCommand(
    group,
    {
      name: 'history [activation]',
      summary: 'runs that ended, the newest first',
      examples: ['activate history winback', 'activate history --limit 100 --json'],
    },
    async (invocation, [activation], { limit }: { readonly limit: number }) => {
      const { activationHistory } = await import('../../operations/activations/recorded.js')
      const reports = await activationHistory(await invocation.context(), {
        limit,
        ...(activation !== undefined && { activation }),
      })
      invocation.output.result(reports, () => historyTable(reports, invocation.output.paint))
    },
  ).option('--limit <n>', 'runs at most', wholeNumber('--limit'), 20)
}

function addRejectsCommand(group: Command): void {
  addCommand(
    group,
    {
      name: 'rejects <activation>',
      summary: 'who could not be sent, and why',
      details:
        'They are tried again with every run; those who were taken since are not listed. With --export: every one, one JSON\ndocument a line.',
      examples: ['activate rejects winback', 'activate rejects winback --export > rejects.jsonl'],
    },
    async (invocation, [activation], flags: { readonly limit: number; readonly export?: boolean }) => {
      const operations = await import('../../operations/activations/rejects.js')
      const context = await invocation.context()
      if (!flags.export) {
        const rows = await operations.activationRejects(context, activation!, flags.limit)
        invocation.output.result(rows, () => rejectsTable(rows))
        return
      }
      await untilInterrupted('stopped exporting', async (signal) => {
        for await (const reject of operations.exportActivationRejects(context, activation!, { signal })) {
          if (!process.stdout.write(`${JSON.stringify(reject)}\n`)) {
            await once(process.stdout, 'drain', { signal })
          }
        }
      })
    },
  )
    .option('--limit <n>', 'rows at most', wholeNumber('--limit'), 20)
    .option('--export', 'all of them, one JSON document a line')
}

type Rejects = Awaited<ReturnType<typeof activationRejects>>

function rejectsTable(rows: Rejects): string {
  if (rows.length === 0) return 'no rejects'
  return table(
    ['at', 'match', 'reason', 'code', 'when', 'run'].map((title) => ({ title })),
    rows.map(({ at, match, reason, code = '', when, run }) => [
      formatTime(at),
      shorten(recordWords(match), 50),
      shorten(reason, 100),
      code,
      when,
      run,
    ]),
  )
}

/** `pause`, `resume`, `cancel`, `skip-stream`, `parallelism`: what people say to a source's schedule and its runs. */
import type { Command } from 'commander'
import { wholeNumber } from '../arguments.js'
import { addCommand } from '../command.js'

export function addScheduleCommands(program: Command): void {
  addCommand(
    program,
    {
      name: 'pause <source>',
      summary: 'stop syncing a source by schedule',
      details: 'A run that is going on goes on; tributary cancel ends it.',
      examples: ['pause shop --reason "the database moves"'],
    },
    async (invocation, [source], options: { readonly reason?: string }) => {
      const { pause } = await import('../../operations/schedules.js')
      const result = await pause(await invocation.context(), source!, options.reason ?? 'paused by hand')
      invocation.output.result(result, () =>
        result.changed ? `${source} is paused` : `${source} was paused already`,
      )
    },
  ).option('--reason <text>', 'why, for everybody to see')

  addCommand(
    program,
    { name: 'resume <source>', summary: 'end the pause of a source', examples: ['resume shop'] },
    async (invocation, [source]) => {
      const { resume } = await import('../../operations/schedules.js')
      const result = await resume(await invocation.context(), source!)
      invocation.output.result(result, () =>
        result.changed ? `${source} is synced again` : `${source} was not paused`,
      )
    },
  )

  addCommand(
    program,
    {
      name: 'cancel <source>',
      summary: 'end what runs for a source: syncs, backfills, resets',
      details: 'What was loaded up to the last checkpoint stays.',
      examples: ['cancel shop'],
    },
    async (invocation, [source]) => {
      const { cancel } = await import('../../operations/cancel.js')
      const result = await cancel(await invocation.context(), source!)
      invocation.output.result(result, () =>
        result.cancelled.length === 0
          ? 'nothing was running'
          : result.cancelled.map(({ workflowId }) => `ending ${workflowId}`).join('\n'),
      )
    },
  )

  addCommand(
    program,
    {
      name: 'skip-stream <source>',
      summary: 'end one stream of the running sync; the others go on',
      details: 'The stream ends at its next checkpoint; the next sync reads on from there.',
      examples: ['skip-stream shop --stream public.orders'],
    },
    async (invocation, [source], options: { readonly stream: string }) => {
      const { skipStream } = await import('../../operations/steer.js')
      const result = await skipStream(await invocation.context(), source!, options.stream)
      invocation.output.result(result, () => `${source}: ${options.stream} ends at its next checkpoint`)
    },
  ).requiredOption('--stream <name>', 'the stream')

  addCommand(
    program,
    {
      name: 'parallelism <source>',
      summary: 'read more or fewer streams of the running sync at once',
      details: 'For this run only; `parallelism` of the source file holds for the next.',
      examples: ['parallelism shop --streams 8'],
    },
    async (invocation, [source], options: { readonly streams: number }) => {
      const { setParallelism } = await import('../../operations/steer.js')
      const result = await setParallelism(await invocation.context(), source!, options.streams)
      invocation.output.result(result, () => `${source}: ${result.parallelism} streams at once`)
    },
  ).requiredOption('--streams <n>', 'from 1 to 64', wholeNumber('--streams'))
}

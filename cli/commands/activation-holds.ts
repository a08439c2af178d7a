/** `activate pause|resume|cancel`: whether an activation may send, and the end of a run that goes on. */
import type { Command } from 'commander'
import { addCommand } from '../command.js'
import { authorOf } from '../people.js'

export function addActivationHoldCommands(group: Command): void {
  addCommand(
    group,
    {
      name: 'pause <activation>',
      summary: 'keep an activation from running by itself until somebody resumes it',
      details:
        'Neither its schedule nor a refresh starts a run then; tributary activate apply does. A run that is going on goes on.',
      examples: ['activate pause winback --reason "the mailing is being rewritten"'],
    },
    async (invocation, [activation], options: { readonly reason?: string; readonly author?: string }) => {
      const { pauseActivation } = await import('../../operations/activations/hold.js')
      const result = await pauseActivation(await invocation.context(), activation!, {
        by: authorOf(options),
        reason: options.reason ?? 'paused by hand',
      })
      invocation.output.result(result, () =>
        result.changed ? `${activation} is paused` : `${activation} was paused already`,
      )
    },
  )
    .option('--reason <text>', 'why, for everybody to see')
    .option('--author <name>', 'who says so, for the record')

  addCommand(
    group,
    {
      name: 'resume <activation>',
      summary: 'end the pause of an activation',
      details: 'What changed meanwhile is sent with its next run.',
      examples: ['activate resume winback'],
    },
    async (invocation, [activation], options: { readonly author?: string }) => {
      const { resumeActivation } = await import('../../operations/activations/hold.js')
      const by = authorOf(options)
      const result = await resumeActivation(await invocation.context(), activation!, { by })
      invocation.output.result(result, () =>
        result.changed ? `${activation} runs by itself again` : `${activation} was not paused`,
      )
    },
  ).option('--author <name>', 'who says so, for the record')

  addCommand(
    group,
    {
      name: 'cancel <activation>',
      summary: 'end the run of an activation that goes on',
      details:
        'The batch that is being sent ends; what was acknowledged stays, and the next run goes on from there.',
      examples: ['activate cancel winback'],
    },
    async (invocation, [activation]) => {
      const { cancelActivation } = await import('../../operations/activations/running.js')
      const result = await cancelActivation(await invocation.context(), activation!)
      invocation.output.result(result, () =>
        result.cancelled.length === 0
          ? 'nothing was running'
          : result.cancelled.map(({ workflowId }) => `ending ${workflowId}`).join('\n'),
      )
    },
  )
}

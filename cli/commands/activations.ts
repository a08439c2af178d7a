/** `activate`: segments sent to destinations; the group, and the commands that start runs: plan, apply, undo. */
import type { Command } from 'commander'
import type { FollowActivationOptions } from '../../operations/activations/follow.js'
import type { ActivationPlan } from '../../operations/activations/plan.js'
import type { StartedActivation } from '../../operations/activations/start.js'
import { planLines, progressLine, reportLines, sampleTable } from '../activation-words.js'
import { wholeNumber } from '../arguments.js'
import { addCommand, type Invocation } from '../command.js'
import { ExitCode } from '../errors.js'
import { untilInterrupted } from '../interrupt.js'
import { authorOf } from '../people.js'
import { LiveProgress } from '../progress.js'
import { addActivationDecisionCommands } from './activation-decisions.js'
import { addActivationHoldCommands } from './activation-holds.js'
import { addActivationListCommands } from './activation-lists.js'

interface AuthorOption {
  readonly author?: string
}

export function addActivationCommands(program: Command): void {
  const group = program.command('activate').summary('send segments to the tools that people work with')
  addPlanCommand(group)
  addApplyCommand(group)
  addActivationDecisionCommands(group)
  addUndoCommand(group)
  addActivationListCommands(group)
  addActivationHoldCommands(group)
}

function addPlanCommand(group: Command): void {
  addCommand(
    group,
    {
      name: 'plan <activation>',
      summary: 'show what a run would send, and send nothing',
      details:
        'The sample shows records as they would leave: hashed where the destination wants it. Exits with 1 where no run could\nsend this plan.',
      examples: ['activate plan winback', 'activate plan winback --sample 20 --json'],
    },
    async (invocation, [activation], options: AuthorOption & { readonly sample: number }) => {
      const { planActivation } = await import('../../operations/activations/plan.js')
      const context = await invocation.context()
      const plan = await following(invocation, activation!, (follow) =>
        planActivation(context, activation!, {
          author: authorOf(options),
          sample: options.sample,
          ...follow,
        }),
      )
      return sayPlan(invocation, plan)
    },
  )
    .option('--sample <n>', 'records to show of each kind of change', wholeNumber('--sample'), 5)
    .option('--author <name>', 'who asks, for the record')
}

function addApplyCommand(group: Command): void {
  addCommand(
    group,
    {
      name: 'apply <activation>',
      summary: 'send what a segment has changed by since the last run',
      details:
        'Beyond a guard the run waits for an approval and sends nothing before. With --wait it exits with 1 unless everything\nwas acknowledged; Ctrl-C ends the wait, not the run.',
      examples: ['activate apply winback --wait', 'activate apply winback --wait --json'],
    },
    async (invocation, [activation], options: AuthorOption & { readonly wait?: boolean }) => {
      const { applyActivation } = await import('../../operations/activations/apply.js')
      const context = await invocation.context()
      const started = await applyActivation(context, activation!, { author: authorOf(options) })
      if (options.wait) return followRun(invocation, started)
      sayStarted(invocation, started)
      return ExitCode.ok
    },
  )
    .option('--wait', 'follow the run, and print its report')
    .option('--author <name>', 'who asks, for the record')
}

function addUndoCommand(group: Command): void {
  addCommand(
    group,
    {
      name: 'undo <run>',
      summary: 'take back what a run did, as a run of its own',
      details:
        'Records that changed since are left as they are. Afterwards the activation is paused: its next run would send the same\nagain. A destination that cannot take back says so.',
      examples: ['activate undo 0190a5c2-77a1 --dry-run', 'activate undo 0190a5c2-77a1 --wait'],
    },
    async (
      invocation,
      [run],
      options: AuthorOption & { readonly dryRun?: boolean; readonly wait?: boolean },
    ) => {
      const [{ undoRun }, { withSample }, { followActivation }] = await Promise.all([
        import('../../operations/activations/undo.js'),
        import('../../operations/activations/plan.js'),
        import('../../operations/activations/follow.js'),
      ])
      const context = await invocation.context()
      const planOnly = options.dryRun === true
      const started = await undoRun(context, run!, { author: authorOf(options), planOnly })
      if (planOnly) {
        const plan = await following(invocation, started.activation, async (follow) =>
          withSample(context, await followActivation(context, started, follow)),
        )
        return sayPlan(invocation, plan)
      }
      if (options.wait) return followRun(invocation, started)
      sayStarted(invocation, started)
      return ExitCode.ok
    },
  )
    .option('--dry-run', 'show what would be sent, and send nothing')
    .option('--wait', 'follow the run, and print its report')
    .option('--author <name>', 'who asks, for the record')
}

function sayStarted({ output }: Invocation, started: StartedActivation): void {
  output.result(started, () => `started ${started.workflowId}`)
}

function sayPlan({ output }: Invocation, report: ActivationPlan): number {
  const { plan, sample } = report
  output.result(report, () =>
    [
      ...(report.outcome === 'planned' ? [] : reportLines(report, output.paint)),
      ...(plan ? planLines(plan, output.paint) : []),
      ...(sample.length > 0 ? ['', sampleTable(sample)] : []),
    ].join('\n'),
  )
  return plan && isSendable(plan) ? ExitCode.ok : ExitCode.failed
}

/** Whether a run could send it, be it after an approval. */
function isSendable({ guards, onBreach }: NonNullable<ActivationPlan['plan']>): boolean {
  return !guards.some(({ breached, final }) => breached && (final || onBreach === 'stop'))
}

async function followRun(invocation: Invocation, started: StartedActivation): Promise<number> {
  const { output } = invocation
  const { followActivation } = await import('../../operations/activations/follow.js')
  const context = await invocation.context()
  const report = await following(invocation, started.activation, (follow) =>
    followActivation(context, started, follow),
  )
  output.result(report, () => reportLines(report, output.paint).join('\n'))
  return report.outcome === 'succeeded' ? ExitCode.ok : ExitCode.failed
}

/** Waits for a run with a line of progress; says once that it waits for somebody. */
async function following<Result>(
  { output }: Invocation,
  activation: string,
  work: (follow: FollowActivationOptions) => Promise<Result>,
): Promise<Result> {
  const live = new LiveProgress(output)
  let isApprovalTold = false
  const words = `stopped waiting: the run of ${activation} goes on; see tributary activate status ${activation}, end it with tributary activate cancel ${activation}`
  try {
    return await untilInterrupted(words, (signal) =>
      work({
        signal,
        onProgress: (progress) => {
          const waits = progress.phase === 'waiting for approval'
          if (waits && !isApprovalTold) {
            isApprovalTold = true
            live.clear()
            for (const line of progress.plan ? planLines(progress.plan, output.paintNote) : [])
              output.note(line)
            output.note(
              `${activation} waits for an approval: tributary activate approve ${activation}, or tributary activate refuse ${activation}`,
            )
          }
          live.say(progressLine(progress))
        },
        onNobody: () =>
          output.note(
            `${activation}: no worker takes work now; start one with tributary up or tributary worker, the run then goes on`,
          ),
      }),
    )
  } finally {
    live.clear()
  }
}

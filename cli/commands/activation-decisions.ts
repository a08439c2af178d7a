/** `activate approve|refuse`: what somebody says of a plan that waits, after having seen it. */
import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import type { WaitingPlan } from '../../operations/activations/decide.js'
import { planLines } from '../activation-words.js'
import { addCommand, type Invocation } from '../command.js'
import { ExitCode, Interrupted, UsageError } from '../errors.js'
import { formatTime } from '../format.js'
import { authorOf } from '../people.js'

interface DecisionOptions {
  readonly hash?: string
  readonly author?: string
  readonly note?: string
  readonly yes?: boolean
}

export function addActivationDecisionCommands(group: Command): void {
  const approve = addCommand(
    group,
    {
      name: 'approve <activation>',
      summary: 'let the plan that waits be sent',
      details:
        'Shows the plan first, and on a terminal asks. What is approved is the plan that was shown: another one is refused.',
      examples: ['activate approve winback', 'activate approve winback --hash 3f2a91c --note "summer sale"'],
    },
    (invocation, [activation], options: DecisionOptions) => say(invocation, activation!, true, options),
  )
  const refuse = addCommand(
    group,
    {
      name: 'refuse <activation>',
      summary: 'end the run whose plan waits; nothing of it is sent',
      details: 'Shows the plan first, and on a terminal asks.',
      examples: ['activate refuse winback --note "the segment is wrong"'],
    },
    (invocation, [activation], options: DecisionOptions) => say(invocation, activation!, false, options),
  )
  for (const command of [approve, refuse]) {
    command
      .option('--hash <hash>', 'only this plan; 7 digits may do')
      .option('--note <text>', 'why, for the record')
      .option('--author <name>', 'who says so, for the record')
      .option('--yes', 'do not ask')
  }
}

async function say(
  invocation: Invocation,
  activation: string,
  approved: boolean,
  { hash, note, yes, ...author }: DecisionOptions,
): Promise<number> {
  const { output } = invocation
  const { decide, waitingPlan } = await import('../../operations/activations/decide.js')
  const context = await invocation.context()
  const waiting = await waitingPlan(context, activation, hash)
  show(invocation, waiting)
  const asks =
    !output.json && hash === undefined && yes !== true && output.isLive && process.stdin.isTTY === true
  if (asks && !(await isSure(`${approved ? 'approve' : 'refuse'} this plan of ${activation}? (y/N) `))) {
    output.note('nothing was said; the plan goes on waiting')
    return ExitCode.failed
  }
  if (approved && !asks && hash === undefined && yes !== true) {
    throw new UsageError(
      `approving ${activation}: there is nobody to ask; name the plan that was looked at with --hash ${waiting.plan.hash.slice(0, 12)}, or say --yes`,
    )
  }
  const decision = await decide(context, waiting, {
    hash: waiting.plan.hash,
    approved,
    by: authorOf(author),
    ...(note !== undefined && { note }),
  })
  output.result(decision, () =>
    approved
      ? `approved: ${decision.workflowId} sends it; follow it with tributary activate status ${activation} --follow`
      : 'refused: nothing of it is sent',
  )
  return ExitCode.ok
}

function show({ output }: Invocation, { plan, until }: WaitingPlan): void {
  for (const line of planLines(plan, output.paintNote)) output.note(line)
  if (until !== undefined) output.note(`it waits until ${formatTime(until)}`)
}

/** @throws Interrupted on Ctrl-C, and where there is no answer to come */
async function isSure(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const abort = new AbortController()
  const stop = () => abort.abort(new Interrupted('nothing was said; the plan goes on waiting'))
  terminal.once('SIGINT', stop).once('close', stop)
  try {
    const answer = await terminal.question(question, { signal: abort.signal })
    return /^y(es)?$/i.test(answer.trim())
  } catch (error) {
    abort.signal.throwIfAborted()
    throw error
  } finally {
    terminal.close()
  }
}

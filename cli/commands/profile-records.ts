/** `profile merge|split|undo`: what people say about who is who. */
import type { Command } from 'commander'
import type { RecordResult } from '../../operations/people/profiles.js'
import { addCommand, type Invocation } from '../command.js'
import { untilInterrupted } from '../interrupt.js'
import {
  type RecordFlags,
  recordOptions,
  refreshSentence,
  simulationWords,
  withRecordOptions,
} from '../people.js'

const NOTE = ['--note <text>', 'why, for the record'] as const

export function addProfileRecordCommands(group: Command): void {
  withRecordOptions(
    addCommand(
      group,
      {
        name: 'merge <type> <value> <other-type> <other-value>',
        summary: 'say that two identifiers are one person’s',
        details:
          'It comes before all rows, and no limit keeps the two apart; what else each is linked with stays under the limits\nof identity.yaml. It can be taken back with profile undo.',
        examples: ['profile merge email ada@example.com email ada@work.example --note "told us by phone"'],
      },
      async (invocation, [type, value, otherType, otherValue], options: RecordFlags) => {
        const { mergeProfiles } = await import('../../operations/people/profiles.js')
        const context = await invocation.context()
        const a = { type: type!, value: value! }
        const b = { type: otherType!, value: otherValue! }
        say(invocation, 'merged', await mergeProfiles(context, a, b, recordOptions(options)))
      },
    ).option(...NOTE),
  )

  withRecordOptions(
    addCommand(
      group,
      {
        name: 'split <type> <value>',
        summary: 'cut an identifier off: it becomes a person of its own',
        details:
          'It can be taken back with profile undo. With --dry-run it says what would become of people and segments.',
        examples: ['profile split email info@example.com --dry-run'],
      },
      async (invocation, [type, value], options: RecordFlags & { readonly dryRun?: boolean }) => {
        const { simulateSplit, splitProfile } = await import('../../operations/people/profiles.js')
        const context = await invocation.context()
        const identifier = { type: type!, value: value! }
        if (options.dryRun) {
          const simulated = await untilInterrupted('stopped simulating', (signal) =>
            simulateSplit(context, identifier, signal),
          )
          invocation.output.result(simulated, () => simulationWords(simulated))
          return
        }
        say(invocation, 'split', await splitProfile(context, identifier, recordOptions(options)))
      },
    )
      .option(...NOTE)
      .option('--dry-run', 'only say what it would do'),
  )

  withRecordOptions(
    addCommand(
      group,
      {
        name: 'undo <record>',
        summary: 'take back a merge or a split',
        details: 'Records have ids: see profile records.',
        examples: ['profile undo 0b6f1c1e-58a4-4d0e-9f0e-1f5d2c1a7b9d'],
      },
      async (invocation, [record], options: RecordFlags) => {
        const { undoIdentityRecord } = await import('../../operations/people/profiles.js')
        const context = await invocation.context()
        say(invocation, 'undone', await undoIdentityRecord(context, record!, recordOptions(options)))
      },
    ).option(...NOTE),
  )
}

function say({ output }: Invocation, done: string, result: RecordResult): void {
  output.result(result, () => `${done}: record ${result.record}; ${refreshSentence(result.refresh)}`)
}

/** `profile show|records|explain|simulate`: one person, and who is who by which evidence. */
import type { Command } from 'commander'
import type { LinkExplanation, showPerson } from '../../operations/people/profiles.js'
import type { ShownRecord } from '../../operations/people/records.js'
import { wholeNumber } from '../arguments.js'
import { addCommand } from '../command.js'
import { formatTime, shorten, table } from '../format.js'
import { untilInterrupted } from '../interrupt.js'
import { sayingProblems, simulationWords, valueWords } from '../people.js'
import { addProfileRecordCommands } from './profile-records.js'

export function addProfileCommands(program: Command): void {
  const group = program.command('profile').summary('look at a person, and say who is who')

  addCommand(
    group,
    {
      name: 'show <type-or-id> [value]',
      summary: 'all that is known of a person',
      details:
        'By an identifier in any spelling, or by the id of a profile: ids that people once had stay good.',
      examples: ['profile show email ada@example.com', 'profile show p1042 --json'],
    },
    async (invocation, [typeOrId, value]) => {
      const { showPerson } = await import('../../operations/people/profiles.js')
      const person = value === undefined ? { id: typeOrId! } : { type: typeOrId!, value }
      const shown = await showPerson(await invocation.context(), person)
      invocation.output.result(shown, () => profileWords(shown))
    },
  )

  addProfileRecordCommands(group)

  addCommand(
    group,
    {
      name: 'records',
      summary: 'what people said about who is who, the newest first',
      examples: ['profile records', 'profile records --limit 100000 --json'],
    },
    async (invocation, _args, { limit }: { readonly limit: number }) => {
      const { listRecords } = await import('../../operations/people/records.js')
      const records = await listRecords(await invocation.context(), limit)
      invocation.output.result(records, () => recordsTable(records))
    },
  ).option('--limit <n>', 'records at most', wholeNumber('--limit'), 1000)

  addCommand(
    group,
    {
      name: 'explain <type> <value> <other-type> <other-value>',
      summary: 'why two identifiers are one person’s, or are not',
      details: 'The shortest chain of rows and records that link them, by the published rules.',
      examples: ['profile explain email ada@example.com phone +33612345678'],
    },
    async (invocation, [type, value, otherType, otherValue]) => {
      const { explainProfiles } = await import('../../operations/people/profiles.js')
      const [a, b] = [
        { type: type!, value: value! },
        { type: otherType!, value: otherValue! },
      ]
      const explained = await explainProfiles(await invocation.context(), a, b)
      invocation.output.result(explained, () => explanationWords(explained))
    },
  )

  addCommand(
    group,
    {
      name: 'simulate',
      summary: 'what the identity.yaml of this folder would do to people',
      details:
        'Runs the rules over all that is known, and says who would come into segments and leave them. Nothing is published.\nWhat would link a value that is blocked now, or that normalize would write otherwise, is known\nonly after the refresh that maps its rows anew.',
      examples: ['profile simulate'],
    },
    async (invocation) => {
      const { simulateDraft } = await import('../../operations/people/profiles.js')
      const context = await invocation.context()
      const simulated = await sayingProblems(invocation, () =>
        untilInterrupted('stopped simulating', (signal) => simulateDraft(context, signal)),
      )
      invocation.output.result(simulated, () => simulationWords(simulated))
    },
  )
}

function profileWords(shown: Awaited<ReturnType<typeof showPerson>>): string {
  const part = (title: string, text: string) => (text === '' ? [] : ['', title, text])
  const columns = (...titles: string[]) => titles.map((title) => ({ title }))
  const { identifiers, traits, segments, events } = shown
  return [
    shown.redirectedFrom === undefined ? shown.profile : `${shown.profile}, once ${shown.redirectedFrom}`,
    table(
      columns('identifier', 'value'),
      Object.entries(identifiers).flatMap(([type, values]) => values.map((value) => [type, value])),
    ),
    ...(Object.keys(traits).length === 0
      ? []
      : [
          '',
          table(
            columns('trait', 'value', 'source', 'at'),
            Object.entries(traits).map(([name, { value, source, at }]) => [
              name,
              shorten(valueWords(value), 60),
              source,
              at === null ? '' : formatTime(at),
            ]),
          ),
        ]),
    ...part('segments', segments.join(', ')),
    ...(events.length === 0
      ? []
      : [
          '',
          table(
            columns('at', 'event', 'source', 'properties'),
            events.map(({ at, event, source, properties }) => [
              formatTime(at),
              event,
              source,
              shorten(JSON.stringify(properties)),
            ]),
          ),
        ]),
  ].join('\n')
}

function recordsTable(records: readonly ShownRecord[]): string {
  if (records.length === 0) return 'nobody merged or split anything yet'
  return table(
    ['record', 'at', 'author', 'what', 'note'].map((title) => ({ title })),
    records.map(({ id, kind, identifiers, undoes, undone, author, note, at }) => [
      id,
      formatTime(at),
      author,
      `${undoes === undefined ? kind : `undoes ${undoes}`}${undone ? ' (undone)' : ''} ${shorten(identifiers.map(({ type, value }) => `${type} ${value}`).join(' · '))}`.trim(),
      note,
    ]),
  )
}

function explanationWords({ same, path, skipped }: LinkExplanation): string {
  const name = ({ type, value }: { readonly type: string; readonly value: string }) => `${type} ${value}`
  return [
    same ? 'one person' : 'two people',
    ...(path ?? []).map(({ a, b, evidence }) =>
      evidence.kind === 'merge'
        ? `${name(a)} – ${name(b)}: ${evidence.author} said so at ${formatTime(evidence.time)} ${evidence.note}`.trimEnd()
        : `${name(a)} – ${name(b)}: a row of ${evidence.source} (mapping ${evidence.mapping}) at ${formatTime(evidence.time)}`,
    ),
    ...skipped.map(({ a, b, type }) =>
      type === undefined
        ? `${name(a)} and ${name(b)} are kept apart by a record`
        : `${name(a)} – ${name(b)} does not count: one person would have too many of ${type}`,
    ),
  ].join('\n')
}

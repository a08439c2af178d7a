/** `segment` and `trait`: who is in which segment, why, since when; what depends on what. */
import { once } from 'node:events'
import type { Command } from 'commander'
import type { SegmentPreviewResult } from '../../operations/people/preview.js'
import type { listSegments } from '../../operations/people/segments.js'
import { wholeNumber } from '../arguments.js'
import { addCommand, type Invocation } from '../command.js'
import { ExitCode } from '../errors.js'
import { formatCount, formatSeconds, formatTime, shorten, table } from '../format.js'
import { untilInterrupted } from '../interrupt.js'
import { identifierWords, sayDependents, sayingProblems, valueWords } from '../people.js'
import { addSegmentHistoryCommand } from './segment-history.js'

const right = (title: string) => ({ title, align: 'right' as const })

export function addSegmentCommands(program: Command): void {
  const group = program.command('segment').summary('see who is in a segment, why, and since when')
  addListCommand(group)
  addPreviewCommand(group)
  addExplainCommand(group)
  addSegmentHistoryCommand(group)
  addExportCommand(group)
  addOverlapCommand(group)
  addDependentsCommand(group)
  addAuditCommand(group)
}

function addListCommand(group: Command): void {
  addCommand(
    group,
    { name: 'list', summary: 'all segments, with their sizes', examples: ['segment list'] },
    async (invocation) => {
      const operations = await import('../../operations/people/segments.js')
      const segments = await operations.listSegments(await invocation.context())
      invocation.output.result(segments, () => listWords(segments, invocation))
    },
  )
}

type Segments = Awaited<ReturnType<typeof listSegments>>

function listWords(segments: Segments, { output: { paint } }: Invocation): string {
  if (segments.length === 0) return 'no segments; write segments/<name>.yaml and run tributary apply'
  return table(
    [{ title: 'segment' }, right('size'), { title: 'of' }, { title: 'definition' }],
    segments.map(({ id, size, evaluatedAt, error, sentence }) => [
      id,
      size === null ? '—' : formatCount(size),
      evaluatedAt === null ? 'not evaluated yet' : formatTime(evaluatedAt),
      error === undefined
        ? shorten(sentence, 100)
        : paint('red', `keeps its last members: ${shorten(error, 100)}`),
    ]),
  )
}

function addPreviewCommand(group: Command): void {
  addCommand(
    group,
    {
      name: 'preview <name-or-file>',
      summary: 'how many people a definition has, before it is applied',
      details:
        'Reads the draft in the workspace’s folder and asks what is known now, for 10 s at most. Ctrl-C ends the\nquery on the server, too.',
      examples: ['segment preview vip', 'segment preview ./drafts/vip.yaml --sample 3 --json'],
    },
    async (invocation, [nameOrFile], { sample }: { readonly sample: number }) => {
      const { previewSegmentDraft } = await import('../../operations/people/preview.js')
      const context = await invocation.context()
      const preview = await sayingProblems(invocation, () =>
        untilInterrupted('stopped previewing', (signal) =>
          previewSegmentDraft(context, nameOrFile!, { sample, signal }),
        ),
      )
      invocation.output.result(preview, () => previewWords(preview))
    },
  ).option('--sample <n>', 'people to show', wholeNumber('--sample'), 10)
}

function previewWords({ size, seconds, sentence, sample }: SegmentPreviewResult): string {
  return [
    `${sentence} ${formatCount(size)} now (${formatSeconds(seconds)}).`,
    ...(sample.length === 0
      ? []
      : [
          '',
          table(
            ['profile', 'identifiers', 'traits'].map((title) => ({ title })),
            sample.map(({ profile, identifiers, traits }) => [
              profile,
              shorten(identifierWords(identifiers), 60),
              shorten(
                Object.entries(traits)
                  .map(([name, value]) => `${name} ${valueWords(value)}`)
                  .join(', '),
              ),
            ]),
          ),
        ]),
  ].join('\n')
}

interface Tree {
  readonly condition: string
  readonly truth: boolean
  readonly evidence: readonly unknown[]
  readonly children?: readonly Tree[]
}

function addExplainCommand(group: Command): void {
  addCommand(
    group,
    {
      name: 'explain <name> <type> <value>',
      summary: 'why somebody is in a segment, or is not',
      details: 'By what is known of the person now; the newest refresh may have been before.',
      examples: ['segment explain vip email ada@example.com'],
    },
    async (invocation, [name, type, value]) => {
      const { explainSegment } = await import('../../operations/people/segments.js')
      const explained = await explainSegment(await invocation.context(), name!, {
        type: type!,
        value: value!,
      })
      invocation.output.result(explained, () =>
        [
          `${type} ${value} is ${explained.member ? '' : 'not '}in ${name}:`,
          ...treeLines(explained.tree, 0),
        ].join('\n'),
      )
    },
  )
}

function treeLines({ condition, truth, evidence, children = [] }: Tree, depth: number): string[] {
  const blanks = '  '.repeat(depth)
  return [
    `${blanks}${truth ? '✓' : '✗'} ${condition}`,
    ...evidence.map((fact) => `${blanks}    ${shorten(JSON.stringify(fact), 100)}`),
    ...children.flatMap((child) => treeLines(child, depth + 1)),
  ]
}

function addExportCommand(group: Command): void {
  addCommand(
    group,
    {
      name: 'export <name>',
      summary: 'every member, one JSON document a line',
      details:
        'Identifiers and traits are those of now. With --at it is who was in then, under the ids of then.',
      examples: ['segment export vip > vip.jsonl', 'segment export vip --at 2026-01-31T06:00:00Z'],
    },
    async (invocation, [name], { at }: { readonly at?: string }) => {
      const { exportSegment } = await import('../../operations/people/history.js')
      const context = await invocation.context()
      await untilInterrupted('stopped exporting', async (signal) => {
        for await (const member of exportSegment(context, name!, { ...(at && { at }), signal })) {
          if (!process.stdout.write(`${JSON.stringify(member)}\n`)) {
            await once(process.stdout, 'drain', { signal })
          }
        }
      })
    },
  ).option('--at <time>', 'who was in at this moment')
}

function addOverlapCommand(group: Command): void {
  addCommand(
    group,
    {
      name: 'overlap <a> <b>',
      summary: 'how many people two segments share',
      examples: ['segment overlap vip reachable'],
    },
    async (invocation, [a, b]) => {
      const { segmentOverlap } = await import('../../operations/people/segments.js')
      const overlap = await segmentOverlap(await invocation.context(), a!, b!)
      const { both, onlyA, onlyB, either } = overlap
      invocation.output.result(overlap, () =>
        table(
          [{ title: '' }, right('people')],
          [
            [`in both`, formatCount(both)],
            [`only in ${a}`, formatCount(onlyA)],
            [`only in ${b}`, formatCount(onlyB)],
            [`in either`, formatCount(either)],
          ],
        ),
      )
    },
  )
}

function addDependentsCommand(group: Command): void {
  addCommand(
    group,
    {
      name: 'dependents <name>',
      summary: 'which segments depend on this one',
      examples: ['segment dependents vip'],
    },
    async (invocation, [name]) => {
      const { segmentDependents } = await import('../../operations/people/segments.js')
      sayDependents(invocation, name!, await segmentDependents(await invocation.context(), name!))
    },
  )
}

function addAuditCommand(group: Command): void {
  addCommand(
    group,
    {
      name: 'audit',
      summary: 'compare all members with a full evaluation',
      details:
        'Refreshes look at what changed only; this proves that nobody was missed. Exits with 1 where a member differs.',
      examples: ['segment audit', 'segment audit --json'],
    },
    async (invocation) => {
      const { auditMembership } = await import('../../operations/people/segments.js')
      const context = await invocation.context()
      const audit = await untilInterrupted('stopped auditing', (signal) =>
        auditMembership(context, { signal }),
      )
      const named = audit.segments.filter(({ segment }) => !segment.startsWith('_'))
      invocation.output.result(audit, () =>
        [
          `${audit.drift === 0 ? 'no drift' : `${formatCount(audit.drift)} members differ (put right by tributary refresh --full)`} in ${formatCount(named.length)} segments${audit.at ? ` as of ${formatTime(audit.at.toISOString())}` : ''}, ${formatCount(audit.excluded)} people with news since left out`,
          ...audit.segments
            .filter(({ missing, extra }) => missing + extra > 0)
            .map(({ segment, missing, extra }) => `${segment}: ${missing} missing, ${extra} too many`),
          ...audit.skipped.map(({ segment, reason }) => `${segment} was not compared: ${reason}`),
        ].join('\n'),
      )
      return audit.drift === 0 ? ExitCode.ok : ExitCode.failed
    },
  )
}

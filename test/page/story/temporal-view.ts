/** What Temporal shows to an operator of a workflow: the list's columns, the run's page and its timeline. */
import { defaultPayloadConverter } from '@temporalio/common'
import type { TestStack } from '../../support/stack.js'

export interface TemporalView {
  /** Search attributes, by which the list is narrowed; without Temporal's own. */
  readonly attributes: Readonly<Record<string, unknown>>
  /** Beside the id in the list. */
  readonly summary: string | undefined
  /** The markdown on the run's page, by line; times, rates and cursors stand as `n`. */
  readonly details: readonly string[]
  /** The timeline: what each activity, timer and child is about. */
  readonly timeline: readonly string[]
  /** How often the activity that was tried most was begun. */
  readonly attempts: number
}

/** @param runId @default the newest run */
export async function temporalView(
  { context }: TestStack,
  workflowId: string,
  runId?: string,
): Promise<TemporalView> {
  const handle = (await context.temporal()).workflow.getHandle(workflowId, runId)
  const [description, metadata, history] = await Promise.all([
    handle.describe(),
    handle.query<{ readonly currentDetails?: string }>('__temporal_workflow_metadata'),
    handle.fetchHistory(),
  ])
  const [, ...events] = history.events ?? []
  return {
    attributes: Object.fromEntries(
      Object.entries(description.searchAttributes)
        .filter(([name]) => !/^(Temporal|BuildIds)/.test(name))
        .map(([name, values]) => [name, values?.[0]]),
    ),
    summary: (await description.staticSummary())?.replace(RUN_ID, 'n'),
    details: (metadata.currentDetails ?? '').split('\n').filter(Boolean).map(withoutTimes),
    timeline: events.flatMap(({ userMetadata }) => {
      const summary = userMetadata?.summary
      return summary ? [defaultPayloadConverter.fromPayload<string>(summary)] : []
    }),
    attempts: Math.max(...events.map((event) => event.activityTaskStartedEventAttributes?.attempt ?? 0)),
  }
}

const RUN_ID = /[0-9a-f]{8}-[0-9a-f-]{27}/

function withoutTimes(line: string): string {
  return line
    .replace(/revision `[0-9a-f]+`/, 'revision n')
    .replace(/ in [\d.]+ s$/, ' in n s')
    .replace(/[\d,]+ rows\/s/, 'n rows/s')
    .replace(/[\d.]+ [kM]?B/, 'n bytes')
    .replace(/\d+\.\d (?=\|)/, 'n ')
    .replace(/`\d{4}-\d\d-\d\d [\d:.]+\+00`/, 'n')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, 'n')
}

/** Writes the history of a workflow as test/replay.test.ts reads it: one event a line, without what says where it happened. */
import { writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import proto from '@temporalio/proto'
import type { TestStack } from './stack.js'

/** @param runId @default the newest run */
export async function saveHistory(
  folder: string,
  { context }: TestStack,
  name: string,
  workflowId: string,
  runId?: string,
): Promise<void> {
  const client = await context.temporal()
  const history = await client.workflow.getHandle(workflowId, runId).fetchHistory()
  const { events } = proto.temporal.api.history.v1.History.fromObject(history).toJSON()
  const lines = (events as unknown[]).map((event) => anonymous(JSON.stringify(event)))
  await writeFile(join(folder, `${name}.json`), `{"events":[\n${lines.join(',\n')}\n]}\n`)
}

function anonymous(text: string): string {
  return text
    .replaceAll(`@${hostname()}`, '@host')
    .replaceAll(/"stackTrace":"(?:[^"\\]|\\.)*"/g, '"stackTrace":""')
    .replaceAll(/"identity":"[^"]*"/g, '"identity":"host"')
}

/**
 * Brings the Temporal Schedules of a workspace in line with a revision. Idempotent, and safe to repeat at any point: a
 * schedule's pause and its note for people are never touched, and a listing, which lags behind, never decides alone.
 */
import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleDescription,
  ScheduleNotFoundError,
  type ScheduleSummary,
} from '@temporalio/client'
import { definitionOf, formatNote, parseNote } from '../runtime/schedules.js'
import type { ScheduleCounts } from '../workflows/workspace-contract.js'
import type { ScheduleDefinition } from './schedule-definition.js'

const SCHEDULE_PREFIXES = ['sync/', 'refresh/', 'activate/', 'retention/']
const CONCURRENCY = 20

export interface ReconcileInput {
  readonly workspace: string
  readonly desired: readonly ScheduleDefinition[]
  /** Ids of schedules that changed a moment ago: a listing may still show their past. */
  readonly recent: ReadonlySet<string>
}

export interface ReconcileOptions {
  readonly signal?: AbortSignal
  /** Called after each schedule that was looked at or changed. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

type Effect = keyof ScheduleCounts

/**
 * Creates, updates and removes. Goes on after a failure, so that one bad schedule does not keep the others back.
 * @throws ReconcileFailed when some could not be brought in line
 */
export async function reconcile(
  client: Client,
  input: ReconcileInput,
  options: ReconcileOptions = {},
): Promise<ScheduleCounts> {
  const listed = await listSchedules(client, input.workspace, options.signal)
  const wanted = new Set(input.desired.map(({ scheduleId }) => scheduleId))
  const isCurrent = ({ scheduleId, hash }: ScheduleDefinition) =>
    !input.recent.has(scheduleId) && listed.get(scheduleId) === hash
  const gone = [...new Set([...listed.keys(), ...input.recent])].filter((id) => !wanted.has(id))
  const stale = input.desired.filter((definition) => !isCurrent(definition))
  const tasks = [
    ...stale.map((definition) => ({
      scheduleId: definition.scheduleId,
      run: () => ensure(client, definition, listed.has(definition.scheduleId)),
    })),
    ...gone.map((scheduleId) => ({ scheduleId, run: () => remove(client, scheduleId, input.workspace) })),
  ]

  const counts = { created: 0, updated: 0, removed: 0, unchanged: input.desired.length - stale.length }
  const failures: { readonly scheduleId: string; readonly error: unknown }[] = []
  let done = 0
  await inParallel(tasks, CONCURRENCY, async ({ scheduleId, run }) => {
    options.signal?.throwIfAborted()
    try {
      const effect = await run()
      if (effect) counts[effect]++
    } catch (error) {
      failures.push({ scheduleId, error })
    }
    options.onProgress?.({ done: ++done, total: tasks.length })
  })
  if (failures.length > 0) throw new ReconcileFailed(failures, counts)
  return counts
}

/** Some schedules could not be brought in line; the others were. */
export class ReconcileFailed extends Error {
  override readonly name = 'ReconcileFailed'
  /** True when trying again cannot help. */
  readonly isPermanent: boolean
  constructor(
    failures: readonly { readonly scheduleId: string; readonly error: unknown }[],
    readonly counts: ScheduleCounts,
  ) {
    const first = failures.slice(0, 3).map(({ scheduleId, error }) => `${scheduleId}: ${explain(error)}`)
    super(`reconciling schedules: ${failures.length} failed, e.g. ${first.join('; ')}`, {
      cause: failures[0]?.error,
    })
    this.isPermanent = failures.every(
      ({ error }) => error instanceof TypeError || error instanceof ScheduleOwned,
    )
  }
}

/** Two workspaces want the same schedule. */
class ScheduleOwned extends Error {
  override readonly name = 'ScheduleOwned'
}

/** What a listing shows of this workspace's schedules: the hash of each definition by schedule id. */
async function listSchedules(
  client: Client,
  workspace: string,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string | undefined>> {
  const listed = new Map<string, string | undefined>()
  for await (const summary of client.schedule.list()) {
    signal?.throwIfAborted()
    const isOurs = SCHEDULE_PREFIXES.some((prefix) => summary.scheduleId.startsWith(prefix))
    if (!isOurs || ownerOf(summary) !== workspace) continue
    listed.set(summary.scheduleId, parseNote(summary.state.note).definition)
  }
  return listed
}

async function ensure(client: Client, definition: ScheduleDefinition, isListed: boolean): Promise<Effect> {
  if (!isListed && (await create(client, definition))) return 'created'
  const handle = client.schedule.getHandle(definition.scheduleId)
  try {
    const description = await handle.describe()
    assertOwner(description, definition.memo.workspace)
    if (definitionOf(description) === definition.hash) return 'unchanged'
    await handle.update(({ state }) => ({
      ...definition.options,
      state: {
        ...state,
        note: formatNote({ text: parseNote(state.note).text, definition: definition.hash }),
      },
    }))
    return 'updated'
  } catch (error) {
    // Listed, but deleted a moment ago.
    if (error instanceof ScheduleNotFoundError && (await create(client, definition))) return 'created'
    throw error
  }
}

/** False when there is one already. */
async function create(
  client: Client,
  { scheduleId, memo, options, hash }: ScheduleDefinition,
): Promise<boolean> {
  try {
    const note = formatNote({ text: `applied by workspace ${memo.workspace}`, definition: hash })
    await client.schedule.create({ ...options, scheduleId, memo: { ...memo }, state: { note } })
    return true
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) return false
    throw error
  }
}

/** Removes a schedule of this workspace; runs that are going on go on. Undefined when there was none. */
async function remove(client: Client, scheduleId: string, workspace: string): Promise<Effect | undefined> {
  const handle = client.schedule.getHandle(scheduleId)
  try {
    if (ownerOf(await handle.describe()) !== workspace) return undefined
    await handle.delete()
    return 'removed'
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined
    throw error
  }
}

function ownerOf({ memo }: ScheduleSummary | ScheduleDescription): string | undefined {
  return typeof memo?.workspace === 'string' ? memo.workspace : undefined
}

function assertOwner(description: ScheduleDescription, workspace: string): void {
  const owner = ownerOf(description)
  if (owner === workspace) return
  const who = owner === undefined ? 'was not made by a workspace' : `belongs to workspace ${owner}`
  throw new ScheduleOwned(`the schedule ${who}; rename the source, or use another Temporal namespace`)
}

function explain(error: unknown): string {
  const cause = (error as Error).cause as (Error & { readonly details?: string }) | undefined
  const text = cause?.details ?? (error as Error).message
  return /search attribute/i.test(text) ? `${text} (run tributary setup to register search attributes)` : text
}

async function inParallel<Item>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const iterator = items.values()
  const worker = async () => {
    for (const item of iterator) await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
}

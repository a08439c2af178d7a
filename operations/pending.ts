/** What a workflow waits for now, as the server knows it: progress within an activity, and failures that are tried again. */
import type { Client } from '@temporalio/client'

export interface PendingActivity {
  readonly type: string
  /** The newest heartbeat's details; undefined before the first. */
  readonly heartbeat?: unknown
  /** Present while it is tried again. */
  readonly retry?: Retry
}

/** An activity whose last attempt failed. */
export interface Retry {
  /** Attempts that failed. */
  readonly failed: number
  /** Attempts at most; absent: until its time is over. */
  readonly of?: number
  /** Type of the failure taxonomy. */
  readonly type: string
  /** What happened, and what to do. */
  readonly message: string
  /** ISO 8601: when it is tried again; absent while it is being tried. */
  readonly nextAt?: string
}

type Described = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['describe']>>
type RawActivity = NonNullable<Described['raw']['pendingActivities']>[number]

/** The activities that an open workflow waits for; none where it does not run. */
export async function pendingActivities(
  client: Client,
  workflowId: string,
  runId?: string,
): Promise<readonly PendingActivity[]> {
  const { raw } = await client.workflow.getHandle(workflowId, runId).describe()
  return Promise.all((raw.pendingActivities ?? []).map((activity) => pendingActivity(client, activity)))
}

async function pendingActivity(client: Client, raw: RawActivity): Promise<PendingActivity> {
  const [payload] = raw.heartbeatDetails?.payloads ?? []
  const heartbeat = payload && (await decoded(client, payload))
  const retry = retryOf(raw)
  return {
    type: raw.activityType?.name ?? '',
    ...(heartbeat !== undefined && { heartbeat }),
    ...(retry && { retry }),
  }
}

async function decoded(
  client: Client,
  payload: NonNullable<NonNullable<RawActivity['heartbeatDetails']>['payloads']>[number],
): Promise<unknown> {
  const { payloadConverter, payloadCodecs } = client.options.loadedDataConverter
  let payloads = [payload]
  for (const codec of payloadCodecs) payloads = await codec.decode(payloads)
  return payloads[0] && payloadConverter.fromPayload(payloads[0])
}

function retryOf({
  attempt,
  maximumAttempts,
  lastFailure,
  nextAttemptScheduleTime,
}: RawActivity): Retry | undefined {
  if (!lastFailure || !attempt || attempt < 2) return undefined
  const nextMs = Number(nextAttemptScheduleTime?.seconds ?? 0) * 1000
  return {
    failed: attempt - 1,
    ...(maximumAttempts ? { of: maximumAttempts } : {}),
    type: lastFailure.applicationFailureInfo?.type || (lastFailure.timeoutFailureInfo ? 'Timeout' : 'Error'),
    message: lastFailure.message || 'no reason was given; look at the log of the worker',
    ...(nextMs > 0 && { nextAt: new Date(nextMs).toISOString() }),
  }
}

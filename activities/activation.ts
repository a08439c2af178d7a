/** The activities of an activation's run: freeze its plan, send it, finish, record. Thin: the work is in activation/. */

import { activityInfo } from '@temporalio/activity'
import type { PlanSummary } from '@tributary/schemas'
import { closePlan } from '../activation/deliver/close-plan.js'
import { deliverBatches } from '../activation/deliver/deliver-batches.js'
import { finishRun } from '../activation/deliver/finish-run.js'
import type { FinishInput } from '../activation/deliver/types.js'
import { recordRun } from '../activation/history.js'
import { readHold, setHold } from '../activation/holds.js'
import { stagePlan } from '../activation/plan/stage-plan.js'
import { stageUndo } from '../activation/plan/stage-undo.js'
import { targetOf } from '../activation/target.js'
import type { PlanInput } from '../activation/types.js'
import { prepareDictionaries } from '../profiles/people/dictionaries.js'
import { recordAudit } from '../warehouse/audit.js'
import type {
  ActivationReport,
  ClosePlanInput,
  DeliverBatchesInput,
  DeliverBatchesResult,
  DeliveryProgress,
  FinishActivationInput,
  HoldActivationInput,
  StagePlanInput,
  StagePlanResult,
} from '../workflows/activation-contract.js'
import { openWorkspace, type Workspace } from '../workspace/workspace.js'
import { connectorName } from './connector-name.js'
import type { ActivityDeps } from './deps.js'
import { configInvalid } from './failures.js'
import { countDelivery } from './metrics.js'
import { openDestination, withDestination } from './opened-destination.js'
import { publishedRevision } from './opened-source.js'
import { withHeartbeat } from './progress.js'

/** A slice of sending: time after which it ends behind its batch, so that the workflow sees where it stands. */
const SLICE_MS = 5 * 60_000

export function createActivation(deps: ActivityDeps) {
  const { warehouse } = deps

  /** The object that a frozen plan is for, as its destination has it now, and what else sending takes. */
  function withObject<Result>(
    plan: PlanSummary,
    run: string,
    signal: AbortSignal,
    work: (input: FinishInput & { readonly consent: readonly string[] }) => Promise<Result>,
  ): Promise<Result> {
    return inRevision(plan.revision, async (workspace) => {
      const definition = activationOf(workspace, plan.activation)
      const destination = await openDestination(deps, workspace, plan.destination)
      return withDestination(deps, destination, signal, (objects, context) => {
        const object = objects.find(({ name }) => name === plan.object)
        if (object === undefined) {
          throw configInvalid(
            `sending ${plan.activation}: ${plan.destination} has no object ${plan.object} any more; correct the activation, then run it again`,
          )
        }
        const write = { ...context, activation: plan.activation, run }
        const { consent = [] } = definition
        return work({ run, plan, target: targetOf(definition), consent, object, write })
      })
    })
  }

  async function inRevision<Result>(
    revision: string | undefined,
    work: (workspace: Workspace, revision: string) => Promise<Result>,
  ): Promise<Result> {
    const published = await publishedRevision(deps, revision)
    return work(openWorkspace(published.files), published.revision)
  }

  return {
    /** Freezes what a run would send. An attempt's plan counts for nothing unless the workflow hands it on. */
    async stageActivation(input: StagePlanInput): Promise<StagePlanResult> {
      return withHeartbeat(deps.draining, async ({ signal, report }) => {
        if (input.reason === 'schedule' || input.reason === 'after_refresh') {
          const hold = await readHold(warehouse, input.activation)
          if (hold?.held) return { skipped: `paused: ${hold.reason}` }
        }
        await prepareDictionaries(warehouse, deps.dictionaryUser)
        return inRevision(input.revision, async (workspace, revision) => {
          const definition = activationOf(workspace, input.activation)
          const destination = await openDestination(deps, workspace, definition.destination)
          const plan = await withDestination(deps, destination, signal, (objects) => {
            const planInput: PlanInput = {
              activation: input.activation,
              definition,
              segmentName: segmentName(workspace, definition.segment),
              object: objects.find(({ name }) => name === definition.object),
              connector: connectorName(destination.connector.name),
              revision,
              run: input.run,
              consentMappings: consentMappings(workspace),
            }
            const context = { warehouse, signal, progress: (text: string) => report({ doing: text }) }
            return input.undoes === undefined
              ? stagePlan(context, planInput)
              : stageUndo(context, { ...planInput, undoes: input.undoes })
          })
          return {
            plan: { ...plan, ...(deps.heartbeatMs !== undefined && { heartbeatMs: deps.heartbeatMs }) },
          }
        })
      })
    },

    /** Sends batches of a frozen plan and notes each answer; what was noted is never sent again. */
    async deliverBatches({ run, plan, progress }: DeliverBatchesInput): Promise<DeliverBatchesResult> {
      return withHeartbeat(deps.draining, async ({ signal, report, endRequested }) =>
        withObject(plan, run, signal, async (input) => {
          const startedAtMs = Date.now()
          const result = await deliverBatches(
            {
              warehouse,
              signal,
              progress: (sent) => report({ ...sent }),
              endRequested: () =>
                endRequested() ?? (Date.now() - startedAtMs > SLICE_MS ? 'budget' : undefined),
              now: Date.now,
              attempt: activityInfo().attempt,
            },
            { ...input, progress },
          )
          countDelivery(plan.activation, {
            acknowledged: result.progress.acknowledged - progress.acknowledged,
            rejected: result.progress.rejected - progress.rejected,
            withheld: result.progress.withheld - progress.withheld,
          })
          return result
        }),
      )
    },

    /** All batches were sent: the new whole takes the old one's place. Repeatable. */
    async finishActivation({ run, plan }: FinishActivationInput): Promise<void> {
      await withHeartbeat(deps.draining, ({ signal }) =>
        withObject(plan, run, signal, (input) => finishRun({ warehouse, signal }, input)),
      )
    },

    /** Counts what was sent by a run that was cut short, and notes what may have been: a slice that failed tells nothing. */
    async closePlan({ run, plan }: ClosePlanInput): Promise<DeliveryProgress> {
      return inRevision(plan.revision, (workspace) => {
        const target = targetOf(activationOf(workspace, plan.activation))
        return closePlan({ warehouse }, { run, plan, target })
      })
    },

    /** Keeps a run's report, once. */
    async recordActivation(report: ActivationReport): Promise<void> {
      await recordRun(warehouse, report)
      const { approval, activation, plan } = report
      if (!approval) return
      await recordAudit(warehouse, {
        actor: approval.by,
        action: approval.approved ? 'activate approve' : 'activate refuse',
        subject: activation,
        detail: JSON.stringify({ run: report.run, plan: plan?.hash, note: approval.note }),
      })
    },

    /** Pauses an activation: runs that nobody asks for are skipped until somebody resumes it. Repeatable. */
    async holdActivation({ activation, reason, author }: HoldActivationInput): Promise<void> {
      await setHold(warehouse, { activation, held: true, reason, author })
      await recordAudit(warehouse, {
        actor: author,
        action: 'activate pause',
        subject: activation,
        detail: reason,
      })
    },
  }
}

function activationOf({ activations }: Workspace, id: string) {
  const found = activations.find((activation) => activation.id === id)
  if (found) return found.definition
  throw configInvalid(
    `planning ${id}: the revision has no activation of this name; add activations/${id}.yaml and run \`tributary apply\``,
  )
}

/** Mappings that say who consents to what, and who is suppressed. */
const consentMappings = ({ mappings }: Workspace): readonly string[] =>
  mappings
    .filter(({ definition: { traits = {} } }) =>
      Object.keys(traits).some((trait) => trait === 'suppressed' || trait.startsWith('consent.')),
    )
    .map(({ id }) => id)

const segmentName = ({ segments }: Workspace, id: string): string =>
  segments.find((segment) => segment.id === id)?.definition.name ?? id

/** Where a run is in the Temporal UI, for whoever wants to see every step of it. */
import { readStackRecord } from '../runtime/stack.js'
import type { OperationContext } from './context.js'

export type TemporalUiContext = Pick<OperationContext, 'workspaceDir' | 'temporalConfig'>

/** Gives the address of a run's page. */
export type RunAddress = (run: { readonly workflowId: string; readonly runId?: string }) => string | null

/** Null answers where nobody knows of a UI: an address is only known of the stack that runs here. */
export async function runAddresses({ workspaceDir, temporalConfig }: TemporalUiContext): Promise<RunAddress> {
  const [record, config] = await Promise.all([
    readStackRecord(workspaceDir).catch(() => undefined),
    temporalConfig().catch(() => undefined),
  ])
  const { ui, address, namespace } = record?.temporal ?? {}
  if (!ui || !namespace || address !== config?.address) return () => null
  const base = `${ui.replace(/\/$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows`
  return ({ workflowId, runId }) =>
    [base, encodeURIComponent(workflowId), ...(runId ? [encodeURIComponent(runId), 'history'] : [])].join('/')
}

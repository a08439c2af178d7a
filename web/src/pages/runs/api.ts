/** What this area asks the API for. */
import { api, take } from '../../api/client.js'
import type { components } from '../../api/schema.js'

type Schemas = components['schemas']

export type RunLine = Schemas['RunLine']
export type RunView = Schemas['RunView']
export type RunStream = Schemas['RunStream']
export type Retry = Schemas['Retry']

/** What the list can be narrowed to. */
export interface RunFilter {
  readonly kind?: RunLine['kind']
  readonly outcome?: RunLine['outcome']
  readonly subject?: string
}

/** Ends what runs for a source at its next checkpoint. */
export function cancelSource(id: string) {
  return take(api.POST('/api/v1/sources/{id}/cancel', { params: { path: { id } } }))
}

/** Ends one stream of the sync that runs at its next checkpoint. */
export function skipStream(id: string, stream: string) {
  return take(api.POST('/api/v1/sources/{id}/streams/{stream}/skip', { params: { path: { id, stream } } }))
}

/** Starts a sync, or finds the one that runs. */
export function syncSource(id: string, streams?: readonly string[]) {
  return take(
    api.POST('/api/v1/sources/{id}/sync', {
      params: { path: { id } },
      body: streams === undefined ? {} : { streams },
    }),
  )
}

/** The address of a run's page. */
export function runPath({ workflowId, run }: Pick<RunLine, 'workflowId' | 'run'>): string {
  return `/runs/${encodeURIComponent(workflowId)}?run=${encodeURIComponent(run)}`
}

/** What this area asks the API for. */
import { api, take } from '../../api/client.js'
import type { components } from '../../api/schema.js'

type Schemas = components['schemas']

export type ActivationFile = Schemas['ActivationFile']
export type ListedActivation = Schemas['ListedActivation']
export type ActivationStatus = Schemas['ActivationStatus']
export type ActivationReport = Schemas['ActivationReport']
export type ActivationPlan = Schemas['ActivationPlan']
export type PlanSample = Schemas['PlanSample']
export type PlanRecord = Schemas['PlanRecord']
export type ActivationEvent = Schemas['ActivationEvent']

const of = (id: string) => ({ params: { path: { id } } })

/** Starts a dry run: nothing is sent. */
export const planActivation = (id: string) => take(api.POST('/api/v1/activations/{id}/plan', of(id)))

/** Starts a run that sends. */
export const sendActivation = (id: string) => take(api.POST('/api/v1/activations/{id}/apply', of(id)))

/** Starts a run that takes another back, or only plans to. */
export const undoRun = (id: string, run: string, planOnly: boolean) =>
  take(api.POST('/api/v1/activations/{id}/undo', { ...of(id), body: { run, planOnly } }))

/** Says yes or no to the plan with this hash. @throws ApiError where another one waits by now */
export const decideOn = (id: string, hash: string, approved: boolean) =>
  take(
    approved
      ? api.POST('/api/v1/activations/{id}/approve', { ...of(id), body: { hash } })
      : api.POST('/api/v1/activations/{id}/refuse', { ...of(id), body: { hash } }),
  )

export const cancelRun = (id: string) => take(api.POST('/api/v1/activations/{id}/cancel', of(id)))

/** The reason of who presses Pause, and says no more. */
export const PAUSED_HERE = 'paused on the page'

export const pauseActivation = (id: string, reason: string) =>
  take(api.POST('/api/v1/activations/{id}/pause', { ...of(id), body: { reason } }))

export const resumeActivation = (id: string) => take(api.POST('/api/v1/activations/{id}/resume', of(id)))

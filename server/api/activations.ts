/** Activations: their definitions as drafts that are published, what each does now, and whether it runs by itself. */
import { checkActivationDraft, listActivationDrafts } from '../../operations/activations/drafts.js'
import { pauseActivation, resumeActivation } from '../../operations/activations/hold.js'
import { activationStatus as statusOf } from '../../operations/activations/list.js'
import { previewActivationDraft } from '../../operations/activations/preview.js'
import { defineRoute } from '../route.js'
import {
  boolean,
  count,
  described,
  json,
  list,
  named,
  nullable,
  object,
  personal,
  shortText,
  text,
} from '../schema.js'
import { activationFile, activationStatus, listedActivation } from './activation-shapes.js'
import { draftProblem, draftRoutes } from './draft-routes.js'
import { anyValues, profileId } from './people-shapes.js'
import { idParam } from './workspace-shapes.js'

const hold = named('ActivationHold', object({ activation: text, paused: boolean, changed: boolean }))
const draft = {
  id: described(shortText, { description: 'The id that it has; left out of a new one', maxLength: 128 }),
  definition: described(json, { description: 'An ActivationFile, which may still have anything wrong' }),
}

export const activationRoutes = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/activations',
    role: 'viewer',
    summary: 'Activations and drafts of activations, by id, and what each does now',
    response: object({ activations: list(listedActivation) }),
    handle: async ({ operations }) => ({ activations: await listActivationDrafts(operations) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/activations/check',
    role: 'marketer',
    summary: 'What is wrong with a definition, by the place in it',
    body: object(draft, ['id']),
    response: named('ActivationCheck', object({ ok: boolean, problems: list(draftProblem) })),
    handle: ({ operations }, { body }) => checkActivationDraft(operations, body),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/activations/preview',
    role: 'marketer',
    summary: 'What a definition would send about some members, before the destination’s own formats',
    costly: true,
    body: object(
      { ...draft, limit: described(count, { minimum: 1, maximum: 20, description: 'Default: 5' }) },
      ['id', 'limit'],
    ),
    response: object({
      people: described(
        list(
          named(
            'PreviewedPerson',
            object({
              profile: profileId,
              name: described(nullable(personal(text)), { description: 'Null: nothing says it' }),
              match: personal(anyValues),
              fields: personal(anyValues),
            }),
          ),
        ),
        { description: 'None where the segment is not published or not evaluated yet' },
      ),
    }),
    handle: async ({ operations, signal }, { body: { limit, ...given } }) => ({
      people: await previewActivationDraft(operations, given, {
        signal,
        ...(limit !== undefined && { limit }),
      }),
    }),
  }),
  ...draftRoutes({ folder: 'activations', one: 'an activation', definition: activationFile }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/activations/:id/status',
    role: 'viewer',
    summary: 'A published activation: what it does now, what the destination holds, its last run',
    params: idParam,
    response: activationStatus,
    handle: ({ operations }, { params }) => statusOf(operations, params.id),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/activations/:id/pause',
    role: 'marketer',
    summary: 'Let nothing run by itself until somebody resumes it',
    params: idParam,
    body: object({ reason: described(shortText, { description: 'Why, for the others' }) }),
    response: hold,
    handle: ({ operations, member }, { params, body }) =>
      pauseActivation(operations, params.id, { by: member.name, reason: body.reason }),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/activations/:id/resume',
    role: 'marketer',
    summary: 'Let it run by itself again',
    params: idParam,
    response: hold,
    handle: ({ operations, member }, { params }) =>
      resumeActivation(operations, params.id, { by: member.name }),
  }),
]

/** Shapes of activations: files and reports as their schemas say, records of plans with what is personal marked. */
import {
  type ActivationFile,
  activationFileSchema,
  activationListSchema,
  activationReportSchema,
  activationStatusSchema,
} from '@tributary/schemas'
import type { WaitingPlan } from '../../operations/activations/decide.js'
import type { ActivationLine, ActivationStatus } from '../../operations/activations/list.js'
import type { RecordedActivation } from '../../operations/activations/recorded.js'
import type { Schema } from '../../runtime/validation.js'
import {
  boolean,
  count,
  described,
  fileSchema,
  list,
  named,
  nullable,
  object,
  oneOf,
  personal,
  type TypedSchema,
  text,
} from '../schema.js'
import { anyValues, profileId } from './people-shapes.js'
import { draftState, etag } from './workspace-shapes.js'

/** One of the named parts of a schema. */
function partOf<Value>(name: string, schema: Schema, part: string): TypedSchema<Value> {
  const definitions = schema.$defs as Readonly<Record<string, Schema>>
  const { [part]: root, ...others } = definitions
  return fileSchema<Value>(name, { ...root, $defs: others })
}

export const activationFile = fileSchema<ActivationFile>('ActivationFile', activationFileSchema)
export const activationLine = partOf<ActivationLine>(
  'ActivationLine',
  activationListSchema,
  'activation_line',
)
export const activationStatus = fileSchema<ActivationStatus>('ActivationStatus', activationStatusSchema)

const { sample: _sample, ...reportProperties } = activationReportSchema.properties
const { sample_record: _record, ...reportParts } = activationReportSchema.$defs

/** A run, without records. */
export const activationReport = fileSchema<
  Omit<RecordedActivation, 'endedAt'> & { readonly endedAt?: string }
>('ActivationReport', { ...activationReportSchema, properties: reportProperties, $defs: reportParts })

const { $defs: reportDefinitions } = { $defs: reportParts as Readonly<Record<string, Schema>> }
const { plan: planRoot, ...planParts } = reportDefinitions
export const activationPlan = fileSchema<WaitingPlan['plan']>('ActivationPlan', {
  ...planRoot,
  $defs: planParts,
})

const changeKind = oneOf('add', 'change', 'remove')

const planRecord = named(
  'PlanRecord',
  object(
    {
      change: changeKind,
      operation: oneOf('upsert', 'remove', 'append', 'replace'),
      profile: profileId,
      match: described(personal(anyValues), { description: 'By what the destination finds it' }),
      fields: described(personal(anyValues), { description: 'As they would be; empty for removes' }),
      before: described(personal(anyValues), { description: 'As they were last acknowledged' }),
      changed: described(list(text), { description: 'Names of the fields that differ' }),
      sent: described(boolean, { description: 'False: a new whole is without it' }),
    },
    ['before'],
  ),
)

/** Some records of each kind of change, with how many there are. */
export const planSample = named(
  'PlanSample',
  object({
    counts: object({ add: count, change: count, remove: count }),
    records: object({ add: list(planRecord), change: list(planRecord), remove: list(planRecord) }),
  }),
)

export const listedActivation = named(
  'ListedActivation',
  object({
    id: text,
    state: draftState,
    etag: described(nullable(etag), { description: 'Of the draft; null: there is none any more' }),
    definition: described(nullable(activationFile), {
      description: 'What the draft says, or what is published; null: it has not the shape',
    }),
    live: described(nullable(activationLine), {
      description: 'What is published and what it does now; null: it is not published',
    }),
  }),
)

export const activationReject = named(
  'ActivationReject',
  object(
    {
      match: personal(anyValues),
      change: changeKind,
      reason: described(text, { description: 'Without the record’s values' }),
      code: described(text, { description: 'The destination’s own code' }),
      when: described(oneOf('planned', 'sent'), { description: 'planned: it was never sent' }),
      run: text,
      profile: profileId,
      at: text,
    },
    ['code'],
  ),
)

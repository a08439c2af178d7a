/**
 * The batch endpoints of the stand-in: read, upsert, update, archive, at most 100 inputs each
 * (https://developers.hubspot.com/docs/api-reference/latest/crm/using-object-apis).
 */
import type { FaultResponse } from '@tributary/connector-sdk/testing'
import { failure, type ServerOptions } from './answers.js'
import type { Portal, PortalObject, PortalRecord, ValueProblem } from './portal.js'

interface Input {
  readonly id: string
  readonly idProperty?: string
  readonly objectWriteTraceId?: string
  readonly properties?: Readonly<Record<string, string>>
}

const inputsOf = (body: unknown): readonly Input[] => (body as { inputs: readonly Input[] }).inputs
const inRange = (inputs: readonly Input[]): boolean => inputs.length > 0 && inputs.length <= 100

function refusedBatch(inputs: readonly Input[]): FaultResponse | undefined {
  if (!inRange(inputs)) {
    return failure(
      400,
      'VALIDATION_ERROR',
      `The maximum batch size is 100, ${inputs.length} inputs were given`,
    )
  }
  const ids = inputs.map(({ id }) => id)
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index)
  return twice.length === 0 ? undefined : duplicates(twice)
}

/** Two inputs that are one record: it may be found by several addresses. */
function duplicates(twice: readonly string[]): FaultResponse {
  const message = `Duplicate IDs found in batch input: [${twice.join(', ')}]. IDs must be unique`
  return failure(400, 'VALIDATION_ERROR', message, { context: { ids: twice } })
}

const timing = () => {
  const now = new Date().toISOString()
  return { status: 'COMPLETE', startedAt: now, completedAt: now }
}

const shape = (record: PortalRecord, names: readonly string[]) => ({
  id: record.id,
  properties: Object.fromEntries([
    ...names.map((name) => [name, record.properties.get(name) ?? null]),
    ['hs_object_id', record.id],
    ['createdate', record.createdAt],
  ]),
  createdAt: record.createdAt,
  updatedAt: record.createdAt,
  archived: false,
})

export function batchRead(portal: Portal, object: PortalObject, body: unknown): FaultResponse {
  const inputs = inputsOf(body)
  const refused = refusedBatch(inputs)
  if (refused) return refused
  const { idProperty = 'hs_object_id', properties } = body as { idProperty?: string; properties: string[] }
  if (idProperty !== 'hs_object_id' && !object.properties.has(idProperty)) {
    return invalid([doesNotExist(idProperty)])
  }
  const found = inputs.map(({ id }) => portal.find(object, idProperty, id))
  const missing = inputs.filter((_, index) => found[index] === undefined).map(({ id }) => id)
  const results = found.flatMap((record) => (record ? [shape(record, properties)] : []))
  if (missing.length === 0) return { body: { ...timing(), results } }
  const error = {
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    message: 'Could not get some objects, they may be deleted or not exist. Check that ids are valid.',
    context: { ids: missing },
  }
  return { status: 207, body: { ...timing(), results, numErrors: 1, errors: [error] } }
}

export function batchArchive(portal: Portal, object: PortalObject, body: unknown): FaultResponse {
  const inputs = inputsOf(body)
  const refused = refusedBatch(inputs)
  if (refused) return refused
  for (const { id } of inputs) {
    object.records.delete(id)
    for (const list of portal.lists.values())
      if (list.objectTypeId === object.objectTypeId) list.members.delete(id)
  }
  return { status: 204 }
}

export function batchWrite(
  portal: Portal,
  object: PortalObject,
  body: unknown,
  verb: 'upsert' | 'update',
  options: ServerOptions,
): FaultResponse {
  const inputs = inputsOf(body)
  const refused = refusedBatch(inputs)
  if (refused) return refused
  const judged = inputs.map((input) => judge(portal, object, input, verb))
  const ids = judged.flatMap(({ record }) => record?.id ?? [])
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index)
  if (twice.length > 0) return duplicates(twice)
  const bad = judged.filter(({ error }) => error !== undefined)
  const traced = inputs.every(({ objectWriteTraceId }) => objectWriteTraceId !== undefined)
  const fatal = bad.find(({ error }) => error!.whole !== undefined)
  if (fatal && !(traced && options.partialSuccess)) return fatal.error!.whole!
  const good = judged.filter(({ error }) => error === undefined)
  const results = good.map(({ input, record }) => {
    const key = record === undefined && input.idProperty !== undefined && { [input.idProperty]: input.id }
    const saved = portal.save(object, record, { ...key, ...input.properties })
    return {
      ...shape(saved, Object.keys(input.properties ?? {})),
      ...(verb === 'upsert' && { new: record === undefined }),
      ...(options.traceResults && { objectWriteTraceId: input.objectWriteTraceId }),
    }
  })
  if (bad.length === 0) return { body: { ...timing(), results } }
  const errors = bad.map(({ input, error }) => ({
    status: 'error',
    category: error!.category,
    message: error!.message,
    context: { ids: [input.id], ...(traced && { objectWriteTraceId: [input.objectWriteTraceId!] }) },
  }))
  return { status: 207, body: { ...timing(), results, numErrors: errors.length, errors } }
}

interface Judged {
  readonly input: Input
  readonly record: PortalRecord | undefined
  /** `whole`: the answer where this fails the request; ids that do not exist never do. */
  readonly error?: { readonly category: string; readonly message: string; readonly whole?: FaultResponse }
}

function judge(portal: Portal, object: PortalObject, input: Input, verb: 'upsert' | 'update'): Judged {
  const idProperty = input.idProperty ?? 'hs_object_id'
  const unique = idProperty === 'email' || object.properties.get(idProperty)?.hasUniqueValue === true
  if (idProperty !== 'hs_object_id' && !unique) {
    return { input, record: undefined, error: problem([doesNotExist(idProperty)]) }
  }
  const record = portal.find(object, idProperty, input.id)
  if (!record && (verb === 'update' || idProperty === 'hs_object_id')) {
    const message = 'Could not get some objects, they may be deleted or not exist. Check that ids are valid.'
    return { input, record, error: { category: 'OBJECT_NOT_FOUND', message } }
  }
  const key = verb === 'upsert' && !record ? { [idProperty]: input.id } : {}
  const problems = portal.problems(object, { ...key, ...input.properties }, record?.id)
  return problems.length === 0 ? { input, record } : { input, record, error: problem(problems) }
}

function doesNotExist(name: string): ValueProblem {
  return { error: 'PROPERTY_DOESNT_EXIST', name, message: `Property "${name}" does not exist` }
}

function problem(problems: readonly ValueProblem[]): NonNullable<Judged['error']> {
  const whole = invalid(problems)
  const { message } = whole.body as { message: string }
  return { category: 'VALIDATION_ERROR', message, whole }
}

/** The error handling guide's example: the problems as JSON in the message, and again in `errors`. */
function invalid(problems: readonly ValueProblem[]): FaultResponse {
  const listed = problems.map(({ error, name, message }) => ({
    isValid: false,
    message,
    error,
    name,
    localizedErrorMessage: message,
    portalId: 7,
  }))
  const errors = problems.map(({ error, name, message }) => ({
    message,
    code: error,
    context: { propertyName: [name] },
  }))
  return failure(400, 'VALIDATION_ERROR', `Property values were not valid: ${JSON.stringify(listed)}`, {
    errors,
  })
}

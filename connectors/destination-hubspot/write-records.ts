/**
 * Writes records by batch upsert, or by batch update where they are matched by HubSpot's own id, and tells what became of
 * each. HubSpot documents partial success for creates and describes its answer for upserts and updates too; where it
 * refuses a batch as a whole, the batch is halved until the bad records stand alone. Writing again does no harm.
 */
import { type Batch, type DestinationRecord, OK, type RecordResult, rejected } from '@tributary/connector-sdk'
import type { Hubspot } from './client.js'
import { assertSchemaFits, type HubspotError, isTransient, refusal } from './errors.js'
import { RECORD_ID } from './match.js'
import { textOf } from './properties.js'

/** What became of a record, and its id in HubSpot where the answer tells it. */
export interface Written {
  readonly result: RecordResult
  readonly id?: string
}

interface Input {
  readonly id: string
  readonly idProperty?: string
  readonly properties: Readonly<Record<string, string>>
  readonly objectWriteTraceId: string
}

interface WriteAnswer {
  readonly results?: readonly WrittenObject[]
  readonly errors?: readonly HubspotError[]
}

interface WrittenObject {
  readonly id: string
  readonly objectWriteTraceId?: string
  readonly properties?: Readonly<Record<string, string | null>>
}

/** What one input came to; undefined: the answer does not say. */
type Outcome = Written | undefined

/** In the order of the batch's records. `matchBy` is the one field by which they are matched. */
export async function writeRecords(
  hubspot: Hubspot,
  objectType: string,
  matchBy: string,
  batch: Batch,
): Promise<readonly Written[]> {
  const inputs = batch.records.map((record, index) =>
    inputOf(record, matchBy, `${batch.idempotencyKey}-${index}`),
  )
  const verb = matchBy === RECORD_ID ? 'update' : 'upsert'
  const path = `/crm/v3/objects/${encodeURIComponent(objectType)}/batch/${verb}`

  const write = async (part: readonly Input[]): Promise<readonly Written[]> => {
    const { status, body } = await hubspot.send<WriteAnswer>('POST', path, { inputs: part })
    if (status >= 400) {
      assertSchemaFits(body, objectType)
      return part.length === 1 ? [refusedRecord(body)] : halves(part)
    }
    const outcomes = outcomesOf(part, body)
    if ((body.results ?? []).length === 0)
      for (const error of body.errors ?? []) assertSchemaFits(error, objectType)
    const open = part.filter((_, index) => outcomes[index] === undefined)
    const settled = new Map<Input, Written>()
    for (const input of open) {
      settled.set(input, part.length === 1 ? UNANSWERED : (await write([input]))[0]!)
    }
    return part.map((input, index) => outcomes[index] ?? settled.get(input)!)
  }
  const halves = async (part: readonly Input[]): Promise<readonly Written[]> => {
    const middle = Math.ceil(part.length / 2)
    return [...(await write(part.slice(0, middle))), ...(await write(part.slice(middle)))]
  }
  return write(inputs)
}

const UNANSWERED: Written = { result: rejected('HubSpot left the record out and does not say why') }

function inputOf(record: DestinationRecord, matchBy: string, trace: string): Input {
  const properties = Object.fromEntries(
    Object.entries(record.fields).map(([name, value]) => [name, textOf(value)]),
  )
  return {
    id: textOf(record.match[matchBy]),
    ...(matchBy !== RECORD_ID && { idProperty: matchBy }),
    properties,
    objectWriteTraceId: trace,
  }
}

function outcomesOf(part: readonly Input[], answer: WriteAnswer): readonly Outcome[] {
  const results = answer.results ?? []
  const errors = answer.errors ?? []
  const written = part.map((input) => results.find((result) => isOf(result, input)))
  const failed = part.map((input) => errors.find((error) => isAbout(error, input)))
  // Everybody else was written when no error is left over and the numbers agree.
  const complete =
    errors.every((error) => failed.includes(error)) &&
    results.length === part.length - failed.filter((error) => error !== undefined).length
  return part.map((_, index) => {
    const error = failed[index]
    if (error !== undefined) return refusedRecord(error)
    const id = written[index]?.id
    return id !== undefined ? { result: OK, id } : complete ? { result: OK } : undefined
  })
}

/** Whether a written object is the input's: by its trace, else by the value that it was matched by. */
function isOf(result: WrittenObject, { id, idProperty, objectWriteTraceId }: Input): boolean {
  if (result.objectWriteTraceId !== undefined) return result.objectWriteTraceId === objectWriteTraceId
  if (idProperty === undefined) return result.id === id
  const value = result.properties?.[idProperty]
  return idProperty === 'email' ? value?.toLowerCase() === id.toLowerCase() : value === id
}

function isAbout({ context }: HubspotError, { id, objectWriteTraceId }: Input): boolean {
  const traces = context?.objectWriteTraceId
  return traces !== undefined ? traces.includes(objectWriteTraceId) : (context?.ids?.includes(id) ?? false)
}

function refusedRecord(error: HubspotError): Written {
  const { reason, code } = refusal(error)
  return { result: isTransient(error) ? { status: 'retry', reason } : rejected(reason, code) }
}

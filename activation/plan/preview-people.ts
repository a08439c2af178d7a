/** What a mapping makes of some members of a segment, to look at while it is written: as the destination has not seen it yet. */
import type { JsonValue } from '@tributary/connector-sdk'
import { type ActivationFile, canonicalJson } from '@tributary/schemas'
import { profileOf } from '../../profiles/people/dictionaries.js'
import { publishedAt } from '../../profiles/segments/refresh/published.js'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRows } from '../../warehouse/query.js'
import { mayBeSent } from '../consent.js'
import { type MappedField, parseMapping, slotOf } from './mapping.js'
import { readFewPeople } from './people.js'
import { publishedSegment } from './segment.js'
import { evaluator, type Person } from './values/evaluate.js'

/** Values by the destination's fields; null where the person has none. */
export interface PreviewedPerson {
  readonly profile: string
  readonly match: Readonly<Record<string, JsonValue>>
  readonly fields: Readonly<Record<string, JsonValue>>
}

export interface PreviewInput {
  /** Id of the activation: the seed of splits. */
  readonly activation: string
  readonly definition: Pick<ActivationFile, 'segment' | 'match' | 'fields' | 'consent'>
  readonly segmentName: string
  readonly limit: number
  readonly signal: AbortSignal
}

/** Those who may be sent and have the least ids; nobody where the segment was never evaluated. */
export async function previewPeople(
  warehouse: Warehouse,
  { activation, definition, segmentName, limit, signal }: PreviewInput,
): Promise<readonly PreviewedPerson[]> {
  const published = await publishedAt(warehouse, publishedSegment(definition.segment))
  if (published === undefined) return []
  const rows = await selectRows<{ profile: number }>(
    warehouse,
    `SELECT DISTINCT ${profileOf('member')} AS profile
     FROM (SELECT arrayJoin(bitmapToArray(members)) AS member FROM ${published.members})
     WHERE ${mayBeSent('profile', definition.consent ?? [])} ORDER BY profile LIMIT {limit:UInt32}`,
    { limit },
    signal,
  )
  const { match, fields, needs } = parseMapping(definition)
  const evaluated = ({ name, expression }: MappedField) => ({
    name,
    evaluate: evaluator(expression, {
      segment: definition.segment,
      segmentName,
      seed: activation,
      slotOf: (need) => slotOf(needs, need),
    }),
  })
  const [matchFields, otherFields] = [match.map(evaluated), fields.map(evaluated)]
  const valuesOf = (of: typeof matchFields, person: Person, key: string) =>
    Object.fromEntries(of.map(({ name, evaluate }) => [name, evaluate(person, key)]))
  const people = await readFewPeople(
    { warehouse, signal },
    rows.map(({ profile }) => profile),
    needs,
  )
  return people.map((person) => {
    const found = valuesOf(matchFields, person, '')
    return {
      profile: `p${person.profile}`,
      match: found,
      fields: valuesOf(otherFields, person, canonicalJson(found)),
    }
  })
}

/** Makes the record of one person: by what the destination finds it, and what it says there. */
import { type DestinationField, prepareField } from '@tributary/connector-sdk'
import { canonicalJson } from '@tributary/schemas'
import type { AnyObject, PlanInput } from '../types.js'
import { type MappedField, type Mapping, slotOf } from './mapping.js'
import { batchBytes, isTooLarge } from './record-size.js'
import { type Evaluate, evaluator, type Person, shareOf } from './values/evaluate.js'
import type { Need } from './values/reference.js'

/** What becomes of a person. `fields` is canonical JSON. */
export type Mapped =
  | { readonly is: 'candidate'; readonly key: string; readonly fields: string }
  /** In words, without values. The key is the profile's where the match values are at fault. */
  | { readonly is: 'rejected'; readonly key: string; readonly reason: string }
  | { readonly is: 'unmatched' | 'heldOut' }

const UNMATCHED: Mapped = { is: 'unmatched' }
const HELD_OUT: Mapped = { is: 'heldOut' }

interface PreparedField {
  readonly name: string
  /** The name as JSON with a colon after it. */
  readonly label: string
  readonly field: DestinationField
  readonly evaluate: Evaluate
}

/** Pure: the same person gives the same record for ever. */
export function personMapper(
  { activation, definition, segmentName }: PlanInput,
  object: AnyObject,
  { match, fields, needs }: Mapping,
): (person: Person) => Mapped {
  const options = {
    segment: definition.segment,
    segmentName,
    seed: activation,
    slotOf: (need: Need) => slotOf(needs, need),
  }
  const prepared = ({ name, expression }: MappedField): PreparedField => ({
    name,
    label: `${JSON.stringify(name)}:`,
    field: fieldOf(object, name),
    evaluate: evaluator(expression, options),
  })
  const [matchFields, otherFields] = [match.map(prepared), fields.map(prepared)]
  const { share = 0, seed = activation } = definition.holdout ?? {}
  const maxBytes = batchBytes(object)
  return (person) => {
    const found = matchOf(matchFields, person)
    if (typeof found !== 'string') return found
    // Apart from the seeds of splits, or who is held out would be missing from one group alone.
    if (share > 0 && shareOf(`holdout/${seed}`, found) < share) return HELD_OUT
    let text = ''
    for (const { name, label, field, evaluate } of otherFields) {
      const result = prepareField(field, name, evaluate(person, found))
      if ('reason' in result) return { is: 'rejected', key: found, reason: result.reason }
      text += `${text === '' ? '' : ','}${label}${canonicalJson(result.value)}`
    }
    const record = `{${text}}`
    if (isTooLarge(maxBytes, found, record))
      return { is: 'rejected', key: found, reason: `the record is larger than ${maxBytes} bytes` }
    return { is: 'candidate', key: found, fields: record }
  }
}

/** The key, or what becomes of somebody who has none. */
function matchOf(fields: readonly PreparedField[], person: Person): string | Mapped {
  let text = ''
  for (const { name, label, field, evaluate } of fields) {
    const value = evaluate(person, '')
    if (value === null) return UNMATCHED
    const result = prepareField(field, name, value)
    if ('reason' in result)
      return { is: 'rejected', key: keyOfProfile(person.profile), reason: result.reason }
    if (result.value === null) return UNMATCHED
    text += `${text === '' ? '' : ','}${label}${canonicalJson(result.value)}`
  }
  return `{${text}}`
}

/** Stands for the match values where there are none that can be sent. */
const keyOfProfile = (profile: number): string => canonicalJson({ 'profile.id': `p${profile}` })

/** A field that the object does not name takes any value; whether it may be there is checked elsewhere. */
function fieldOf({ fields }: AnyObject, name: string): DestinationField {
  return Object.hasOwn(fields, name) ? fields[name]! : {}
}

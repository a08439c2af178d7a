/** Shapes that the routes about people have in common. What is about a person is personal; ids and counts are not. */
import {
  boolean,
  count,
  described,
  dictionary,
  either,
  json,
  list,
  moment,
  named,
  nullable,
  number,
  object,
  oneOf,
  personal,
  shortText,
  type TypedSchema,
  text,
} from '../schema.js'

/** `p1042`. */
export const profileId = described(text, { description: 'Id of a profile', examples: ['p1042'] })

export const profileParam = object({ id: described(profileId, { maxLength: 20 }) })

/** A text, a number, a truth value, a time as ISO 8601, or a list of texts. */
export const value = either(text, number, boolean, list(text))

export const identifiers = described(dictionary(personal(list(text))), {
  description: 'Values by identifier type, normalised',
})

export const identifierName = named(
  'IdentifierName',
  object({
    type: described(shortText, { examples: ['email'] }),
    value: described(personal(text), { examples: ['ada@example.com'] }),
  }),
)

/** As requests give it. */
export const givenIdentifier = object({
  type: described(shortText, { examples: ['email'] }),
  value: described(shortText, { examples: ['ada@example.com'] }),
})

/** A person by an identifier, or by the id of a profile. */
export const givenPerson = either(
  givenIdentifier,
  object({ id: described(shortText, { examples: ['p1042'] }) }),
)

/** A person in a list: who they are, without what they did. */
export const samplePerson = named(
  'SamplePerson',
  object({ profile: profileId, identifiers, traits: dictionary(personal(value)) }),
)

export const event = named(
  'TimelineEvent',
  object({
    event: described(text, { examples: ['Order Completed'] }),
    at: moment,
    source: described(text, { description: 'Id of the source that told it', examples: ['shop'] }),
    message_id: personal(text),
    properties: dictionary(personal(value)),
  }),
)

export const cause = described(oneOf('definition', 'identity', 'data', 'time'), {
  description: 'An edit of the segment, a merge or split, new facts, or time alone',
})

/** What a merge, split or undo would do, or a draft of identity.yaml. */
export const simulation = named(
  'IdentitySimulation',
  object({
    profilesBefore: count,
    profilesAfter: count,
    merged: described(count, { description: 'People who would become part of another one' }),
    split: described(count, { description: 'People who would come out of another one' }),
    segments: list(
      object({
        segment: text,
        before: described(count, { description: 'Members now' }),
        after: described(count, { description: 'Members then' }),
        changed: described(count, {
          description: 'Members who would get identifiers of others, or lose some',
        }),
        enters: described(count, { description: 'People who would come in' }),
        leaves: described(count, {
          description: 'People who would go: no member any more, or part of somebody else',
        }),
      }),
    ),
  }),
)

const yes: TypedSchema<true> = { const: true }
const no: TypedSchema<false> = { const: false }

/** Whether a refresh was asked for, so that a change takes effect. */
export const askedRefresh = either(
  object({ asked: yes, workflowId: text, runId: text }),
  object({ asked: no, reason: text }),
)

export const recorded = object({
  record: described(text, { description: 'Id of what was said, to take it back' }),
  refresh: askedRefresh,
})

export const identityRecord = named(
  'IdentityRecord',
  object(
    {
      id: text,
      kind: oneOf('merge', 'cut', 'split', 'undone'),
      identifiers: described(list(identifierName), {
        description: 'The two of a merge or cut; of a split the one that was cut off, then the others',
      }),
      undoes: described(text, { description: 'The record that this one takes back' }),
      undone: described(boolean, { description: 'It was taken back since' }),
      author: text,
      note: text,
      at: moment,
    },
    ['undoes'],
  ),
)

export const nullableMoment = nullable(moment)

/** Names and values of somebody else's own. */
export const anyValues = dictionary(json)
